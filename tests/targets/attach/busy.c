/* flags: -pthread */
/*
 * Works until SIGUSR1 or SIGTERM, then tells what it has seen, a line for each thread:
 *
 *   NAME: ROUNDS rounds[, N EINTR][, N short][, N early][, N disturbed][, N late][, N wrong] (latest N.N ms)
 *
 * and exits with 0 only if nothing was wrong. Says "ready PID" once each thread has worked, and all have
 * done so for a while; faults before that are a fault of the machine or of this program, and told too.
 *
 * usage: busy [-j CALLERS] [-r HITS_A_SECOND] [-i IDLE_THREADS] [-w CONTROL_MS] [-b] [-c] [-k] [-x] [-l]
 *
 * -c: threads are created and end all the time; -k: so are forked children, -x: and programs. -r 0
 * is as many calls as go. -b: transfers are bigger and without a pause, so that a thread computes for
 * long in one call. -l: lateness is told and not judged.
 */
#include "tests/targets/attach/busy.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORKERS_MAX = 2048, STACK_BYTES = 256 * 1024 };

struct settings settings = { .callers = 8, .hits_a_second = 20000, .control_ms = 500 };
atomic_bool is_ending;

static struct worker *workers[WORKERS_MAX];
static unsigned worker_count;

int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * (int64_t)NS_PER_S + now.tv_nsec;
}

struct timespec timespec_of(int64_t time_ns)
{
	return (struct timespec){ time_ns / NS_PER_S, time_ns % NS_PER_S };
}

void pause_ns(int64_t duration_ns)
{
	struct timespec end = timespec_of(now_ns() + duration_ns);

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, NULL) == EINTR)
		continue;
}

struct worker *worker_add(const char *name, const void *kind)
{
	struct worker *worker = calloc(1, sizeof(*worker));

	if (worker == NULL || worker_count == WORKERS_MAX)
		abort();
	worker->tally.name = name;
	worker->kind = kind;
	worker->fds[0] = worker->fds[1] = -1;
	workers[worker_count++] = worker;
	return worker;
}

void worker_start(struct worker *worker, void *(*run)(void *))
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	errno = pthread_create(&worker->thread, &attributes, run, worker);
	if (errno != 0) {
		perror("busy: pthread_create");
		exit(2);
	}
	pthread_attr_destroy(&attributes);
}

void tally_wrong(struct tally *tally, int error)
{
	tally->wrong++;
	tally->last_error = error;
}

void tally_result(struct tally *tally, int error)
{
	tally->rounds++;
	if (error == EINTR)
		tally->eintr++;
	else if (error != 0)
		tally_wrong(tally, error);
}

/* Who is left alone falls asleep once in a wait; a stop by a tracer, too, is a sleep. */
void tally_timeout(struct tally *tally, int64_t wanted_ns, int64_t start_ns, long sleeps,
		   int64_t grain_ns)
{
	static const int64_t CLOCK_NS = 50000;
	int64_t late_ns = now_ns() - start_ns - wanted_ns;

	if (late_ns < -CLOCK_NS - grain_ns)
		tally->early++;
	late_ns -= grain_ns;
	if (sleeps > 1 && tally->disturbed_count < DISTURBED_MAX)
		tally->disturbed_late_ns[tally->disturbed_count++] = late_ns;
	else if (sleeps <= 1 && late_ns > tally->latest_ns)
		tally->latest_ns = late_ns;
}

static void *idle_run(void *argument)
{
	while (!atomic_load(&is_ending))
		pause_ns(200 * NS_PER_MS);
	return argument;
}

static void tell_count(unsigned long count, const char *what)
{
	if (count > 0)
		printf(", %lu %s", count, what);
}

/* How late the machine makes those whom nobody has touched. */
static int64_t machine_late_ns(void)
{
	int64_t latest_ns = 0;

	for (unsigned i = 0; i < worker_count; i++) {
		if (workers[i]->tally.latest_ns > latest_ns)
			latest_ns = workers[i]->tally.latest_ns;
	}
	return latest_ns;
}

/*
 * Waits that a tracer has stopped the thread in and that came late, by more than the machine is to blame
 * for: a timeout that begins anew shows by how much.
 */
static unsigned long tally_late(const struct tally *tally)
{
	enum { FACTOR = 10 }; /* a stop takes some turns of several processes */
	const int64_t allowed_ns = 10 * (int64_t)NS_PER_MS + FACTOR * machine_late_ns();
	unsigned long late = 0;

	for (unsigned i = 0; i < tally->disturbed_count; i++)
		late += tally->disturbed_late_ns[i] > allowed_ns;
	return late;
}

