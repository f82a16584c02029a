/* The budget of --max-overhead; see overhead.h. Loop layer. */
#include "tracer/loop/overhead/overhead.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/overhead/dropped_sites.h"
#include "tracer/loop/overhead/machine_costs.h"
#include "tracer/loop/overhead/overhead_decision.h"
#include "tracer/probe/jump/summing.h"
#include "tracer/probe/return_site.h"

enum { PERCENT_BYTES = 32 };

/* Between two looks. */
static const int64_t LOOK_NS = 100000000;
/* Between two looks at what waits for returns: sooner at first, since each hit there may be a stop. */
static const int64_t REST_NS = 10000000, REST_NS_MOST = 640000000;

static bool is_asked_for(const struct session *session)
{
	return session->options->max_overhead > 0;
}

void overhead_begin(struct session *session)
{
	if (!is_asked_for(session))
		return;
	session->charges.are_kept = true;
	machine_costs_measure(&session->charges.costs,
			      session->options->probe_mode != PROBE_BREAKPOINT);
	session->overhead.started_ns = clock_now_ns();
}

void overhead_deinit(struct session *session)
{
	charges_deinit(&session->charges);
	free(session->overhead.acts);
}

int64_t overhead_patience_ns(const struct session *session)
{
	return is_asked_for(session) ? session->overhead.has_rest ? REST_NS : LOOK_NS : -1;
}

static void take_cpu_times(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		charges_cpu_time(&session->charges, process);
}

static void begin_window(struct session *session, int64_t now_ns)
{
	take_cpu_times(session);
	charges_begin_window(&session->charges);
	session->overhead.since_ns = now_ns;
}

/* What is no probe's. */
static int64_t other_cost_ns(const struct charges *charges)
{
	return charges->other_ns + (int64_t)charges->other_pads_ns;
}

static struct overhead_times weigh(const struct session *session, int64_t now_ns)
{
	const struct charges *charges = &session->charges;
	struct overhead_times times = {
		.wall_ns = now_ns - session->overhead.since_ns,
		.cpu_ns = charges->cpu_ns,
		.stops_cpu_ns = (int64_t)charges->stops * charges->costs.stop_cpu_ns,
		.pads_ns = (int64_t)charges->other_pads_ns,
		.cost_ns = other_cost_ns(charges),
	};

	for (size_t i = 0; i < charges->count; i++) {
		int64_t pads_ns;
		times.cost_ns += charges_cost_ns(charges, charges->probes[i], &pads_ns);
		times.pads_ns += pads_ns;
	}
	return times;
}

/* Which of the probes that have cost something could have their calls summed up. */
static void find_summable(struct session *session)
{
	size_t cursor = 0;
	const struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		size_t at = 0;
		struct site *site;
		if (process->space == NULL || process->space->image == NULL)
			continue;
		struct image *image = process->space->image;
		while ((site = addr_map_next(&image->sites, &at)) != NULL) {
			if (!(site->roles & SITE_ENTRY) || site->probe == NULL ||
			    site->probe->cost.window != session->charges.window ||
			    site->patch.pad == NULL)
				continue;
			entry_site_scan(image, site);
			site->probe->cost.may_be_summed |= image_may_sum(image, site);
		}
	}
}

static struct error *note_act(struct session *session, const struct overhead_item *item,
			      int64_t now_ns)
{
	struct overhead_state *state = &session->overhead;
	struct probe *probe = item->owner;
	struct error *err = array_reserve(&state->acts, &state->act_capacity, state->act_count + 1,
					  sizeof(*state->acts));

	if (err != NULL)
		return err;
	state->acts[state->act_count++] = (struct overhead_act){
		.probe = probe,
		.is_drop = item->verdict == OVERHEAD_DROP,
		.time_ns = now_ns,
		.share = item->share,
		.calls = probe->hits,
	};
	return NULL;
}

static struct error *act(struct session *session, const struct overhead_item *item, int64_t now_ns)
{
	struct probe *probe = item->owner;

