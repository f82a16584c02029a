/*
 * A function whose calls are all short, until one is not. With an argument it calls until SIGUSR1, the last call being one that
 * lasts until SIGUSR2: asleep, or computing ("computes"). See tests/e2e/attach/attach_kept_back.sh.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include "expect.h"

enum { CALLS = 3000 };

static volatile sig_atomic_t is_told;
static int64_t longest_ns; /* of the calls so far */

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static void note(int number)
{
	(void)number;
	is_told = true;
}

static void sleep_until(int number)
{
	sigset_t awaited;

	sigemptyset(&awaited);
	sigaddset(&awaited, number);
	sigwait(&awaited, &number);
}

static void compute_until(int number)
{
	sigset_t pending;

	do
		sigpending(&pending);
	while (!sigismember(&pending, number));
}

void step(void (*lasts_until)(int));
void step(void (*lasts_until)(int))
{
	if (lasts_until == NULL)
		return;
	const int64_t since_ns = now_ns();
	while (now_ns() - since_ns <= 4 * longest_ns) /* so that it is not one of many */
		continue;
	say("inside");
	lasts_until(SIGUSR2);
}

int main(int argc, char **argv)
{
	sigset_t blocked;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	signal(SIGUSR1, note);
	if (argc == 1) {
		expect("calls step %d", CALLS);
		for (int i = 0; i < CALLS; i++)
			step(NULL);
		return 0;
	}
	void (*lasts_until)(int) = strcmp(argv[1], "computes") == 0 ? compute_until : sleep_until;
	say("ready");
	bool is_last;
	do { /* from one place: a new caller would be noticed by a stop */
		is_last = is_told;
		const int64_t since_ns = now_ns();
		step(is_last ? lasts_until : NULL);
		const int64_t lasted_ns = now_ns() - since_ns;
		longest_ns = longest_ns < lasted_ns ? lasted_ns : longest_ns;
	} while (!is_last);
	return 0;
}