/* The tracer may have had to wait for a CPU itself, once; who does it wrong does it each time. */
static bool tally_is_late(const struct tally *tally)
{
	unsigned long late = tally_late(tally);

	return !settings.may_be_late && late > 2 && late > tally->disturbed_count / 2;
}

static bool tell_tally(const struct tally *tally)
{
	bool is_right = tally->eintr + tally->shorts + tally->early + tally->wrong == 0 &&
			!tally_is_late(tally);

	printf("%s: %lu rounds", tally->name, tally->rounds);
	tell_count(tally->eintr, "EINTR");
	tell_count(tally->shorts, "short");
	tell_count(tally->early, "early");
	tell_count(tally->disturbed_count, "disturbed");
	tell_count(tally_late(tally), "late");
	tell_count(tally->wrong, "wrong");
	if (tally->last_error != 0)
		printf(" (%s)", strerror(tally->last_error));
	if (tally->latest_ns > 0)
		printf(" (latest %.1f ms)", (double)tally->latest_ns / NS_PER_MS);
	printf("%s\n", is_right ? "" : " FAULT");
	return is_right;
}

static bool tell_all(void)
{
	bool is_right = true;

	for (unsigned i = 0; i < worker_count; i++) {
		if (workers[i]->kind == NULL) /* idle */
			continue;
		if (!tell_tally(&workers[i]->tally))
			is_right = false;
		if (workers[i]->tally.rounds == 0 && !workers[i]->has_given_up) {
			printf("%s: has done nothing FAULT\n", workers[i]->tally.name);
			is_right = false;
		}
	}
	printf(is_right ? "all is right\n" : "something is wrong\n");
	return is_right;
}

static void settings_read(int argc, char **argv)
{
	for (int letter; (letter = getopt(argc, argv, "j:r:i:w:bckxl")) != -1;) {
		switch (letter) {
		case 'j':
			settings.callers = (unsigned)atoi(optarg);
			break;
		case 'r':
			settings.hits_a_second = strtoul(optarg, NULL, 10);
			break;
		case 'i':
			settings.idle = (unsigned)atoi(optarg);
			break;
		case 'w':
			settings.control_ms = (unsigned)atoi(optarg);
			break;
		case 'b':
			settings.is_fast = true;
			break;
		case 'c':
			settings.churns = true;
			break;
		case 'k':
			settings.forks = true;
			break;
		case 'x':
			settings.execs = true;
			break;
		case 'l':
			settings.may_be_late = true;
			break;
		default:
			exit(2);
		}
	}
}

/* All but a thread's own signals are blocked, so that an EINTR is never an honest one. */
static void block_signals(void)
{
	sigset_t all;

	sigfillset(&all);
	sigdelset(&all, SIGTRAP);
	sigdelset(&all, SIGINT);
	sigprocmask(SIG_SETMASK, &all, NULL);
}

static bool all_have_worked(void)
{
	for (unsigned i = 0; i < worker_count; i++) {
		const struct worker *worker = workers[i];
		bool works = worker->kind != NULL && !worker->has_given_up;
		if (works && atomic_load(&worker->tally.rounds) == 0)
			return false;
	}
	return true;
}

int main(int argc, char **argv)
{
	sigset_t end;

	if (argc == 3 && strcmp(argv[1], "--work") == 0) {
		unsigned x = (unsigned)atoi(argv[2]);
		return work_outer(x) == reckon_outer(x) ? 11 : 12;
	}
	settings_read(argc, argv);
	block_signals();
	calls_start();
	timed_start();
	sleepers_start();
	transfers_start();
	signals_start();
	for (unsigned i = 0; i < settings.idle; i++)
		worker_start(worker_add("idle", NULL), idle_run);
	for (int i = 0; i < 100000 && !all_have_worked(); i++) /* who never does is told at the end */
		pause_ns(NS_PER_MS);
	pause_ns(settings.control_ms * (int64_t)NS_PER_MS);
	printf("ready %d\n", getpid());
	fflush(stdout);

	sigemptyset(&end);
	sigaddset(&end, SIGUSR1);
	sigaddset(&end, SIGTERM);
	while (sigwaitinfo(&end, NULL) < 0)
		continue;
	atomic_store(&is_ending, true);
	sleepers_end();
	for (unsigned i = 0; i < worker_count; i++) {
		if (!workers[i]->has_given_up)
			pthread_join(workers[i]->thread, NULL);
	}
	signals_end();
	return tell_all() ? 0 : 1;
}