	struct error *err = note_act(session, item, now_ns);
	if (err != NULL)
		return err;
	if (item->verdict == OVERHEAD_SUM_UP) {
		log_debug("calls of %s are summed up from now on: they cost too much", probe->name);
		probe->is_summed = true;
		recorder_condense(session->recorder, probe->name);
		return NULL;
	}
	log_debug("%s is not probed any more: it costs too much", probe->name);
	probe_set_drop(&session->planner.probes, probe);
	recorder_left(session->recorder, probe->name, now_ns, probe->hits);
	session->overhead.has_rest = true;
	session->overhead.rest_next_ns = 0;
	session->overhead.rest_pause_ns = REST_NS;
	return NULL;
}

/* Of what cost @share now, what counts: it cost as much in the window before as well. */
static double steady(double share, double before)
{
	return share < before ? share : before;
}

/*
 * Whether its calls are recorded by jumps, mostly, which could sum them up. What that costs the program most may be that
 * its threads wait, with their rings full, until we have taken what is in them: that ends, too.
 */
static bool may_sum(const struct probe *probe)
{
	const struct probe_cost *cost = &probe->cost;

	return cost->records > 2 * cost->stops && cost->sums == 0 && !probe->is_summed &&
	       cost->may_be_summed;
}

/* The probes that have cost something in both windows. */
static size_t gather(struct session *session, int64_t own_ns, struct overhead_item *items)
{
	const struct charges *charges = &session->charges;
	size_t count = 0;

	for (size_t i = 0; i < charges->count; i++) {
		struct probe *probe = charges->probes[i];
		struct probe_cost *cost = &probe->cost;
		int64_t pads_ns, cost_ns = charges_cost_ns(charges, probe, &pads_ns);
		const double share = (double)cost_ns / (double)own_ns;
		bool is_steady =
			session->overhead.has_before && cost->shared_window + 1 == charges->window;
		if (is_steady && !probe->is_dropped && !probe->is_needed)
			items[count++] = (struct overhead_item){
				.owner = probe,
				.share = steady(share, cost->share),
				.may_sum = may_sum(probe),
			};
		cost->share = share;
		cost->shared_window = charges->window;
	}
	return count;
}

static struct error *carry_out(struct session *session, const struct overhead_item *items,
			       size_t count, int64_t now_ns, bool *ret_has_acted)
{
	size_t records;
	struct error *err = NULL;

	*ret_has_acted = false;
	for (size_t i = 0; err == NULL && i < count; i++) {
		if (items[i].verdict == OVERHEAD_STAYS)
			continue;
		/* What is in the rings has been recorded. */
		if (!*ret_has_acted && session->has_rings)
			err = ring_hits_take_all(session, &records);
		*ret_has_acted = true;
		if (err == NULL)
			err = act(session, &items[i], now_ns);
	}
	return err;
}

/* A window is over. */
static struct error *judge(struct session *session, const struct overhead_times *times,
			   int64_t now_ns)
{
	struct overhead_state *state = &session->overhead;
	const double budget = session->options->max_overhead;
	const int64_t own_ns = overhead_own_ns(times);
	const double other_share = (double)other_cost_ns(&session->charges) / (double)own_ns;
	struct overhead_item *items = calloc(session->charges.count + 1, sizeof(*items));
	bool has_acted = false;

	if (items == NULL)
		return error_no_memory();
	log_debug("recording costs %.1f %% of the program's own time",
		  100 * (double)times->cost_ns / (double)own_ns);
	if ((double)times->cost_ns > budget * (double)own_ns)
		find_summable(session);
	size_t count = gather(session, own_ns, items);
	double left =
		overhead_decide(items, count, steady(other_share, state->other_share), budget);
	struct error *err = carry_out(session, items, count, now_ns, &has_acted);
	if (state->has_before && !has_acted && left > budget && left > state->unkept_share)
		state->unkept_share = left;
	/* What it costs from now on is not to be compared with what it cost. */
	state->has_before = !has_acted;
	state->other_share = other_share;
	free(items);
	return err;
}

