/*
 * Starts the program to be traced (tracee layer).
 *
 * The child stands still until it has been seized, then executes the program. It is never
 * TRACEME'd, is stopped by no signal, and keeps the process group, session, terminal, signal mask
 * and limits that our caller gave us.
 */
#ifndef TRACEE_LAUNCH_H
#define TRACEE_LAUNCH_H

#include <pwd.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "tracer/base/error.h"

/* What we change in ourselves and the program must not inherit. */
struct launch_context {
	const struct passwd *user; /* run as this user; NULL: as ourselves. Borrowed */
	sigset_t signal_mask;
	struct sigaction pipe_action;  /* of SIGPIPE, which we ignore */
	struct sigaction child_action; /* of SIGCHLD, which must not be ignored if we are to wait */
	struct sigaction size_action;  /* of SIGXFSZ, which we ignore */
	struct rlimit file_limit;      /* RLIMIT_NOFILE, which we raise; the next one likewise */
	struct rlimit size_limit;      /* RLIMIT_FSIZE */
	/* What takes the place of the program's standard descriptors, in their order; 0: ours stay. */
	int standard_fds[3];
};

struct launch {
	pid_t pid;
	int go_fd;    /* written to when the child may exec */
	int error_fd; /* the child's errno when its exec failed; end of file when it did not */
};

/* Saves the caller's state into @ret, but for the user and the descriptors; call before changing any of it. */
void launch_context_save(struct launch_context *ret);

/* In a child that is about to execute something: the same again. Async-signal-safe. */
void launch_context_restore(const struct launch_context *context);

/* Forks. @argv is NULL-terminated; the program is looked up in PATH. */
struct error *launch_start(struct launch *ret, char *const argv[],
			   const struct launch_context *context) MUST_CHECK;

/* Lets the seized child exec. */
struct error *launch_exec(struct launch *launch) MUST_CHECK;

/* Instead of the two below: the child ends without having executed anything. */
void launch_abandon(struct launch *launch);

/*
 * After the child's exec or death: NULL when the program was started; ERR_NOT_FOUND or
 * ERR_NOT_EXEC when it could not be. Closes the descriptors.
 */
struct error *launch_finish(struct launch *launch, const char *program) MUST_CHECK;

#endif
