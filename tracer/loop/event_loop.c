/* Wait for events, drain waits, ticks; see event_loop.h. Loop layer. */
#include "tracer/loop/event_loop.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/base/clock.h"
#include "tracer/loop/attach/release.h"
#include "tracer/loop/beat.h"
#include "tracer/loop/break_actions/breaks.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/dispatch.h"
#include "tracer/loop/dispatch/let_go.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/event_sources.h"
#include "tracer/loop/forwarding.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/overhead/overhead.h"
#include "tracer/loop/pace.h"
#include "tracer/loop/status_line.h"
#include "tracer/loop/summary.h"
#include "tracer/loop/tick.h"

/* A ring is full after some hundred microseconds of nothing but calls. */
static const int64_t RING_PAUSE_NS = 1000000, RING_PAUSE_NS_MOST = 64000000;

struct event_loop {
	struct session *session;
	struct event_sources sources;
	struct arrivals *arrivals;
	bool has_stops; /* there may be wait results: each one comes with a SIGCHLD */
	bool wants_end;
	int64_t ring_pause_ns; /* between two looks at what pads have recorded */
	struct pace pace;
	struct beat beat; /* on while the pace is fast */
	struct forwarding forwarding;
};

static void event_loop_deinit(struct event_loop *loop)
{
	beat_deinit(&loop->beat);
	event_sources_close(&loop->sources);
	free(loop->arrivals);
}

/*
 * What has killed the front end may be about to kill us, too, and that would hurt most in the middle of
 * the release. So the release begins a little later.
 */
static void event_loop_note_front_death(struct event_loop *loop)
{
	static const int64_t DELAY_NS = 100000000;

	event_sources_forget_front(&loop->sources);
	loop->session->is_orphaned = true;
	struct error *err = event_sources_set_timeout(&loop->sources, DELAY_NS);
	if (err == NULL)
		return;
	error_free(err);
	loop->wants_end = true;
}

static struct error *event_loop_init(struct event_loop *loop, struct session *session)
{
	const struct session_options *options = session->options;

	*loop = (struct event_loop){ .session = session,
				     .has_stops = true,
				     .ring_pause_ns = RING_PAUSE_NS };
	pace_init(&loop->pace, options->interval_ns);
	beat_init(&loop->beat);
	struct error *err = event_sources_open(&loop->sources, options);
	if (err == NULL && growth_fd(session->growth) >= 0)
		err = event_sources_watch(&loop->sources, growth_fd(session->growth), EVENT_GROWTH);
	sampler_start(&session->sampler, clock_now_ns(), options->interval_ns);
	loop->arrivals = calloc(1, sizeof(*loop->arrivals));
	if (err == NULL && loop->arrivals == NULL)
		err = error_no_memory();
	if (err == NULL && getppid() != options->front_pid) /* it died before its pidfd was there */
		event_loop_note_front_death(loop);
	return err;
}

/* Of two times, each of which may be -1, for ever. */
static int64_t shorter(int64_t one_ns, int64_t other_ns)
{
	if (one_ns < 0 || other_ns < 0)
		return one_ns < 0 ? other_ns : one_ns;
	return one_ns < other_ns ? one_ns : other_ns;
}

/*
 * How long we may wait before we look at what tells nobody when it has changed; -1: there is no such thing.
 * Whatever has to be looked at now and then has a line here, and one in event_loop_look_again.
 */
static int64_t event_loop_patience_ns(const struct event_loop *loop)
{
	static const int64_t STACKS_NS = 2000000;
	int64_t patience_ns = shorter(overhead_patience_ns(loop->session),
				      status_line_patience_ns(loop->session));

	if (calls_at_attach_are_wanted(loop->session) || loop->session->lets_go)
		patience_ns = shorter(patience_ns, STACKS_NS);
	return loop->session->has_rings ? shorter(patience_ns, loop->ring_pause_ns) : patience_ns;
}

/*
 * Takes what pads have recorded. A pad whose ring is full waits for us in a stop: rings are looked at so often that
 * this is rare, and less and less often while there is nothing.
 */
static struct error *event_loop_look_at_rings(struct event_loop *loop)
{
	size_t count;

