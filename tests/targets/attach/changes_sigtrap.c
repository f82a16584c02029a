/* flags: -pthread */
/*
 * changes_sigtrap [THREADS]: sets a handler for SIGTRAP, meets it, has it reset, ignores and blocks the signal, all the
 * time and in turns, and looks each time whether the kernel does what was said; THREADS more compute meanwhile. SIGUSR1
 * ends it: 0 when all was as said.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { THREADS_MAX = 16 };

static volatile sig_atomic_t is_told;
static atomic_long met, wanted;

__attribute__((noinline)) void leaf(void)
{
	__asm__ volatile("");
}

__attribute__((noinline)) void work(void)
{
	for (int i = 0; i < 50; i++)
		leaf();
}

__attribute__((noinline)) void on_trap(int signal)
{
	(void)signal;
	leaf();
	atomic_fetch_add(&met, 1);
	leaf();
}

static void on_trap_again(int signal)
{
	on_trap(signal);
}

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

static void differs(const char *what, const char *when)
{
	printf("%s: %s\n", when, what);
	fflush(stdout);
	_exit(1);
}

static void say(void (*handler)(int), int flags)
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = flags };
	sigaction(SIGTRAP, &action, NULL);
}

/* There may be a handler of the tracer's in place of the default action. */
static void check(void (*handler)(int), const char *when)
{
	struct sigaction action;
	sigset_t mask;

	sigaction(SIGTRAP, NULL, &action);
	bool is_ours = action.sa_handler == on_trap || action.sa_handler == on_trap_again ||
		       action.sa_handler == SIG_IGN;
	if (action.sa_handler != handler && (handler != SIG_DFL || is_ours))
		differs("another action", when);
	sigprocmask(SIG_BLOCK, NULL, &mask);
	if (sigismember(&mask, SIGTRAP))
		differs("blocked", when);
}

static void meet(void)
{
	wanted++;
	raise(SIGTRAP);
}

static void turn(bool has_threads)
{
	sigset_t trap, pending;

	say(on_trap, 0);
	work();
	for (int i = 0; i < 5; i++) {
		meet();
		check(on_trap, "a handler");
	}
	say(on_trap_again, SA_NODEFER);
	meet();
	check(on_trap_again, "another handler");
	work();
	say(on_trap, SA_RESETHAND);
	meet();
	check(SIG_DFL, "a handler for once");
	work();
	if (!has_threads) { /* mprof-trace(1), CAVEATS */
		say(SIG_IGN, 0);
		raise(SIGTRAP);
		work();
		check(SIG_IGN, "ignored");
	}
	sigemptyset(&trap);
	sigaddset(&trap, SIGTRAP);
	say(on_trap, 0);
	sigprocmask(SIG_BLOCK, &trap, NULL);
	meet();
	work();
	sigpending(&pending);
	if (!sigismember(&pending, SIGTRAP))
		differs("not pending", "blocked");
	sigprocmask(SIG_UNBLOCK, &trap, NULL);
	say(SIG_DFL, 0);
	work();
	check(SIG_DFL, "the default");
	if (met != wanted)
		differs("met another number of times", "the handler");
}

static void *compute(void *argument)
{
	while (!is_told)
		work();
	return argument;
}

int main(int argc, char **argv)
{
	const int count = argc > 1 ? atoi(argv[1]) : 0;
	pthread_t threads[THREADS_MAX];

	signal(SIGUSR1, end);
	for (int i = 0; i < count && i < THREADS_MAX; i++)
		pthread_create(&threads[i], NULL, compute, NULL);
	puts("ready");
	fflush(stdout);
	while (!is_told)
		turn(count > 0);
	for (int i = 0; i < count && i < THREADS_MAX; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
