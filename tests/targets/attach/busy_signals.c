/* Signals between threads, numbered, and timers that signal; none may get lost or come twice. See busy.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "tests/targets/attach/busy.h"

enum { PENDING_MAX = 50, TIMER_NS = 5 * NS_PER_MS, PROFILE_US = 5000 };

static struct worker *senders[2];
static atomic_ulong received[2], sent[2], disordered;
static atomic_ulong profile_ticks, threads_known, stopped_sending;
static struct worker *numbers; /* what came; it has no thread */
static _Thread_local int own_index;
static struct disorder {
	unsigned long wanted;
	siginfo_t found;
} first_disorder;

/* Real-time signals come in the order in which they were sent (signal(7)). */
static void on_number(int signal, siginfo_t *info, void *context)
{
	unsigned long number = atomic_fetch_add(&received[own_index], 1);

	(void)signal;
	(void)context;
	if ((unsigned long)info->si_value.sival_int != number &&
	    atomic_fetch_add(&disordered, 1) == 0)
		first_disorder = (struct disorder){ number, *info };
	if (work_middle((unsigned)number) != ((unsigned)(number * 3 + 1) ^ (unsigned)(number * 3 + 4)))
		atomic_fetch_add(&disordered, 1);
}

static void on_profile(int signal)
{
	(void)signal;
	atomic_fetch_add(&profile_ticks, 1);
	work_leaf(1);
}

static void unblock(int signal)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, signal);
	pthread_sigmask(SIG_UNBLOCK, &set, NULL);
}

static void wait_for_count(const atomic_ulong *count, unsigned long wanted)
{
	for (int i = 0; i < 30000 && atomic_load(count) < wanted; i++)
		pause_ns(NS_PER_MS);
}

/* Two threads that send each other numbers, work, and sleep. */
static void *sender_run(void *argument)
{
	struct worker *worker = argument;
	int other = worker == senders[0];

	own_index = !other;
	unblock(SIGRTMIN + 1);
	if (other) /* one of the two takes the profiling signals, too */
		unblock(SIGPROF);
	wait_for_count(&threads_known, 2);
	while (!atomic_load(&is_ending)) {
		union sigval value = { .sival_int = (int)sent[other] };
		if (sent[other] - atomic_load(&received[other]) < PENDING_MAX) {
			if (pthread_sigqueue(worker->other->thread, SIGRTMIN + 1, value) != 0)
				tally_wrong(&worker->tally, EAGAIN);
			else
				sent[other]++;
		}
		unsigned x = (unsigned)worker->tally.rounds++;
		if (work_outer(x) != reckon_outer(x))
			tally_wrong(&worker->tally, 0);
		pause_ns(2 * NS_PER_MS);
	}
	/* Neither ends before the other has stopped sending and all has come. */
	atomic_fetch_add(&stopped_sending, 1);
	wait_for_count(&stopped_sending, 2);
	wait_for_count(&received[own_index], atomic_load(&sent[own_index]));
	pause_ns(5 * NS_PER_MS); /* and perhaps one too many */
	return argument;
}

/* A timer's signal, waited for: with the overruns there are as many as the time allows. */
static void *timer_run(void *argument)
{
	struct worker *worker = argument;
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGRTMIN + 2 };
	const struct itimerspec every = { timespec_of(TIMER_NS), timespec_of(TIMER_NS) };
	int64_t ticks = 0;
	timer_t timer;
	sigset_t set;

	event._sigev_un._tid = gettid();
	sigemptyset(&set);
	sigaddset(&set, SIGRTMIN + 2);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
		tally_wrong(&worker->tally, errno);
		return argument;
	}
	int64_t start_ns = now_ns();
	timer_settime(timer, 0, &every, NULL);
	int64_t started_ns = now_ns(), asked_ns = started_ns, told_ns = started_ns;
	while (!atomic_load(&is_ending)) {
		siginfo_t info;
		int64_t before_ns = now_ns();
		if (sigwaitinfo(&set, &info) != SIGRTMIN + 2) {
			tally_result(&worker->tally, errno);
			continue;
		}
		asked_ns = before_ns;
		told_ns = now_ns();
		int64_t due_ns = start_ns + (ticks + 1) * TIMER_NS;
		ticks += 1 + info.si_overrun;
		worker->tally.rounds++;
		if (told_ns < due_ns - 50000)
			worker->tally.early++;
	}
	/* The last signal was taken between these two moments, with all that had come by then. */
	int64_t least = (asked_ns - started_ns) / TIMER_NS - 2;
	int64_t most = (told_ns - start_ns) / TIMER_NS;
	if (ticks < least || ticks > most) {
		printf("%lld ticks came and not %lld to %lld\n", (long long)ticks,
		       (long long)least, (long long)most);
		worker->tally.wrong++;
	}
	timer_delete(timer);
	return argument;
}

void signals_start(void)
{
	static const char KIND[] = "signals";
	struct sigaction number = { .sa_sigaction = on_number, .sa_flags = SA_SIGINFO };
	struct sigaction profile = { .sa_handler = on_profile, .sa_flags = SA_RESTART };
	const struct itimerval every = { { 0, PROFILE_US }, { 0, PROFILE_US } };

	sigaction(SIGRTMIN + 1, &number, NULL);
	sigaction(SIGPROF, &profile, NULL);
	senders[0] = worker_add("signals to another thread", KIND);
	senders[1] = worker_add("signals back", KIND);
	senders[0]->other = senders[1];
	senders[1]->other = senders[0];
	worker_start(senders[0], sender_run);
	worker_start(senders[1], sender_run);
	atomic_store(&threads_known, 2);
	numbers = worker_add("signals as they came", KIND);
	numbers->has_given_up = true;
	worker_start(worker_add("timer_create", KIND), timer_run);
	setitimer(ITIMER_PROF, &every, NULL);
}

void signals_end(void)
{
	struct tally *tally = &numbers->tally;

	tally->rounds = received[0] + received[1];
	tally->wrong = disordered;
	for (int i = 0; i < 2; i++) {
		if (sent[i] != received[i]) {
			printf("%lu signals were sent and %lu came\n", sent[i], received[i]);
			tally->wrong++;
		}
	}
	if (disordered > 0)
		printf("signal %lu came as number %d of pid %d with si_code %d\n",
		       first_disorder.wanted, first_disorder.found.si_value.sival_int,
		       first_disorder.found.si_pid, first_disorder.found.si_code);
	printf("SIGPROF: %lu\n", profile_ticks);
}
