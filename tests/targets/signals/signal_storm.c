/*
 * SIGALRM a millisecond after the last one while a probed function is called: each handler's saved pc
 * lies in code that the program mapped itself, and all calls are counted. usage: signal_storm [CALLS]
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

#include "expect.h"

enum { MOST_RANGES = 64 };

static unsigned long from[MOST_RANGES], to[MOST_RANGES];
static int ranges;
static volatile unsigned long handled, strange;

static void read_own_code(void)
{
	char line[512];
	FILE *maps = fopen("/proc/self/maps", "r");
	while (maps != NULL && fgets(line, sizeof(line), maps) != NULL && ranges < MOST_RANGES) {
		char access[8];
		char path[256] = "";
		if (sscanf(line, "%lx-%lx %7s %*s %*s %*s %255s", &from[ranges], &to[ranges],
			   access, path) < 3)
			continue;
		/* Anonymous code is not this program's. */
		if (strchr(access, 'x') != NULL && path[0] != '\0')
			ranges++;
	}
	if (maps != NULL)
		fclose(maps);
}

/* From now, not at an interval: where handling one takes longer than that, nothing else would go on. */
static void set_timer(void)
{
	const struct itimerval soon = { .it_value = { .tv_usec = 1000 } };
	setitimer(ITIMER_REAL, &soon, NULL);
}

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	set_timer();
	unsigned long pc = (unsigned long)((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP];
	handled++;
	for (int i = 0; i < ranges; i++) {
		if (pc >= from[i] && pc < to[i])
			return;
	}
	strange++;
}

static unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static unsigned calls_leaf(unsigned x)
{
	return leaf(x) + 1;
}

int main(int argc, char **argv)
{
	int calls = argc > 1 ? atoi(argv[1]) : 5000;
	expect("calls leaf %d", calls);
	expect("calls calls_leaf %d", calls);
	expect("levels leaf 1 1");
	read_own_code();
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO | SA_RESTART };
	sigaction(SIGALRM, &action, NULL);
	set_timer();
	unsigned x = 1;
	for (int i = 0; i < calls; i++)
		x = calls_leaf(x);
	while (handled < 5)
		pause();
	signal(SIGALRM, SIG_IGN);
	say("result %u, pcs outside the program's code: %lu", x, strange);
	return 0;
}