	struct error *err = ring_hits_take_all(loop->session, &count);
	if (count > 0)
		loop->ring_pause_ns = RING_PAUSE_NS;
	else if (loop->ring_pause_ns < RING_PAUSE_NS_MOST)
		loop->ring_pause_ns *= 2;
	return err;
}

static struct error *event_loop_look_again(struct event_loop *loop)
{
	if (calls_at_attach_are_wanted(loop->session))
		calls_at_attach_look(loop->session);
	let_go_run(loop->session);
	status_line_look(loop->session);
	struct error *err = loop->session->has_rings ? event_loop_look_at_rings(loop) : NULL;
	return err != NULL ? err : overhead_look(loop->session);
}

/* Between two beats; one comes before our patience is at an end. */
static int64_t event_loop_beat_ns(const struct event_loop *loop)
{
	int64_t patience_ns = event_loop_patience_ns(loop);
	bool is_short = patience_ns > 0 && patience_ns < loop->pace.beat_ns;

	return is_short ? patience_ns : loop->pace.beat_ns;
}

/* From now on the loop blocks in wait4; without beats it may not. */
static void event_loop_hurry(struct event_loop *loop)
{
	int64_t beat_ns = event_loop_beat_ns(loop);
	int64_t tick_ns = event_sources_next_tick_ns(&loop->sources);

	/* Each tick that is due has a beat behind it. */
	int64_t first_ns = tick_ns % beat_ns > 0 ? tick_ns % beat_ns : beat_ns;
	if (!beat_start(&loop->beat, first_ns, beat_ns))
		pace_leave(&loop->pace);
	else
		loop->has_stops = true; /* there will be */
}

/*
 * From now on the loop blocks in epoll_wait. Stops that were fetched lately have left their SIGCHLD
 * behind, and one that is still to be fetched may have had it already: so it looks for stops first.
 */
static void event_loop_calm_down(struct event_loop *loop)
{
	pace_leave(&loop->pace);
	beat_stop(&loop->beat);
	loop->has_stops = true;
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

	if (loop->pace.is_fast && !arrivals_are_traps(loop->arrivals))
		event_loop_calm_down(loop); /* what follows may take a while, and needs no beats */
	for (size_t i = 0; i < loop->arrivals->count; i++) {
		const struct arrival *arrival = &loop->arrivals->all[i];
		if (err != NULL) {
			leave_stopped(session, arrival);
			continue;
		}
		charges_stop_begins(&session->charges);
		err = dispatch_stop(session, &arrival->stop,
				    arrival->is_waited ? &arrival->usage : NULL);
		charges_stop_ends(&session->charges);
		if (err == NULL && arrival->stop.kind == STOP_TRAP)
			placement_stop(&session->placement, arrival->stop.tid);
	}
	return err;
}

/* As many as are fetched at once are dealt with before ticks and signals get their turn. */
static struct error *drain_stops(struct event_loop *loop)
{
	struct error *err = NULL;
	size_t handled = 0;

	while (err == NULL && loop->has_stops && handled < ARRIVALS_MAX) {
		err = arrivals_fetch(loop->session, loop->arrivals);
		loop->has_stops = !loop->arrivals->is_all;
		handled += loop->arrivals->count;
		err = handle_arrivals(loop, err);
	}
	if (err == NULL && handled > 0 && loop->beat.is_there &&
	    pace_note(&loop->pace, (unsigned)handled, clock_now_ns()))
		event_loop_hurry(loop);
	return err;
}

/* The next stop, or a beat, is waited for. */
static struct error *await_stops(struct event_loop *loop)
{
	struct error *err = arrivals_await(loop->session, loop->arrivals);
	size_t count = loop->arrivals->count;

	pace_note(&loop->pace, (unsigned)count, 0);
	err = handle_arrivals(loop, err);
	if (count == 0 && !beat_is_there()) /* there is nobody to wait for */
		event_loop_calm_down(loop);
	return err;
}

static struct error *event_loop_take_stops(struct event_loop *loop)
{
	struct session *session = loop->session;

