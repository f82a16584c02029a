/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Processes that are watched from outside; see command.h. Api layer. */
#include "tracer/api/command.h"

#include <errno.h>
#include <poll.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tracer/base/clock.h"

struct error *command_start(char *const words[], pid_t *ret)
{
	int errnum = posix_spawnp(ret, words[0], NULL, NULL, words, environ);

	if (errnum == 0)
		return NULL;
	struct error *err = error_os(errnum, "run %s", words[0]);
	if (errnum != ENOENT && errnum != ENOTDIR && errnum != EACCES && errnum != ENOEXEC &&
	    errnum != EISDIR && errnum != ELOOP)
		return err;
	struct error *told = error_new(errnum == ENOENT ? ERR_NOT_FOUND : ERR_NOT_EXEC, "%s",
				       error_message(err));
	error_free(err);
	return told;
}

bool command_wait(pid_t pid, bool is_ending, int *ret_status)
{
	enum { BY_SIGNAL = 128 };
	int status;
	pid_t got;

	do
		got = waitpid(pid, &status, is_ending ? 0 : WNOHANG);
	while (got < 0 && errno == EINTR);
	*ret_status = -1;
	if (got == 0)
		return false;
	if (got == pid)
		*ret_status =
			WIFSIGNALED(status) ? BY_SIGNAL + WTERMSIG(status) : WEXITSTATUS(status);
	return true;
}

int process_end_open(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

bool process_end_wait(int end_fd, int64_t until_ns)
{
	struct pollfd end = { .fd = end_fd, .events = POLLIN };
	int64_t left_ns = until_ns - clock_now_ns();
	int ready = 0;

	while (ready == 0 && left_ns > 0) {
		const struct timespec left = { left_ns / NS_PER_S, left_ns % NS_PER_S };
		ready = ppoll(&end, 1, &left, NULL);
		if (ready < 0 && errno == EINTR)
			ready = 0;
		left_ns = until_ns - clock_now_ns();
	}
	return ready > 0;
}
