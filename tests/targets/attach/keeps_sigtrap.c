/* flags: -pthread */
/*
 * keeps_sigtrap WAY: what it has said of SIGTRAP (ignored, blocked, handled, all of these) is what the kernel
 * has, whoever comes and goes, asked past libc again and again; at the end only, where another thread's
 * trap may just have reset it (late). It computes, or else (sleeps) sleeps in between. SIGUSR1 ends it, 1
 * if it was not so.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRAP_BIT (1UL << (SIGTRAP - 1))

struct state {
	unsigned long blocked, ignored, caught;
};

static volatile sig_atomic_t is_told;
static int differed, sleeps, is_late;

long work_leaf(long x)
{
	return x + 1;
}

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

static void handler(int signal)
{
	(void)signal;
}

static struct state state_read(void)
{
	struct state state = { 0 };
	char line[256];
	FILE *file = fopen("/proc/thread-self/status", "r");

	while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
		sscanf(line, "SigBlk: %lx", &state.blocked);
		sscanf(line, "SigIgn: %lx", &state.ignored);
		sscanf(line, "SigCgt: %lx", &state.caught);
	}
	if (file != NULL)
		fclose(file);
	state.blocked &= TRAP_BIT;
	state.ignored &= TRAP_BIT;
	state.caught &= TRAP_BIT;
	return state;
}

static void *keep(void *argument)
{
	const struct state before = state_read();
	long x = 0;

	for (int is_last = 0; !is_last;) {
		is_last = is_told;
		x = work_leaf(x);
		if (sleeps)
			usleep(500);
		if (is_late && !is_last)
			continue;
		struct state now = state_read();
		if (memcmp(&now, &before, sizeof(now)) != 0 &&
		    __atomic_fetch_add(&differed, 1, __ATOMIC_RELAXED) == 0)
			dprintf(1, "%s: blocked %d, ignored %d, caught %d\n", (char *)argument,
				now.blocked != 0, now.ignored != 0, now.caught != 0);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "ignored";
	sigset_t trap;
	pthread_t thread;
	char main_name[] = "main", other_name[] = "other";

	signal(SIGUSR1, end);
	sleeps = strstr(way, "sleeps") != NULL;
	is_late = strstr(way, "late") != NULL;
	if (strstr(way, "ignored") != NULL)
		signal(SIGTRAP, SIG_IGN);
	if (strstr(way, "handled") != NULL)
		signal(SIGTRAP, handler);
	sigemptyset(&trap);
	sigaddset(&trap, SIGTRAP);
	if (strstr(way, "blocked") != NULL)
		pthread_sigmask(SIG_BLOCK, &trap, NULL);
	if (strstr(way, "threads") != NULL)
		pthread_create(&thread, NULL, keep, other_name);
	dprintf(1, "ready\n");
	keep(main_name);
	if (strstr(way, "threads") != NULL)
		pthread_join(thread, NULL);
	return differed != 0;
}
