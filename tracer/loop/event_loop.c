/* Wait for events, drain waits, ticks; see event_loop.h. Loop layer. */
#include "tracer/loop/event_loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/base/retry.h"
#include "tracer/loop/attach/release.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/dispatch/let_go.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/forwarding.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/summary.h"
#include "tracer/loop/tick.h"

/* What has happened: bits, in the order in which it is dealt with. */
enum event {
	EVENT_SIGNAL = 1 << 0,
	EVENT_TICK = 1 << 1,
	EVENT_FRONT = 1 << 2, /* the front end has died */
	EVENT_TIMEOUT = 1 << 3,
};
enum { EVENT_COUNT = 4 };

struct event_loop {
	struct session *session;
	int epoll_fd; /* of the next four: asked a thousand times a second, poll(2) costs more */
	struct arrivals *arrivals;
	int signal_fd;
	int tick_fd;
	int timeout_fd; /* fires once; never, without a timeout */
	int front_fd;	/* pidfd of the front end; -1: none */
	bool has_stops; /* there may be wait results: each one comes with a SIGCHLD */
	bool wants_end;
	int ring_pause_ms; /* between two looks at what pads have recorded */
	struct forwarding forwarding;
};

static struct timespec timespec_of(int64_t time_ns)
{
	return (struct timespec){ time_ns / NS_PER_S, time_ns % NS_PER_S };
}

/* A timer that fires after @first_ns (0: never), then every @interval_ns (0: not again). */
static struct error *timer_create_fd(int64_t first_ns, int64_t interval_ns, int *ret_fd)
{
	const struct itimerspec timer = { timespec_of(interval_ns), timespec_of(first_ns) };

	unsigned tries = 0;

	do {
		*ret_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
		if (*ret_fd >= 0 && timerfd_settime(*ret_fd, 0, &timer, NULL) == 0)
			return NULL;
		int errnum = errno;
		if (*ret_fd >= 0)
			close(*ret_fd);
		errno = errnum;
	} while (retry_is_due(errno, &tries));
	*ret_fd = -1;
	return error_os(errno, "timerfd");
}

static void event_loop_deinit(struct event_loop *loop)
{
	const int fds[] = { loop->epoll_fd, loop->signal_fd, loop->tick_fd, loop->timeout_fd,
			    loop->front_fd };

	for (size_t i = 0; i < sizeof(fds) / sizeof(fds[0]); i++) {
		if (fds[i] >= 0)
			close(fds[i]);
	}
	free(loop->arrivals);
}

static struct error *event_loop_add(const struct event_loop *loop, int fd, enum event event)
{
	struct epoll_event entry = { .events = EPOLLIN, .data.u32 = event };

	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, fd, &entry) < 0)
		return error_os(errno, "epoll");
	return NULL;
}

/* The timer that fires once, after @after_ns (0: never). */
static struct error *event_loop_set_timeout(struct event_loop *loop, int64_t after_ns)
{
	if (loop->timeout_fd >= 0)
		close(loop->timeout_fd);
	struct error *err = timer_create_fd(after_ns, 0, &loop->timeout_fd);
	return err != NULL ? err : event_loop_add(loop, loop->timeout_fd, EVENT_TIMEOUT);
}

/*
 * What has killed the front end may be about to kill us, too, and that would hurt most in the middle of
 * the release. So the release begins a little later.
 */
static void event_loop_note_front_death(struct event_loop *loop)
{
	static const int64_t DELAY_NS = 100000000;

	close(loop->front_fd);
	loop->front_fd = -1;
	loop->session->is_orphaned = true;
	struct error *err = event_loop_set_timeout(loop, DELAY_NS);
	if (err == NULL)
		return;
	error_free(err);
	loop->wants_end = true;
}

static struct error *event_loop_init(struct event_loop *loop, struct session *session)
{
	sigset_t signals;

	const struct session_options *options = session->options;

