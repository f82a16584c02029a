/*
 * The running processes that a command line names (cli layer).
 */
#ifndef CLI_RECORD_ATTACH_TARGETS_H
#define CLI_RECORD_ATTACH_TARGETS_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/loop/state/session.h"

struct attach_targets { /* a zeroed one is empty */
	pid_t *pids;
	size_t count, capacity;
	char **command;	      /* of the first */
	struct job_rank rank; /* of all of them */
};

/* Adds the process that @text, a pid or a name, means. One that is there already is not added again. */
struct error *attach_targets_add(struct attach_targets *targets, const char *text) MUST_CHECK;
void attach_targets_deinit(struct attach_targets *targets);

/*
 * @session is to record them, of which there is one at least; it borrows them, and has their rank in place of ours. Their
 * launcher says it in the environment that each was executed with; where that must not be read, or they are of
 * several ranks, there is none. ERR_USAGE: several, and the output's name wants one.
 */
struct error *attach_targets_prepare(struct attach_targets *targets,
				     struct session_options *session) MUST_CHECK;

#endif
