/* flags: -pthread */
/* variants: store abort illegal threads probed */
/*
 * A fault without a handler kills the first process of a PID namespace, too: at once, with that signal, from
 * its first thread, from another one, and in the instruction that a probe has displaced.
 */
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include "expect.h"

/* void stores_at_once(int *to) */
void stores_at_once(int *to);
__asm__(ASM_FUNCTION(stores_at_once) "	movl	$1, (%rdi)\n"
				     "	ret\n" ASM_END(stores_at_once));

static int leaf(int x)
{
	return x + 1;
}

static void *fault(void *how)
{
	if (strcmp(how, "abort") == 0)
		abort(); /* a first process ignores the SIGABRT; libc then executes what faults */
	if (strcmp(how, "illegal") == 0)
		__asm__ volatile("ud2");
	stores_at_once((int *)8);
	return NULL;
}

static void child_faults(char *how)
{
	const struct rlimit none = { 0, 0 };
	pthread_t thread;

	setrlimit(RLIMIT_CORE, &none);
	leaf(1);
	if (strcmp(how, "threads") == 0) {
		pthread_create(&thread, NULL, fault, how);
		pthread_join(thread, NULL);
	}
	fault(how);
	_exit(1);
}

int main(int argc, char **argv)
{
	char *how = argc > 1 ? argv[1] : "store";
	int status;

	if (unshare(CLONE_NEWPID) != 0) {
		say("no PID namespace may be made here");
		return 77;
	}
	expect("calls leaf 1");
	expect("in_children leaf 1");
	expect("processes 2");
	if (strcmp(how, "probed") == 0)
		expect("calls stores_at_once 1 exit");
	pid_t child = fork();
	if (child == 0)
		child_faults(how);
	waitpid(child, &status, 0);
	say("%s: ended by %d", how, WTERMSIG(status));
	return 0;
}