	if (options->attached_count > 0)
		forwarding_signals(&signals);
	else
		forwarding_engine_signals(&signals);
	*loop = (struct event_loop){
		.session = session,
		.epoll_fd = -1,
		.signal_fd = -1,
		.tick_fd = -1,
		.timeout_fd = -1,
		.front_fd = -1,
		.ring_pause_ms = 1,
	};
	loop->arrivals = malloc(sizeof(*loop->arrivals));
	if (loop->arrivals == NULL)
		return error_no_memory();
	/* Without pidfds (before Linux 5.3) the front end's death is not noticed. */
	loop->front_fd = (int)syscall(SYS_pidfd_open, options->front_pid, 0);
	loop->signal_fd = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	struct error *err = NULL;
	if (loop->signal_fd < 0 || loop->epoll_fd < 0)
		err = error_os(errno, "signalfd, epoll");
	if (err == NULL)
		err = event_loop_add(loop, loop->signal_fd, EVENT_SIGNAL);
	if (err == NULL && loop->front_fd >= 0)
		err = event_loop_add(loop, loop->front_fd, EVENT_FRONT);
	/* Ticks lie on a fixed grid from now on; what is missed is not made up for. */
	if (err == NULL)
		err = timer_create_fd(options->interval_ns, options->interval_ns, &loop->tick_fd);
	sampler_start(&session->sampler, clock_now_ns(), options->interval_ns);
	if (err == NULL)
		err = event_loop_add(loop, loop->tick_fd, EVENT_TICK);
	if (err == NULL)
		err = event_loop_set_timeout(loop, options->timeout_ns);
	if (err == NULL && getppid() != options->front_pid) /* it died before its pidfd was there */
		event_loop_note_front_death(loop);
	return err;
}

/* The release must know where a thread stands whose stop has been fetched, and not been dealt with. */
static void leave_stopped(const struct session *session, const struct arrival *arrival)
{
	struct tracee *tracee = target_tracee(&session->target, arrival->stop.tid);

	if (tracee != NULL && arrival->is_waited)
		tracee->is_stopped = arrival->stop.kind != STOP_ENDED;
}

static struct error *handle_arrivals(struct event_loop *loop, struct error *err)
{
	struct session *session = loop->session;

	for (size_t i = 0; i < loop->arrivals->count; i++) {
		const struct arrival *arrival = &loop->arrivals->all[i];
		if (err != NULL) {
			leave_stopped(session, arrival);
			continue;
		}
		err = dispatch_stop(session, &arrival->stop,
				    arrival->is_waited ? &arrival->usage : NULL);
		if (err == NULL && arrival->stop.kind == STOP_TRAP)
			placement_stop(&session->placement, arrival->stop.tid);
	}
	return err;
}

/* As many as are fetched at once are dealt with before ticks and signals get their turn. */
static struct error *drain_stops(struct event_loop *loop)
{
	struct error *err = NULL;

	for (size_t handled = 0; err == NULL && loop->has_stops && handled < ARRIVALS_MAX;) {
		err = arrivals_fetch(loop->session, loop->arrivals);
		loop->has_stops = !loop->arrivals->is_all;
		handled += loop->arrivals->count;
		err = handle_arrivals(loop, err);
	}
	return err;
}

static void read_signals(struct event_loop *loop)
{
	struct signalfd_siginfo info[16];

	ssize_t got = read(loop->signal_fd, info, sizeof(info));
	for (ssize_t i = 0; i * (ssize_t)sizeof(info[0]) < got; i++) {
		if (info[i].ssi_signo == SIGCHLD)
			loop->has_stops = true;
		else if (forwarding_note(&loop->forwarding, loop->session, &info[i]))
			loop->wants_end = true;
	}
	/* That of a stop may be in the next batch. */
	loop->has_stops = loop->has_stops || loop->forwarding.count > 0;
}

static void read_ticks(struct event_loop *loop)
{
	uint64_t ticks;

	if (read(loop->tick_fd, &ticks, sizeof(ticks)) == sizeof(ticks))
		tick_run(loop->session, ticks);
}

static void time_out(struct event_loop *loop)
{
	struct session *session = loop->session;
	size_t cursor = 0;
	const struct process *process;
	uint64_t times;

	if (read(loop->timeout_fd, &times, sizeof(times)) != sizeof(times))
		return;
	bool kills = session->is_orphaned ? session->options->kills_on_exit
					  : session->options->kills_on_timeout;
	if (session->is_orphaned && !kills) {
		loop->wants_end = true;
		return;
	}
	if (!kills) {
		loop->wants_end = true;
		session->is_released = session->options->attached_count == 0;
		return;
	}
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		kill(process->pid, SIGKILL);
}

