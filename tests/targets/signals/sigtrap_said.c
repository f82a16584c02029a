/* flags: -pthread */
/* variants: ignore signal raw_ignore raw_default raw_handler block raw_block block_then_ignore oneshot in_handler own_handler_masks inherited thread_blocks returned ignoring_threads inherited_threads */
/*
 * What is said of SIGTRAP, by libc or past it, is what the kernel has, also after probed calls: each
 * way, and then what the kernel and libc answer.
 */
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static volatile int handled, masked_in_handler;

static int leaf(int x)
{
	return x + 1;
}

static void handler(int signal)
{
	(void)signal;
	handled++;
}

static int is_blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGTRAP);
}

/* What libc and the kernel say of it, after a probed call each. */
static void report(const char *when)
{
	struct sigaction action;
	struct kernel_action kernel = { 0 };
	uint64_t mask = 0;

	leaf(1);
	sigaction(SIGTRAP, NULL, &action);
	leaf(1);
	syscall(SYS_rt_sigaction, SIGTRAP, NULL, &kernel, 8);
	leaf(1);
	syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, &mask, 8);
	leaf(1);
	say("%s: %s, %s, blocked %d %d", when,
	    action.sa_handler == SIG_IGN   ? "ignored"
	    : action.sa_handler == SIG_DFL ? "default"
	    : action.sa_handler == handler ? "handled"
					   : "other",
	    kernel.handler == action.sa_handler ? "the same" : "another", is_blocked(),
	    (int)(mask >> (SIGTRAP - 1) & 1));
}

static void raw_action(void (*wanted)(int))
{
	struct kernel_action action = { .handler = wanted }, known;

	/* libc's restorer serves. */
	signal(SIGUSR1, handler);
	syscall(SYS_rt_sigaction, SIGUSR1, NULL, &known, 8);
	if (wanted == handler) {
		action.flags = known.flags;
		action.restorer = known.restorer;
	}
	say("raw %ld", syscall(SYS_rt_sigaction, SIGTRAP, &action, NULL, 8));
}

static void raw_mask(int how)
{
	uint64_t mask = 1UL << (SIGTRAP - 1);

	say("raw %ld", syscall(SYS_rt_sigprocmask, how, &mask, NULL, 8));
}

static void block(int how)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTRAP);
	sigprocmask(how, &set, NULL);
}

/* Raises one: it is ignored, handled, or stays pending. */
static void raise_one(void)
{
	sigset_t pending;

	kill(getpid(), SIGTRAP);
	leaf(1);
	sigpending(&pending);
	say("pending %d, handled %d", sigismember(&pending, SIGTRAP), handled);
}

static void masking_handler(int signal)
{
	(void)signal;
	leaf(1);
	leaf(1);
	masked_in_handler += is_blocked();
}

static void nested_handler(int signal)
{
	(void)signal;
	handled++;
	leaf(1);
	if (handled == 1) {
		raise(SIGTRAP); /* blocked here: it comes when this handler has returned */
		leaf(1);
		say("nested handled %d", handled);
	}
}

static void *thread_blocks(void *argument)
{
	block(SIG_BLOCK);
	for (int i = 0; i < 50; i++)
		leaf(i);
	say("thread blocked %d", is_blocked());
	return argument;
}

static volatile int is_over;

static void *calls(void *argument)
{
	do
		leaf(1);
	while (!is_over);
	return argument;
}

/* Threads meet our traps while SIGTRAPs are sent that all of them ignore. */
static void ignore_with_threads(pthread_t threads[2])
{
	signal(SIGTRAP, SIG_IGN);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, calls, NULL);
	for (int i = 0; i < 200; i++) {
		kill(getpid(), SIGTRAP);
		leaf(i);
		raise(SIGTRAP);
	}
}

