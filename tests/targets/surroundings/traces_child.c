/* flags: -pthread */
/* variants: traceme vfork seize attach thread raw unused */
/*
 * A small debugger: its child asks to be traced (in a memory of its own, or in its parent's), or is seized or
 * attached to; "thread" does it from a second thread, "raw" past libc's ptrace. "unused" only could: it never calls ptrace(2), but a
 * function of its own with that part in its name. Calls up to the first ptrace(2) are recorded; and all of
 * "unused".
 */
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

static const char *kind;

int before(int x)
{
	return x + 1;
}

int my_ptrace(int x)
{
	return x + 2;
}

static int is_kind(const char *name)
{
	return strcmp(kind, name) == 0;
}

static void child(void)
{
	if (!is_kind("vfork"))
		before(1);
	if (is_kind("seize") || is_kind("attach")) {
		raise(SIGSTOP); /* until it is traced */
		_exit(before(4));
	}
	if ((is_kind("raw") ? syscall(SYS_ptrace, PTRACE_TRACEME, 0, NULL, NULL)
			    : ptrace(PTRACE_TRACEME, 0, NULL, NULL)) != 0)
		_exit(100 + errno);
	execl("/bin/true", "true", (char *)NULL);
	_exit(127);
}

/* What kind of stop it is, for the comparison of runs. */
static int told(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, __WALL | WUNTRACED) != pid)
		return -errno;
	return status;
}

static void *debug(void *unused)
{
	before(2);
	pid_t pid = is_kind("vfork") ? vfork() : fork();
	if (pid == 0)
		child();
	say("first stop %x", told(pid));
	if (is_kind("seize") || is_kind("attach")) {
		int request = is_kind("seize") ? PTRACE_SEIZE : PTRACE_ATTACH;
		say("request %d", ptrace(request, pid, NULL, NULL) == 0 ? 0 : errno);
		kill(pid, SIGCONT);
	}
	for (int stops = 0; stops < 10; stops++) {
		int status = is_kind("seize") || is_kind("attach") || stops > 0 ? told(pid) : 0;
		if (stops > 0 && (WIFEXITED(status) || WIFSIGNALED(status))) {
			say("end %x", status);
			break;
		}
		ptrace(PTRACE_CONT, pid, NULL, NULL);
	}
	return unused;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	(void)argc;
	kind = argv[1];
	if (is_kind("unused")) {
		expect("calls before 2");
		expect("calls my_ptrace 1");
		pid_t pid = fork();
		if (pid == 0)
			_exit(before(3));
		say("child %x", told(pid));
		return my_ptrace(before(5)) == 8 ? 0 : 1;
	}
	expect("calls before %d any", is_kind("vfork") ? 1 : 2);
	if (!is_kind("thread")) {
		debug(NULL);
		return 0;
	}
	pthread_create(&thread, NULL, debug, NULL);
	pthread_join(thread, NULL);
	return 0;
}