static struct error *event_loop_wait(struct event_loop *loop, int timeout_ms)
{
	struct epoll_event entries[EVENT_COUNT];
	unsigned events = 0, tries = 0;
	int count;

	do
		count = epoll_wait(loop->epoll_fd, entries, EVENT_COUNT, timeout_ms);
	while (count < 0 && retry_is_due(errno, &tries));
	if (count < 0)
		return error_os(errno, "epoll");
	for (int i = 0; i < count; i++)
		events |= entries[i].data.u32;
	if (events & EVENT_SIGNAL)
		read_signals(loop);
	if (events & EVENT_TICK) {
		placement_tick(&loop->session->placement);
		read_ticks(loop);
	}
	if (events & EVENT_FRONT)
		event_loop_note_front_death(loop);
	if (events & EVENT_TIMEOUT)
		time_out(loop);
	return NULL;
}

/*
 * Takes what pads have recorded. A pad whose ring is full waits for us in a stop: rings are looked at so often that
 * this is rare, and less and less often while there is nothing.
 */
static struct error *event_loop_look_at_rings(struct event_loop *loop)
{
	enum { PAUSE_MS_MOST = 64 };
	struct session *session = loop->session;
	size_t count;

	if (!session->has_rings)
		return NULL;
	struct error *err = ring_hits_take_all(session, &count);
	if (count > 0)
		loop->ring_pause_ms = 1;
	else if (loop->ring_pause_ms < PAUSE_MS_MOST)
		loop->ring_pause_ms *= 2;
	return err;
}

static int event_loop_patience_ms(const struct event_loop *loop)
{
	enum { LOOK_AGAIN_MS = 2 };

	if (loop->has_stops)
		return 0;
	if (calls_at_attach_are_wanted(loop->session))
		return LOOK_AGAIN_MS;
	return loop->session->has_rings ? loop->ring_pause_ms : -1;
}

struct error *event_loop_run(struct session *session)
{
	struct event_loop loop;

	struct error *err = event_loop_init(&loop, session);
	loop.has_stops = true;
	while (err == NULL && session->target.processes.count > 0 && !loop.wants_end) {
		if (loop.has_stops) {
			err = drain_stops(&loop);
			if (err == NULL && session->lets_go)
				let_go_run(session);
			if (session->is_mapped && !session->start_was_told)
				summary_tell_start(session);
			forwarding_pass(&loop.forwarding, session);
		}
		if (err == NULL && session->target.processes.count > 0)
			err = event_loop_wait(&loop, event_loop_patience_ms(&loop));
		if (err == NULL)
			err = event_loop_look_at_rings(&loop);
		if (!loop.has_stops && calls_at_attach_are_wanted(session))
			calls_at_attach_look(session);
	}
	if (session->target.tracees.count > 0)
		err = error_first(err, release_all(session));
	untraced_forget_all(session);
	event_loop_deinit(&loop);
	return err;
}

/* Threads that were forgotten in their sleep report to us until they are detached. */
static void drain_strays(struct session *session)
{
	struct arrival arrival;
	bool is_there;

	for (;;) {
		error_free(arrival_fetch(-1, false, &arrival, &is_there));
		if (!is_there)
			return;
		if (arrival.stop.kind != STOP_ENDED)
			release_stray(&arrival.stop);
		else if (arrival.stop.tid == session->main_pid)
			session->main_status = arrival.stop.status;
	}
}

void event_loop_wait_main(struct session *session)
{
	sigset_t signals;

	forwarding_signals(&signals);
	for (drain_strays(session); session->main_status < 0; drain_strays(session)) {
		siginfo_t info;
		int signal = sigwaitinfo(&signals, &info);
		if (signal > 0 && signal != SIGCHLD &&
		    !(info.si_code == SI_QUEUE && info.si_int == SIGNAL_FROM_TERMINAL))
			kill(session->main_pid, signal);
	}
}
