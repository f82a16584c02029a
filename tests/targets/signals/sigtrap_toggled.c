/* flags: -pthread */
/* variants: libc raw once sent forks executes */
/*
 * A program ignores SIGTRAP, handles it and leaves it to the default in turns, by libc or past it, while other threads
 * are at breakpoints all the time: none of them loses the signal of its own. What libc and the kernel answer is what
 * was said last, in a child and behind an exec as well; and no SIGTRAP that is ignored comes to a handler.
 */
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "expect.h"

enum { THREADS = 3, TURNS = 150, CHILD_TURNS = 15 };

struct kernel_action {
	void (*handler)(int);
	unsigned long flags;
	void (*restorer)(void);
	uint64_t mask;
};

static atomic_int is_over, handled, differences;
static int is_raw, is_sent;

static int leaf(int x)
{
	return x + 1;
}

static void handler(int signal)
{
	(void)signal;
	if (!is_sent) /* a trap in it makes the kernel reset the action, for a moment (mprof-trace(1), CAVEATS) */
		leaf(1);
	atomic_fetch_add(&handled, 1);
}

/* All but how a handler returns, which is libc's business. */
static void set(void (*wanted)(int), int flags, struct sigaction *old)
{
	struct sigaction action = { .sa_handler = wanted, .sa_flags = flags };
	struct kernel_action kernel = { wanted, (unsigned)flags, NULL, 0 }, before;

	sigaddset(&action.sa_mask, SIGUSR2);
	kernel.mask = 1UL << (SIGUSR2 - 1);
	if (!is_raw || wanted == handler) {
		sigaction(SIGTRAP, &action, old);
		return;
	}
	syscall(SYS_rt_sigaction, SIGTRAP, &kernel, old == NULL ? NULL : &before, 8);
	if (old == NULL)
		return;
	old->sa_handler = before.handler;
	old->sa_flags = (int)before.flags;
	memcpy(&old->sa_mask, &before.mask, sizeof(before.mask));
}

static void differs(const char *what)
{
	if (atomic_fetch_add(&differences, 1) == 0)
		say("%s", what);
}

static void is_said(void (*wanted)(int), int flags, const struct sigaction *found, const char *when)
{
	const int those = SA_RESTART | SA_NODEFER;

	if (found->sa_handler != wanted)
		differs(when);
	else if ((found->sa_flags & those) != flags)
		differs("other flags");
	else if (!sigismember(&found->sa_mask, SIGUSR2))
		differs("another mask");
}

static void asked(void (*wanted)(int), int flags, const char *when)
{
	struct kernel_action kernel = { 0 };
	struct sigaction action = { 0 };

	sigaction(SIGTRAP, NULL, &action);
	is_said(wanted, flags, &action, when);
	syscall(SYS_rt_sigaction, SIGTRAP, NULL, &kernel, 8);
	if (kernel.handler != wanted || kernel.mask != 1UL << (SIGUSR2 - 1))
		differs("the kernel says another action");
}

/* Ignored, it comes to nobody; handled, it does. */
static void turn(int has_old)
{
	struct sigaction old;
	const int before = handled;

	set(SIG_IGN, SA_RESTART, has_old ? &old : NULL);
	leaf(1);
	raise(SIGTRAP);
	kill(getpid(), SIGTRAP);
	asked(SIG_IGN, SA_RESTART, "no longer ignored");
	if (handled != before)
		differs("handled, but ignored");
	set(handler, SA_NODEFER, has_old ? &old : NULL);
	if (has_old)
		is_said(SIG_IGN, SA_RESTART, &old, "was not ignored");
	raise(SIGTRAP);
	if (handled != before + 1)
		differs("not handled");
	asked(handler, SA_NODEFER, "no longer handled");
	set(SIG_IGN, SA_RESTART, &old);
	is_said(handler, SA_NODEFER, &old, "was not handled");
	set(SIG_DFL, 0, has_old ? &old : NULL);
	if (has_old)
		is_said(SIG_IGN, SA_RESTART, &old, "was not ignored before the default");
	asked(SIG_DFL, 0, "not the default");
}

static void *calls(void *argument)
{
	while (!is_over)
		leaf(1);
	return argument;
}

static void *sends(void *argument)
{
	while (!is_over) {
		kill(getpid(), SIGTRAP);
		leaf(1);
	}
	return argument;
}

/* SIGTRAPs come at any time: there is no moment at which one would be the program's end. */
static void turn_while_sent(void)
{
	struct sigaction old;

	set(handler, SA_RESTART, &old);
	is_said(SIG_IGN, SA_RESTART, &old, "was not ignored");
	leaf(1);
	set(SIG_IGN, SA_RESTART, &old);
	is_said(handler, SA_RESTART, &old, "was not handled");
	asked(SIG_IGN, SA_RESTART, "no longer ignored");
}

/* What a child has of its parent, and a program of the one before. */
static void inherit(const char *way)
{
	char again[] = "again", path[] = "/proc/self/exe";
	char *const arguments[] = { path, again, NULL };
	int status = 0;

	set(SIG_IGN, SA_RESTART, NULL);
	const pid_t child = fork();
	if (child == 0 && strcmp(way, "executes") == 0) {
		execv(path, arguments);
		_exit(2);
	}
	if (child == 0) {
		asked(SIG_IGN, SA_RESTART, "no longer ignored in a child");
		leaf(1);
		raise(SIGTRAP);
		asked(SIG_IGN, SA_RESTART, "no longer ignored in a child, after a call");
		_exit(differences);
	}
	waitpid(child, &status, 0);
	if (status != 0)
		differs("a child has found another action");
	set(SIG_DFL, 0, NULL);
}

static int is_ignored_again(void)
{
	struct sigaction action;

	raise(SIGTRAP);
	sigaction(SIGTRAP, NULL, &action);
	leaf(1);
	raise(SIGTRAP);
	return action.sa_handler == SIG_IGN;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS + 1];
	const char *way = argc > 1 ? argv[1] : "libc";
	int count = THREADS;

	if (strcmp(way, "again") == 0)
		return !is_ignored_again();
	expect("probe leaf");
	is_raw = strcmp(way, "raw") == 0;
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, calls, NULL);
	is_sent = strcmp(way, "sent") == 0;
	if (is_sent) {
		set(SIG_IGN, SA_RESTART, NULL);
		pthread_create(&threads[count++], NULL, sends, NULL);
		for (int i = 0; i < TURNS; i++)
			turn_while_sent();
	} else if (strcmp(way, "forks") == 0 || strcmp(way, "executes") == 0) {
		for (int i = 0; i < CHILD_TURNS; i++)
			inherit(way);
	} else if (strcmp(way, "once") == 0) {
		set(SIG_IGN, SA_RESTART, NULL);
	} else {
		for (int i = 0; i < TURNS; i++)
			turn(i % 2);
	}
	is_over = 1;
	for (int i = 0; i < count; i++)
		pthread_join(threads[i], NULL);
	/* Alone again. */
	leaf(1);
	if (strcmp(way, "once") == 0)
		asked(SIG_IGN, SA_RESTART, "no longer ignored when alone");
	say("differences %d", differences);
	return 0;
}
