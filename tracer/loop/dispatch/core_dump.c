/* Leads threads out of what is ours before a core is dumped; see core_dump.h. Loop layer. */
#include "tracer/loop/dispatch/core_dump.h"

#include <signal.h>
#include <time.h>

#include "tracer/base/clock.h"
#include "tracer/loop/dispatch/arrivals.h"
#include "tracer/loop/dispatch/resume.h"
#include "tracer/loop/hit/hit.h"
#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/* No longer than this for threads to stop, and for the kernel to kill them; but those that wait for a CPU need one. */
static const int64_t PATIENCE_NS = 2 * NS_PER_S, PATIENCE_FOR_CPU_NS = 30 * NS_PER_S;
static const struct timespec round_pause = { 0, 100000 };

static bool is_core_signal(int signal)
{
	switch (signal) { /* signal(7) */
	case SIGQUIT:
	case SIGILL:
	case SIGTRAP:
	case SIGABRT:
	case SIGBUS:
	case SIGFPE:
	case SIGSEGV:
	case SIGXCPU:
	case SIGXFSZ:
	case SIGSYS:
		return true;
	default:
		return false;
	}
}

/* With its default action: the first process of a PID namespace does not die of that. */
static bool is_fatal(const struct tracee *tracee, int signal)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	bool is = err == NULL && !state.is_init &&
		  !signal_set_has(state.caught | state.ignored, signal);
	error_free(err);
	return is;
}

/* Also one that is in a stop already: what follows that must not run away. @lives: see struct dump_state. */
static void ask_to_stop(struct tracee *tracee, bool with_sleepers, bool lives)
{
	struct dump_state *dump = &tracee->state->dump;
	struct thread_look now;

	if (tracee->is_stopped || tracee->is_exiting || tracee->is_listening ||
	    tracee->transfer != NULL || tracee->remote_call != NULL)
		return;
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &now);
	dump->has_stopped = err == NULL && now.activity == THREAD_STOPPED;
	if (err == NULL && (with_sleepers || dump->has_stopped || now.activity == THREAD_RUNNING)) {
		dump->lives = lives;
		err = ptrace_interrupt(tracee->tid);
		dump->is_awaited = tracee->is_interrupted = err == NULL;
	}
	error_free(err);
}

/* What the stop was asked for. The pc of one that will die becomes one that it could run on from. */
static struct error *hold(struct session *session, struct tracee *tracee)
{
	const bool lives = tracee->state->dump.lives;

	if (hit_is_pending(tracee)) /* its SIGTRAP's stop is next, and then there is another one */
		return ptrace_cont(tracee->tid, 0);
	tracee->is_stopped = true;
	tracee->is_interrupted = false;
	tracee->state->dump = (struct dump_state){ .is_held = true, .lives = lives };
	struct error *err = ring_hits_take(session, tracee);
	return error_first(err, lives ? hit_hide_interrupt(tracee) : hit_leave_slot(tracee, 0));
}

/*
 * The stop of @tracee was fetched together with the one that is dealt with now, and waits to be dealt with itself:
 *
 *   we                                  a thread            another
 *                                       meets a trap        stops for the signal
 *   fetch both stops
 *   deal with the signal's
 *
 * A core would show it behind the trap, where the function's first instruction seems to have run.
 */
static struct error *show_fetched(struct tracee *tracee)
{
	const bool lives = tracee->state->dump.lives;

	tracee->state->dump.is_awaited = false;
	struct error *err = hit_show_site(tracee, lives);
	if (err == NULL && !lives)
		err = hit_leave_slot(tracee, 0);
	return error_ignore(err, ERR_GONE);
}

/* Deals with what @tracee reports. *@ret_is_news: it has reported something, and may be gone. */
static struct error *look_for_stop(struct session *session, struct tracee *tracee,
				   bool *ret_is_news)
{
	struct dump_state *dump = &tracee->state->dump;
	struct arrival arrival;

	struct error *err = arrival_fetch(session, tracee->tid, ARRIVAL_NOW, &arrival, ret_is_news);
	if (err != NULL)
		return err;
	const bool was_fetched = !*ret_is_news && dump->has_stopped;
	dump->has_stopped = false;
	if (!*ret_is_news)
		return was_fetched ? show_fetched(tracee) : NULL;
	if (arrival.stop.kind == STOP_EVENT)
		return error_ignore(hold(session, tracee), ERR_GONE);
	return session->deal_with_stop(session, &arrival.stop, &arrival.usage);
}

/* One that is kept in another stop reports nothing more. */
static bool is_waited_for(const struct tracee *tracee)
{
	return tracee->state->dump.is_awaited && !tracee->is_exiting && !tracee->is_listening &&
	       !tracee->is_stopped;
}

