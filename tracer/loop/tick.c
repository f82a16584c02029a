/* One tick; see tick.h. Loop layer. */
#include "tracer/loop/tick.h"

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/calls/calls_at_attach.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/loop/lines/line_tables.h"
#include "tracer/loop/memory/sampling.h"
#include "tracer/loop/python/python_attach.h"
#include "tracer/loop/stacks/entry_stacks.h"
#include "tracer/loop/growth/growth.h"
#include "tracer/loop/stacks/peak_stacks.h"

/* Said once: a single time another process may have had the CPU. */
static void tick_tell_stretched(struct session *session)
{
	enum { IN_A_ROW = 5 };
	const struct tick_grid *ticks = &session->sampler.grid;
	const struct metric_traits *traits = metric_traits(session->options->metric);
	const double ms = 1e6;

	if (session->stretch_was_told || ticks->stretches < IN_A_ROW)
		return;
	session->stretch_was_told = true;
	size_t count = session->target.processes.count;
	log_warning("reading the %s of %zu process%s takes %.3g ms, more than a quarter of the "
		    "interval of %.3g ms: a sample is taken every %.3g ms instead; take a longer "
		    "--interval%s",
		    traits->title, count, count == 1 ? "" : "es", (double)ticks->cost_ns / ms,
		    (double)ticks->interval_ns / ms,
		    (double)(ticks->to_skip + 1) * (double)ticks->interval_ns / ms,
		    traits->is_expensive ? ", or --backend rss, which is read in microseconds"
					 : "");
}

void tick_run(struct session *session, uint64_t passed)
{
	int64_t now_ns = clock_now_ns();

	if (!tick_grid_pass(&session->sampler.grid, passed, now_ns))
		return;
	if (session->is_started)
		sampling_take_all(session, true);
	untraced_tick(session);
	tick_grid_spend(&session->sampler.grid, clock_now_ns() - now_ns);
	tick_tell_stretched(session);
	calls_growth_tick(session);
	growth_tick(session);
	if (!session->is_waiting && peak_stacks_look(session)) {
		growth_settle(session);
		peak_stacks_tick(session);
	}
	entry_stacks_tick(session);
	calls_at_attach_look(session);
	python_attach_look(session);
	calls_note_open(session);
	line_tables_write_if_due(session, now_ns);
	/* What is refused at its start leaves no file, and an older one as it was. */
	if (!session->options->is_strict || (session->is_mapped && !session->is_refused))
		recorder_flush_if_due(session->recorder, now_ns);
}
