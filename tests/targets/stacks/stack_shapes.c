/* flags: -pthread -g */
/* variants: nested recursive thread handler altstack vla */
/*
 * Stacks of known shapes, which end in stop_here(). With a second argument it stays there, for whoever looks at the stack:
 * it says "ready" first.
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static int stays;

void stop_here(void)
{
	if (!stays)
		return;
	say("ready");
	for (;;)
		pause();
}

static void inner(int x)
{
	stop_here();
	say("inner %d", x);
}

static void middle(int x)
{
	inner(x + 1);
}

static void outer(int x)
{
	middle(x + 1);
}

static void down(int left)
{
	if (left == 0)
		stop_here();
	else
		down(left - 1);
}

static void *thread_main(void *context)
{
	outer(1);
	return context;
}

static void handle(int signal)
{
	(void)signal;
	inner(0);
}

static void raise_in(int flags)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = flags };

	sigaction(SIGUSR1, &action, NULL);
	raise(SIGUSR1);
}

static void on_other_stack(void)
{
	stack_t stack = { .ss_sp = malloc(1 << 16), .ss_size = 1 << 16 };

	sigaltstack(&stack, NULL);
	raise_in(SA_ONSTACK);
	free(stack.ss_sp);
}

static void of_size(size_t bytes)
{
	volatile char array[bytes];

	array[0] = array[bytes - 1] = 1;
	outer(array[0]);
}

int main(int argc, char **argv)
{
	const char *shape = argc > 1 ? argv[1] : "nested";
	pthread_t thread;

	expect("calls stop_here 1");
	stays = argc > 2;
	if (strcmp(shape, "recursive") == 0) {
		down(40);
	} else if (strcmp(shape, "thread") == 0) {
		pthread_create(&thread, NULL, thread_main, NULL);
		pthread_join(thread, NULL);
	} else if (strcmp(shape, "handler") == 0) {
		raise_in(0);
	} else if (strcmp(shape, "altstack") == 0) {
		on_other_stack();
	} else if (strcmp(shape, "vla") == 0) {
		of_size(argc * 1000);
	} else {
		outer(0);
	}
	return 0;
}
