/* What faults have mapped; see growth_pages.h. Loop layer. */
#include "tracer/loop/growth/growth_pages.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/state/process_state.h"

void growth_pages_init(struct growth_pages *pages)
{
	*pages = (struct growth_pages){
		.page_bytes = (uint64_t)sysconf(_SC_PAGESIZE),
		.huge_bytes = page_huge_bytes(),
		.epoch = 1,
	};
}

void growth_pages_deinit(struct growth_pages *pages)
{
	page_look_end(&pages->look);
	free(pages->pending);
	free(pages->met);
	*pages = (struct growth_pages){ 0 };
}

static struct error *meet(struct growth_pages *pages, const struct process *process)
{
	struct process_growth_state *state = &process->state->growth;

	if (state->is_met)
		return NULL;
	struct error *err = array_reserve(&pages->met, &pages->met_capacity, pages->met_count + 1,
					  sizeof(*pages->met));
	if (err != NULL)
		return err;
	pages->met[pages->met_count++] = process->pid;
	state->is_met = true;
	return NULL;
}

static struct error *wait_for_more(struct growth_pages *pages, const struct growth_pending *pending)
{
	struct error *err = array_reserve(&pages->pending, &pages->capacity, pages->count + 1,
					  sizeof(*pages->pending));

	if (err == NULL)
		pages->pending[pages->count++] = *pending;
	return err;
}

/* Memory that no file on a disk has: a fault maps one page of it, whoever has made it before. */
static bool is_shared_memory(struct session *session, struct process *process, uint64_t address)
{
	static const char *const paths[] = { "/dev/zero", "/memfd:", "/dev/shm/", "/SYSV" };
	const struct mapping *mapping = stacks_mapping(session, process, taddr(address));

	for (size_t i = 0; mapping != NULL && i < sizeof(paths) / sizeof(paths[0]); i++) {
		if (strncmp(mapping->path, paths[i], strlen(paths[i])) == 0)
			return true;
	}
	return false;
}

struct error *growth_pages_charge(struct session *session, struct growth_pages *pages,
				  struct growth_sums *sums, size_t sum, struct process *process,
				  const struct perf_fault *fault)
{
	struct process_growth_state *state = &process->state->growth;
	struct growth_sum *charged = &sums->all[sum];
	struct growth_pending pending = { sum, process->pid, fault->faults, PAGE_OF_FILE };
	uint64_t bytes = pages->page_bytes, *certain = &state->own_bytes;

	struct error *err = meet(pages, process);
	if (err != NULL)
		return err;
	switch (page_look_at(&pages->look, process->pid, fault->address)) {
	case PAGE_UNKNOWN:
		growth_sum_add_unknown(charged, fault->faults);
		return NULL;
	case PAGE_ZERO:
		bytes = 0;
		break;
	case PAGE_OF_FILE:
		certain = &state->shared_bytes;
		if (is_shared_memory(session, process, fault->address))
			break;
		state->file_bytes += fault->faults * bytes;
		return wait_for_more(pages, &pending);
	case PAGE_HUGE:
		bytes = pages->huge_bytes;
		state->huge_sum = sum;
		state->huge_epoch = pages->epoch;
		if (fault->faults == 1)
			break;
		pending.kind = PAGE_HUGE;
		state->huge_bytes += fault->faults * bytes;
		state->huge_stacks++;
		return wait_for_more(pages, &pending);
	case PAGE_SMALL:
		/* Before Linux 6.7 it may be a huge one as well. */
		if (!state->has_forked && !pages->look.is_old_kernel)
			break;
		pending.kind = PAGE_SMALL;
		state->own_bytes += fault->faults * bytes;
		return wait_for_more(pages, &pending);
	}
	growth_sum_add(charged, fault->faults, bytes);
	*certain += fault->faults * bytes;
	return NULL;
}

/* How much more than @found a process has really got: it has grown by @grown. */
static double factor_of(double grown, uint64_t found_bytes)
{
	double factor = found_bytes > 0 ? grown / (double)found_bytes : 1;

	return factor > 1 ? factor : 1;
}

/*
 * Memory is read a moment behind the faults that are at hand: of what it had grown more than these the last time, up to
 * @wanted, the faults have come by now.
 */
static double take_late(struct process_growth_state *state, double wanted)
{
	double taken = state->late_bytes < wanted ? state->late_bytes : wanted;

	if (taken <= 0)
		return 0;
	state->excess_bytes -= taken;
	return taken;
}

/*
 * What the process has grown besides what is certain, and what of it its huge pages get; *@sum is that of the last one, NULL:
 * there is none.
 */