	struct error *err = loop->pace.is_fast ? await_stops(loop) : drain_stops(loop);
	if (err == NULL)
		breaks_run(session); /* threads are kept for it */
	if (err == NULL && session->lets_go)
		let_go_run(session);
	if (session->is_mapped && !session->start_was_told)
		summary_tell_start(session);
	forwarding_pass(&loop->forwarding, session);
	return err;
}

static void read_signals(struct event_loop *loop)
{
	struct signalfd_siginfo info[16];

	ssize_t got = read(loop->sources.signal_fd, info, sizeof(info));
	for (ssize_t i = 0; i * (ssize_t)sizeof(info[0]) < got; i++) {
		if (info[i].ssi_signo == SIGCHLD)
			loop->has_stops = true;
		else if (forwarding_note(&loop->forwarding, loop->session, &info[i])) {
			loop->wants_end = true;
			loop->session->end = SESSION_INTERRUPTED;
		}
	}
	/* That of a stop may be in the next batch. */
	loop->has_stops = loop->has_stops || loop->forwarding.count > 0;
}

static void read_ticks(struct event_loop *loop)
{
	uint64_t ticks = event_sources_read_timer(loop->sources.tick_fd);

	if (ticks > 0)
		tick_run(loop->session, ticks);
}

static void time_out(struct event_loop *loop)
{
	struct session *session = loop->session;
	size_t cursor = 0;
	const struct process *process;

	if (event_sources_read_timer(loop->sources.timeout_fd) == 0)
		return;
	bool kills = session->is_orphaned ? session->options->kills_on_exit
					  : session->options->kills_on_timeout;
	if (session->is_orphaned && !kills) {
		loop->wants_end = true;
		return;
	}
	if (!session->is_orphaned)
		session->end = SESSION_TIMED_OUT;
	if (!kills) {
		loop->wants_end = true;
		session->is_released = session->options->attached_count == 0;
		return;
	}
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		kill(process->pid, SIGKILL);
}

/* At all but stops: waits for it as long as there is nothing else to do. */
static struct error *event_loop_look(struct event_loop *loop)
{
	int64_t patience_ns = loop->has_stops ? 0 : event_loop_patience_ns(loop);
	unsigned events;

	struct error *err = event_sources_wait(&loop->sources, patience_ns, &events);
	if (err != NULL)
		return err;
	if (events & EVENT_SIGNAL)
		read_signals(loop);
	if (events & EVENT_TICK) {
		placement_tick(&loop->session->placement);
		read_ticks(loop);
	}
	if (events & EVENT_GROWTH)
		growth_take(loop->session);
	if (events & EVENT_FRONT)
		event_loop_note_front_death(loop);
	if (events & EVENT_TIMEOUT)
		time_out(loop);
	return !loop->has_stops || loop->pace.is_fast ? event_loop_look_again(loop) : NULL;
}

/* Whether to look at all but stops now. While they come fast, once a beat. */
static bool event_loop_is_due(struct event_loop *loop)
{
	if (!loop->pace.is_fast)
		return true;
	if (!beat_has_come())
		return false;
	if (!pace_beat(&loop->pace))
		event_loop_calm_down(loop);
	else if (loop->beat.period_ns != event_loop_beat_ns(loop))
		event_loop_hurry(loop);
	return true;
}

static bool event_loop_goes_on(const struct event_loop *loop)
{
	bool is_anybody = loop->session->target.processes.count > 0;

	return (is_anybody || breaks_wait(loop->session)) && !loop->wants_end;
}

struct error *event_loop_run(struct session *session)
{
	struct event_loop loop;

	struct error *err = event_loop_init(&loop, session);
	while (err == NULL && event_loop_goes_on(&loop)) {
		if (loop.has_stops)
			err = event_loop_take_stops(&loop);
		if (err == NULL && event_loop_goes_on(&loop) && event_loop_is_due(&loop))
			err = event_loop_look(&loop);
		if (err == NULL)
			breaks_run(session);
		/* What follows needs to know that there are no more stops, for now. */
		if (loop.pace.is_fast && (session->lets_go || loop.forwarding.count > 0))
			event_loop_calm_down(&loop);
	}
	beat_stop(&loop.beat);
	growth_end(session);
	breaks_end(session);
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
		error_free(arrival_fetch(session, -1, ARRIVAL_NOW, &arrival, &is_there));
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
