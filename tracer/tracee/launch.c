/* Starts the program to be traced; see launch.h. Tracee layer. */
#include "tracer/tracee/launch.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/base/retry.h"

void launch_context_save(struct launch_context *ret)
{
	sigprocmask(SIG_SETMASK, NULL, &ret->signal_mask);
	sigaction(SIGPIPE, NULL, &ret->pipe_action);
	sigaction(SIGCHLD, NULL, &ret->child_action);
	sigaction(SIGXFSZ, NULL, &ret->size_action);
	getrlimit(RLIMIT_NOFILE, &ret->file_limit);
	getrlimit(RLIMIT_FSIZE, &ret->size_limit);
}

void launch_context_restore(const struct launch_context *context)
{
	setrlimit(RLIMIT_NOFILE, &context->file_limit);
	setrlimit(RLIMIT_FSIZE, &context->size_limit);
	sigaction(SIGXFSZ, &context->size_action, NULL);
	sigaction(SIGPIPE, &context->pipe_action, NULL);
	sigaction(SIGCHLD, &context->child_action, NULL);
	sigprocmask(SIG_SETMASK, &context->signal_mask, NULL);
}

static bool become_user(const struct passwd *user)
{
	return initgroups(user->pw_name, user->pw_gid) == 0 && setgid(user->pw_gid) == 0 &&
	       setuid(user->pw_uid) == 0;
}

/* Runs in the child; async-signal-safe calls only. */
static void launch_child(char *const argv[], const struct launch_context *context, int go_fd,
			 int error_fd)
{
	char go;
	ssize_t got;

	do
		got = read(go_fd, &go, 1);
	while (got < 0 && errno == EINTR);
	if (got != 1) /* our side has died: start nothing that is not traced */
		_exit(125);
	launch_context_restore(context);
	for (int i = 0; i < 3; i++) {
		if (context->standard_fds[i] > 0)
			dup2(context->standard_fds[i], i);
	}
	if (context->user == NULL || become_user(context->user))
		execvp(argv[0], argv);
	int errnum = errno;
	ssize_t written = write(error_fd, &errnum, sizeof(errnum));
	(void)written;
	_exit(127);
}

struct error *launch_start(struct launch *ret, char *const argv[],
			   const struct launch_context *context)
{
	int go[2], failed[2];

	if (pipe2(go, O_CLOEXEC) < 0)
		return error_os(errno, "pipe");
	if (pipe2(failed, O_CLOEXEC) < 0) {
		struct error *err = error_os(errno, "pipe");
		close(go[0]);
		close(go[1]);
		return err;
	}
	pid_t pid = fork();
	if (pid == 0) {
		close(go[1]);
		launch_child(argv, context, go[0], failed[1]);
	}
	struct error *err = pid < 0 ? error_os(errno, "fork") : NULL;
	close(go[0]);
	close(failed[1]);
	if (err != NULL) {
		close(go[1]);
		close(failed[0]);
		return err;
	}
	*ret = (struct launch){ pid, go[1], failed[0] };
	return NULL;
}

struct error *launch_exec(struct launch *launch)
{
	unsigned tries = 0;

	while (write(launch->go_fd, "g", 1) != 1) {
		if (!retry_is_due(errno, &tries))
			return error_os(errno, "start the program");
	}
	return NULL;
}

void launch_abandon(struct launch *launch)
{
	close(launch->error_fd);
	close(launch->go_fd);
	waitpid(launch->pid, NULL, 0);
}

struct error *launch_finish(struct launch *launch, const char *program)
{
	unsigned tries = 0;
	int errnum = 0;
	ssize_t got;

	do
		got = read(launch->error_fd, &errnum, sizeof(errnum));
	while (got < 0 && retry_is_due(errno, &tries));
	close(launch->error_fd);
	close(launch->go_fd);
	if (got != sizeof(errnum))
		return NULL;
	if (errnum == ENOENT || errnum == ENOTDIR)
		return error_new(ERR_NOT_FOUND, "%s: %s", program, strerror(errnum));
	return error_new(ERR_NOT_EXEC, "%s cannot be executed: %s", program, strerror(errnum));
}
