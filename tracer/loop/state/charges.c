/* What recording costs the program; see charges.h. Loop layer. */
#include "tracer/loop/state/charges.h"

#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/return_site.h"
#include "tracer/proc/process_load.h"

void charges_deinit(struct charges *charges)
{
	free(charges->probes);
	charges->probes = NULL;
	charges->count = charges->capacity = 0;
}

void charges_begin_window(struct charges *charges)
{
	charges->window++;
	charges->count = 0;
	charges->stops = 0;
	charges->other_ns = 0;
	charges->other_pads_ns = 0;
	charges->cpu_ns = 0;
}

/* The account of @probe in this window; NULL: there is no memory for it. */
static struct probe_cost *account_of(struct charges *charges, struct probe *probe)
{
	struct probe_cost *cost = &probe->cost;

	if (cost->window == charges->window)
		return cost;
	struct error *err = array_reserve(&charges->probes, &charges->capacity, charges->count + 1,
					  sizeof(void *));
	if (err != NULL) {
		error_free(err);
		return NULL;
	}
	charges->probes[charges->count++] = probe;
	cost->window = charges->window;
	cost->stop_ns = 0;
	cost->stops = 0;
	cost->records = cost->reads = cost->sums = 0;
	return cost;
}

void charges_stop_begins(struct charges *charges)
{
	if (!charges->are_kept)
		return;
	charges->payer = NULL;
	charges->stopped_ns = clock_now_ns();
}

/* Whose site it is; NULL: nobody's that could be dropped. */
static struct probe *payer_of(const struct site *site)
{
	if (site->roles & SITE_ENTRY)
		return site->probe;
	if (site->roles & (SITE_RETURN | SITE_RET_INSN))
		return site->returns_of;
	if (site->roles & SITE_INLINED)
		return site->inlined->probes[site->inlined->points[site->inlined_first].name];
	if (site->roles & SITE_USDT)
		return site->moment != NULL ? site->moment : site->pair;
	if (site->roles & SITE_LINE)
		return site->line_of;
	return site->roles & SITE_RESOLVER ? site->implements : NULL;
}

void charges_stop_is_at(struct charges *charges, const struct site *site)
{
	if (charges->are_kept)
		charges->payer = payer_of(site);
}

void charges_stop_ends(struct charges *charges)
{
	if (!charges->are_kept)
		return;
	const int64_t took_ns = charges->costs.stop_ns + clock_now_ns() - charges->stopped_ns;
	struct probe_cost *cost =
		charges->payer == NULL ? NULL : account_of(charges, charges->payer);
	charges->stops++;
	if (cost != NULL)
		cost->stops++;
	*(cost != NULL ? &cost->stop_ns : &charges->other_ns) += took_ns;
}

/* Pads know a return address from any function's call: who shares it is seen here only. */
static void note_return(const struct image *image, const struct site *entry, taddr_t return_address)
{
	struct site *behind = image_site(image, return_address);

	if (behind != NULL && (behind->roles & SITE_RETURN))
		return_site_note(behind, entry);
}

void charges_record(struct charges *charges, const struct image *image, const struct site *site,
		    taddr_t return_address, bool reads_memory)
{
	if (!charges->are_kept)
		return;
	if (site->roles & SITE_ENTRY)
		note_return(image, site, return_address);
	struct probe *payer = payer_of(site);
	struct probe_cost *cost = payer == NULL ? NULL : account_of(charges, payer);
	if (cost == NULL) {
		const struct machine_costs *costs = &charges->costs;
		charges->other_pads_ns += costs->record_ns + (reads_memory ? costs->read_ns : 0);
		return;
	}
	cost->records++;
	cost->reads += reads_memory;
}

void charges_sum(struct charges *charges, struct probe *probe, uint64_t count)
{
	struct probe_cost *cost = charges->are_kept ? account_of(charges, probe) : NULL;

	if (cost != NULL)
		cost->sums += count;
}

void charges_cpu_time(struct charges *charges, const struct process *process)
{
	struct process_time_state *state = &process->state->time;
	int64_t cpu_ns;

	if (!charges->are_kept || process->is_launching || process->is_untraced ||
	    !process_cpu_time(process->pid, &cpu_ns))
		return;
	/* What was there before us, and the program's own start until now, are not of this window. */
	bool was_there = process->is_main || process->state->calls.attached_ns != 0;
	if (state->is_known || !was_there)
		charges->cpu_ns += cpu_ns - state->cpu_ns;
	state->is_known = true;
	state->cpu_ns = cpu_ns;
}

int64_t charges_cost_ns(const struct charges *charges, const struct probe *probe,
			int64_t *ret_pads_ns)
{
	const struct machine_costs *costs = &charges->costs;
	const struct probe_cost *cost = &probe->cost;

	*ret_pads_ns = (int64_t)((double)cost->records * costs->record_ns +
				 (double)cost->reads * costs->read_ns +
				 (double)cost->sums * costs->sum_ns);
	return cost->stop_ns + *ret_pads_ns;
}
