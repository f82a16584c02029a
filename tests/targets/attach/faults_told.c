/* flags: -pthread */
/*
 * Faults, and signals with a value, again and again until SIGTERM, in some children: each handler looks at what its
 * signal tells.
 */
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

enum { VALUE = 4711, PAGE_BYTES = 4096, CHILDREN = 5 };

static char *page;
static volatile sig_atomic_t is_told_to_end;
static volatile long wrong, mended, queued;
static volatile int in_order;

static void mends(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_addr != page || info->si_code != SEGV_ACCERR)
		wrong++;
	mended++;
	mprotect(page, PAGE_BYTES, PROT_READ | PROT_WRITE);
}

static void takes_value(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_code != SI_QUEUE || info->si_value.sival_int != VALUE ||
	    info->si_pid != getpid())
		wrong++;
	queued++;
}

/* Several at once: in their order. */
static void takes_next(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	if (info->si_code != SI_QUEUE || info->si_value.sival_int != ++in_order)
		wrong++;
}

static void ends(int signal)
{
	(void)signal;
	is_told_to_end = 1;
}

static void sends_some(bool for_thread)
{
	sigset_t some, before;

	sigemptyset(&some);
	sigaddset(&some, SIGRTMIN + 1);
	sigprocmask(SIG_BLOCK, &some, &before);
	in_order = 0;
	for (int i = 1; i <= 4; i++) {
		if (for_thread)
			pthread_sigqueue(pthread_self(), SIGRTMIN + 1,
					 (union sigval){ .sival_int = i });
		else
			sigqueue(getpid(), SIGRTMIN + 1, (union sigval){ .sival_int = i });
	}
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (in_order != 4)
		wrong++;
}

/* Until it is told to end. */
static int meets_signals(void)
{
	const union sigval value = { .sival_int = VALUE };

	while (!is_told_to_end) {
		page[0] = 1;
		mprotect(page, PAGE_BYTES, PROT_NONE);
		sigqueue(getpid(), SIGUSR1, value);
		sends_some(mended % 2 == 0);
	}
	if (mended == 0 || queued == 0)
		wrong++;
	say("%ld of %ld wrong", wrong, mended + queued);
	return wrong != 0;
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = mends, .sa_flags = SA_SIGINFO };
	pid_t children[CHILDREN];
	int failed = 0;

	sigaction(SIGSEGV, &action, NULL);
	action.sa_sigaction = takes_value;
	sigaction(SIGUSR1, &action, NULL);
	action.sa_sigaction = takes_next;
	sigaction(SIGRTMIN + 1, &action, NULL);
	signal(SIGTERM, ends);
	page = mmap(NULL, PAGE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	for (int i = 0; i < CHILDREN; i++) {
		children[i] = fork();
		if (children[i] == 0)
			_exit(meets_signals());
	}
	say("ready");
	while (!is_told_to_end)
		pause();
	for (int i = 0; i < CHILDREN; i++) {
		int status = 0;
		kill(children[i], SIGTERM);
		failed += waitpid(children[i], &status, 0) != children[i] || status != 0;
	}
	return failed;
}
