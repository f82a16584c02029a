/*
 * Names of outputs with fields (job layer): `-o 'run.%j/%r.dat'`.
 */
#ifndef JOB_OUTPUT_NAME_H
#define JOB_OUTPUT_NAME_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/job/job_rank.h"

/* Who writes the output. */
struct output_writer {
	pid_t pid;		     /* of the program */
	const struct job_rank *rank; /* borrowed; NULL: nothing is known of a job */
	bool is_alone;		     /* no other rank writes by the same pattern */
};

/*
 * Replaces the fields of @pattern:
 *
 *   %r  the rank; %4r: with zeros in front, to 4 digits      %p  the pid
 *   %j  the job        %n  the node        %h  this host's name
 *   %q{NAME}  the environment variable NAME                  %%  a percent sign
 *
 * A '/' in a job's or a node's name becomes '_'. Where there may be other ranks and @pattern has none of %r, %p and
 * %q, the rank stands before the name's last '.', so that each has a name of its own; but of a writer that is alone. *@ret is returned owned. Fails
 * with ERR_USAGE on any other field, and on one whose value is not known: two processes of a parallel program must not
 * silently share a file.
 */
struct error *output_name_expand(const char *pattern, const struct output_writer *writer,
				 char **ret) MUST_CHECK;

/* It has a field, other than %%. */
bool output_name_has_fields(const char *pattern);
/* It has %r. */
bool output_name_has_rank(const char *pattern);

/*
 * The folder that the outputs of all ranks are in, or folders of theirs: what stands before the first '/' behind which ranks
 * differ. Returned owned. As output_name_expand otherwise; NULL is the default name, of the current directory.
 */
struct error *output_name_folder(const char *pattern, const struct output_writer *writer,
				 char **ret) MUST_CHECK;

/* "run.dat" with @text before its last '.': "run@text.dat". Returned owned; NULL: no memory. */
char *output_name_insert(const char *name, const char *text);

#endif