/* Looks at each thread of @process that is awaited, until one has news. *@ret_count: how many are still awaited. */
static struct error *look_at_awaited(struct session *session, const struct process *process,
				     bool *ret_is_news, size_t *ret_count)
{
	struct error *err = NULL;

	*ret_count = 0;
	*ret_is_news = false;
	for (struct tracee *it = process->threads; err == NULL && it != NULL && !*ret_is_news;
	     it = it->next) {
		if (!is_waited_for(it))
			continue;
		++*ret_count;
		err = look_for_stop(session, it, ret_is_news);
	}
	return err;
}

/* Nobody waits for it any more; should it live, it runs on. */
static void let_run(struct tracee *tracee)
{
	struct dump_state *dump = &tracee->state->dump;

	if (dump->is_held)
		error_free(dispatch_resume(tracee, 0));
	*dump = (struct dump_state){ .is_held = false };
}

/*
 * Whether one of those that are awaited can still stop; when it @is_late, if only it ran. A thread whose vfork child has its
 * memory cannot, before that child is done; and that may be in a stop, which waits for us.
 */
static bool may_stop(const struct process *process, bool is_late)
{
	struct thread_look now;

	for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
		if (!is_waited_for(it))
			continue;
		struct error *err = thread_look(process->pid, it->tid, &now);
		const bool is_there = err == NULL;
		error_free(err);
		if (is_late ? is_there && now.activity == THREAD_RUNNING
			    : !is_there || !thread_waits_for_vfork(&now))
			return true;
	}
	return false;
}

static bool is_patient(const struct process *process, int64_t waited_ns)
{
	return waited_ns < PATIENCE_FOR_CPU_NS && may_stop(process, waited_ns >= PATIENCE_NS);
}

static struct error *await_stops(struct session *session, pid_t pid)
{
	const int64_t start_ns = clock_now_ns();
	const struct process *process;
	struct error *err = NULL;
	size_t count = 1;
	bool is_news;

	while (err == NULL && count > 0 &&
	       (process = target_process(&session->target, pid)) != NULL &&
	       is_patient(process, clock_now_ns() - start_ns)) {
		err = look_at_awaited(session, process, &is_news, &count);
		if (err == NULL && count > 0 && !is_news)
			nanosleep(&round_pause, NULL);
	}
	return err;
}

struct error *core_dump_begin(struct session *session, struct tracee *tracee, int signal,
			      bool *ret_dumps)
{
	struct process *process = tracee->process;
	const pid_t pid = process->pid;

	*ret_dumps = false;
	if (!is_core_signal(signal) || process->thread_count < 2 || process->space == NULL ||
	    process->space->image == NULL || process->state->dump.is_under_way ||
	    !is_fatal(tracee, signal))
		return NULL;
	process->state->dump.is_under_way = true;
	*ret_dumps = true;
	struct error *err = pads_give_up(process, "the program dumps core");
	for (struct tracee *it = process->threads; it != NULL; it = it->next)
		ask_to_stop(it, false, false);
	return error_first(err, await_stops(session, pid));
}

struct error *core_dump_hold(struct session *session, pid_t pid, bool with_sleepers)
{
	const struct process *process = target_process(&session->target, pid);

	if (process == NULL || process->state->dump.is_under_way)
		return NULL;
	process->state->dump.is_under_way = true;
	for (struct tracee *it = process->threads; it != NULL; it = it->next)
		ask_to_stop(it, with_sleepers, true);
	return await_stops(session, pid);
}

void core_dump_let_run(const struct session *session, pid_t pid)
{
	const struct process *process = target_process(&session->target, pid);

	if (process == NULL)
		return;
	for (struct tracee *it = process->threads; it != NULL; it = it->next)
		let_run(it);
	process->state->dump.is_under_way = false;
}

/* All but @but have been killed when this is 0. */
static size_t count_waiting(const struct process *process, pid_t but)
{
	size_t count = 0;

	for (const struct tracee *it = process->threads; it != NULL; it = it->next)
		count += it->tid != but && !it->is_exiting && ptrace_is_stopped_alive(it->tid);
	return count;
}

void core_dump_end(const struct session *session, pid_t pid, pid_t tid)
{
	const struct process *process = target_process(&session->target, pid);
	const int64_t start_ns = clock_now_ns();

	if (process == NULL)
		return;
	while (count_waiting(process, tid) > 0 && clock_now_ns() - start_ns < PATIENCE_NS)
		nanosleep(&round_pause, NULL);
	core_dump_let_run(session, pid);
}