static void run(const char *way)
{
	pthread_t thread;

	if (strcmp(way, "ignore") == 0) {
		struct sigaction action = { .sa_handler = SIG_IGN };
		sigaction(SIGTRAP, &action, NULL);
	} else if (strcmp(way, "signal") == 0) {
		signal(SIGTRAP, SIG_IGN);
	} else if (strcmp(way, "raw_ignore") == 0) {
		raw_action(SIG_IGN);
	} else if (strcmp(way, "raw_default") == 0) {
		raw_action(SIG_IGN);
		leaf(1);
		raw_action(SIG_DFL);
		report("default");
		raw_action(SIG_IGN);
	} else if (strcmp(way, "raw_handler") == 0) {
		raw_action(handler);
		leaf(1);
		block(SIG_BLOCK);
	} else if (strcmp(way, "block") == 0) {
		block(SIG_BLOCK);
	} else if (strcmp(way, "raw_block") == 0) {
		signal(SIGTRAP, handler);
		raw_mask(SIG_BLOCK);
	} else if (strcmp(way, "block_then_ignore") == 0) {
		block(SIG_BLOCK);
		leaf(1);
		signal(SIGTRAP, SIG_IGN);
	} else if (strcmp(way, "oneshot") == 0) {
		struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESETHAND };
		sigaction(SIGTRAP, &action, NULL);
		raise(SIGTRAP);
		report("used up");
		sigaction(SIGTRAP, &action, NULL);
	} else if (strcmp(way, "in_handler") == 0) {
		struct sigaction action = { .sa_handler = masking_handler };
		sigfillset(&action.sa_mask);
		signal(SIGTRAP, handler);
		sigaction(SIGUSR1, &action, NULL);
		for (int i = 0; i < 5; i++)
			raise(SIGUSR1);
		say("masked in handler %d", masked_in_handler);
	} else if (strcmp(way, "own_handler_masks") == 0) {
		signal(SIGTRAP, nested_handler);
		raise(SIGTRAP);
		say("at last handled %d", handled);
		signal(SIGTRAP, handler);
	} else if (strcmp(way, "thread_blocks") == 0) {
		signal(SIGTRAP, handler);
		pthread_create(&thread, NULL, thread_blocks, NULL);
		for (int i = 0; i < 50; i++)
			leaf(i);
		pthread_join(thread, NULL);
	} else if (strcmp(way, "ignoring_threads") == 0) {
		pthread_t threads[2];
		ignore_with_threads(threads);
		is_over = 1;
		for (int i = 0; i < 2; i++)
			pthread_join(threads[i], NULL);
	} else if (strcmp(way, "returned") == 0) {
		leaf(1);
		say("was default %d", signal(SIGTRAP, SIG_IGN) == SIG_DFL);
		leaf(1);
		say("was ignored %d", signal(SIGTRAP, SIG_DFL) == SIG_IGN);
		leaf(1);
		say("was default %d", signal(SIGTRAP, handler) == SIG_DFL);
		leaf(1);
		say("was handled %d", signal(SIGTRAP, SIG_IGN) == handler);
	}
}

/* The program again, with SIGTRAP ignored by the one before, and blocked if that has no other threads. */
static void inherit(char **argv, int has_threads)
{
	pthread_t threads[2];
	char again[] = "again";
	char *const arguments[] = { argv[0], again, NULL };

	if (has_threads)
		ignore_with_threads(threads);
	raw_action(SIG_IGN);
	leaf(1);
	if (!has_threads)
		raw_mask(SIG_BLOCK);
	leaf(1);
	execv("/proc/self/exe", arguments);
	_exit(1);
}

int main(int argc, char **argv)
{
	(void)argc;
	if (strcmp(argv[1], "again") != 0)
		expect("probe leaf");
	if (strncmp(argv[1], "inherited", strlen("inherited")) == 0)
		inherit(argv, strcmp(argv[1], "inherited_threads") == 0);
	run(argv[1]);
	report("said");
	raise_one();
	raise_one();
	report("raised");
	return 0;
}