static void weigh_own(const struct growth_pages *pages, struct process_growth_state *state,
		      double grown, struct growth_sum *sum)
{
	const double huge_bytes = (double)pages->huge_bytes;
	const double least = (double)state->huge_stacks * huge_bytes;

	const double surplus = grown - (double)state->own_bytes;
	bool is_less = state->has_forked && surplus < 0;
	bool is_more = pages->look.is_old_kernel && surplus > 0;
	if (is_less)
		grown += take_late(state, -surplus);
	if (state->own_bytes > 0 && (is_less || is_more)) {
		state->own_factor = grown > 0 ? grown / (double)state->own_bytes : 0;
		grown = (double)state->own_bytes;
	}
	/* Memory was given back: how much was growth is not known then. Some pages are no huge one. */
	state->excess_bytes += grown - (double)state->own_bytes;
	if (state->excess_bytes < -huge_bytes)
		state->excess_bytes = -huge_bytes;
	if (state->huge_bytes > 0) {
		double bytes = state->excess_bytes < (double)state->huge_bytes
				       ? state->excess_bytes
				       : (double)state->huge_bytes;
		state->huge_factor = (bytes > least ? bytes : least) / (double)state->huge_bytes;
		state->excess_bytes -= state->huge_factor * (double)state->huge_bytes;
	}
	if (state->excess_bytes >= huge_bytes && sum != NULL) {
		uint64_t faults = (uint64_t)(state->excess_bytes / huge_bytes);
		growth_sum_add(sum, faults, pages->huge_bytes);
		state->excess_bytes -= (double)faults * huge_bytes;
	}
	state->late_bytes = surplus < state->excess_bytes ? surplus : state->excess_bytes;
}

/* Of files and shared memory. Where the process has none of it more by any fault that was seen, the base stays. */
static void weigh_shared(struct process_growth_state *state, uint64_t shared_bytes)
{
	double grown = (double)shared_bytes - (double)state->base_shared_bytes;

	state->file_factor = factor_of(grown - (double)state->shared_bytes, state->file_bytes);
	if (state->file_bytes == 0 && grown >= 0)
		return;
	state->base_shared_bytes = shared_bytes;
	state->shared_bytes = 0;
}

/* By how much the process has grown since the base, which moves to what there is now. */
static void weigh(const struct growth_pages *pages, struct growth_sums *sums,
		  struct process_growth_state *state, pid_t pid)
{
	uint64_t all_pages, shared_pages;

	state->own_factor = state->huge_factor = state->file_factor = 1;
	if (!page_look_resident(pid, &all_pages, &shared_pages)) {
		state->has_base = false;
		return;
	}
	uint64_t shared_bytes = shared_pages * pages->page_bytes;
	uint64_t own_bytes = (all_pages - shared_pages) * pages->page_bytes;
	bool has_huge = state->huge_epoch == pages->epoch;
	if (state->has_base) {
		weigh_own(pages, state, (double)own_bytes - (double)state->base_own_bytes,
			  has_huge ? &sums->all[state->huge_sum] : NULL);
		weigh_shared(state, shared_bytes);
	} else {
		state->base_shared_bytes = shared_bytes;
		state->shared_bytes = 0;
	}
	state->base_own_bytes = own_bytes;
	state->has_base = true;
}

void growth_pages_forget(struct growth_pages *pages)
{
	pages->epoch++;
}

void growth_pages_note_lost(struct process *process, double bytes)
{
	process->state->growth.own_bytes += (uint64_t)bytes;
}

static void charge_pending(const struct growth_pages *pages, struct growth_sums *sums,
			   const struct target *target, const struct growth_pending *pending)
{
	static const struct process_growth_state gone = {
		.own_factor = 1,
		.huge_factor = 1,
		.file_factor = 1,
	};
	const struct process *process = target_process(target, pending->pid);
	const struct process_growth_state *state =
		process == NULL ? &gone : &process->state->growth;
	bool is_huge = pending->kind == PAGE_HUGE;
	double bytes = (double)(is_huge ? pages->huge_bytes : pages->page_bytes);

	bytes *= is_huge		       ? state->huge_factor
		 : pending->kind == PAGE_SMALL ? state->own_factor
					       : state->file_factor;
	growth_sum_add(&sums->all[pending->sum], pending->faults, (uint64_t)bytes);
}

void growth_pages_settle(struct growth_pages *pages, struct growth_sums *sums,
			 const struct target *target)
{
	for (size_t i = 0; i < pages->met_count; i++) {
		struct process *process = target_process(target, pages->met[i]);
		if (process != NULL)
			weigh(pages, sums, &process->state->growth, process->pid);
	}
	for (size_t i = 0; i < pages->count; i++)
		charge_pending(pages, sums, target, &pages->pending[i]);
	for (size_t i = 0; i < pages->met_count; i++) {
		struct process *process = target_process(target, pages->met[i]);
		if (process == NULL)
			continue;
		struct process_growth_state *state = &process->state->growth;
		state->is_met = false;
		state->own_bytes = state->huge_bytes = state->huge_stacks = state->file_bytes = 0;
	}
	pages->count = pages->met_count = 0;
	page_look_end(&pages->look);
}

void growth_pages_fork(const struct growth_pages *pages, struct process *parent,
		       struct process *child)
{
	uint64_t all_pages, shared_pages;

	if (parent != NULL)
		parent->state->growth.has_forked = true;
	if (child == NULL)
		return;
	child->state->growth.has_forked = true;
	/* It begins with what its parent has of its own; what both have of files is mapped when it is met. */
	if (parent == NULL || !page_look_resident(parent->pid, &all_pages, &shared_pages))
		return;
	child->state->growth.base_own_bytes = (all_pages - shared_pages) * pages->page_bytes;
	child->state->growth.has_base = true;
}

void growth_pages_begin(struct process *process)
{
	process->state->growth = (struct process_growth_state){
		.has_base = true,
		.is_met = process->state->growth.is_met,
	};
}
