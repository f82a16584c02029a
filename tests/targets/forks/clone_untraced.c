/* variants: copy vfork shared shared_vfork by_clone by_clone3 two */
/*
 * Children that are hidden from every tracer (CLONE_UNTRACED) call probed functions: with a copy of the
 * memory or in the same, made by syscall, by libc's clone, by clone3.
 */
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

enum { STACK_BYTES = 64 * 1024 };

static int leaf(int x)
{
	return x + 1;
}

static int child(void *argument)
{
	int x = *(int *)argument;

	for (int i = 0; i < 4; i++)
		x = leaf(x);
	_exit(x);
}

/* Its own stack, as it shares the memory: by libc's clone, which puts the function there. */
static long start_by_clone(unsigned long flags, int *x)
{
	char *stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	return clone(child, stack + STACK_BYTES, (int)flags, x);
}

/* Only with a copy of the memory: the child returns from the call as the parent does. */
static long start(unsigned long flags, int *x)
{
	long pid = syscall(SYS_clone, flags, 0, 0, 0, 0);

	if (pid == 0)
		child(x);
	return pid;
}

static long start_by_clone3(unsigned long flags, int *x)
{
	struct clone_args arguments = { .flags = flags, .exit_signal = SIGCHLD };
	long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));

	if (pid == 0)
		child(x);
	return pid;
}

static void wait_for(const char *what, long pid)
{
	int status = 0;

	if (pid < 0 || waitpid((pid_t)pid, &status, __WALL) != pid)
		say("%s: not made", what);
	else
		say("%s: signal %d, status %d", what, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
		    WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "copy";
	int children = strcmp(way, "two") == 0 ? 2 : 1, x = 1;

	expect("calls leaf %d", 2 + 4 * children);
	expect("in_children leaf %d", 4 * children);
	expect("processes %d", 1 + children);
	x = leaf(x);
	if (strcmp(way, "copy") == 0)
		wait_for(way, start(CLONE_UNTRACED | SIGCHLD, &x));
	else if (strcmp(way, "vfork") == 0)
		wait_for(way, start(CLONE_UNTRACED | CLONE_VFORK | SIGCHLD, &x));
	else if (strcmp(way, "shared") == 0)
		wait_for(way, start_by_clone(CLONE_UNTRACED | CLONE_VM | SIGCHLD, &x));
	else if (strcmp(way, "shared_vfork") == 0)
		wait_for(way, start_by_clone(CLONE_UNTRACED | CLONE_VM | CLONE_VFORK | SIGCHLD, &x));
	else if (strcmp(way, "by_clone") == 0)
		wait_for(way, start_by_clone(CLONE_UNTRACED | SIGCHLD, &x));
	else if (strcmp(way, "by_clone3") == 0)
		wait_for(way, start_by_clone3(CLONE_UNTRACED, &x));
	else
		for (int i = 0; i < children; i++)
			wait_for(way, start(CLONE_UNTRACED | SIGCHLD, &x));
	say("x %d", leaf(x));
	return 0;
}