static struct error *look_at_rest(struct session *session, int64_t now_ns)
{
	struct overhead_state *state = &session->overhead;

	if (!state->has_rest || now_ns < state->rest_next_ns)
		return NULL;
	struct error *err = dropped_sites_remove(session, &state->has_rest);
	state->rest_next_ns = now_ns + state->rest_pause_ns;
	if (state->rest_pause_ns < REST_NS_MOST)
		state->rest_pause_ns *= 2;
	return err;
}

/* Some calls of a dropped probe had been summed up, or were in a ring, and have come in since. */
static void correct_calls(struct session *session)
{
	struct overhead_state *state = &session->overhead;

	for (size_t i = 0; i < state->act_count; i++) {
		struct overhead_act *act = &state->acts[i];
		if (!act->is_drop || act->calls == act->probe->hits)
			continue;
		act->calls = act->probe->hits;
		recorder_left(session->recorder, act->probe->name, act->time_ns, act->calls);
	}
}

/* What comes before, the reading of symbols mostly, is not judged. */
static bool is_under_way(const struct session *session)
{
	return session->is_started && !session->is_releasing &&
	       (session->is_mapped || session->options->attached_count > 0);
}

struct error *overhead_look(struct session *session)
{
	struct overhead_state *state = &session->overhead;

	if (!is_asked_for(session))
		return NULL;
	const int64_t now_ns = clock_now_ns();
	if (state->since_ns == 0) {
		if (is_under_way(session))
			begin_window(session, now_ns);
		return NULL;
	}
	struct error *err = look_at_rest(session, now_ns);
	if (err != NULL || now_ns < state->next_ns)
		return err;
	state->next_ns = now_ns + LOOK_NS;
	correct_calls(session);
	take_cpu_times(session);
	const struct overhead_times times = weigh(session, now_ns);
	if (!overhead_window_is_over(&times))
		return NULL;
	err = judge(session, &times, now_ns);
	begin_window(session, clock_now_ns());
	return err != NULL ? err : look_at_rest(session, now_ns);
}

/* "0.17", "3.4", "190": what is measured is not known better. */
static void format_percent(char ret[PERCENT_BYTES], double share)
{
	const double percent = 100 * share;

	snprintf(ret, PERCENT_BYTES, percent < 10 ? "%.2g" : "%.0f", percent);
}

static void tell_act(const struct session *session, const struct overhead_act *act,
		     void (*tell)(const char *, ...))
{
	static const char why[] = "since it cost", time_of[] = "% of the program's own time";
	const double since_s =
		(double)(act->time_ns - session->overhead.started_ns) / (double)NS_PER_S;
	const struct probe *probe = act->probe;
	const uint64_t calls = probe->hits;
	char percent[PERCENT_BYTES];

	format_percent(percent, act->share);
	if (act->is_drop)
		tell("'%s': not recorded any more from %.1f s on, %s %s %s: its %" PRIu64
		     " call%s until then %s recorded exactly, later ones not at all",
		     probe->name, since_s, why, percent, time_of, calls, calls == 1 ? "" : "s",
		     calls == 1 ? "is" : "are");
	else
		tell("'%s': condensed from %.1f s on, %s %s %s: the counts and times of its calls "
		     "stay exact, single calls do not",
		     probe->name, since_s, why, percent, time_of);
}

void overhead_tell(struct session *session)
{
	enum { SAID_MOST = 20 };
	const struct overhead_state *state = &session->overhead;
	char percent[PERCENT_BYTES];

	correct_calls(session);
	for (size_t i = 0; i < state->act_count; i++)
		tell_act(session, &state->acts[i], i < SAID_MOST ? log_info : log_debug);
	if (state->act_count > SAID_MOST)
		log_info("%zu more were condensed or are not recorded any more; -v says which",
			 state->act_count - SAID_MOST);
	format_percent(percent, state->unkept_share);
	if (state->unkept_share > 0)
		log_info("--max-overhead %g was not kept: %s %% of the program's own time "
			 "remained, and nothing that could be dropped",
			 100 * session->options->max_overhead, percent);
}
