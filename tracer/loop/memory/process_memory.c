/* The memory of one process as it is recorded; see process_memory.h. Loop layer. */
#include "tracer/loop/memory/process_memory.h"

#include <stdlib.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/probe/added_ranges.h"
#include "tracer/probe/image.h"
#include "tracer/loop/memory/break_reading.h"
#include "tracer/sample/added_pages.h"
#include "tracer/sample/memory_usage.h"
#include "tracer/loop/state/process_state.h"

struct error *process_memory_open(struct session *session, struct process *process, pid_t tid)
{
	struct sampled_process *sampled = &process->state->memory.sampled;

	sampled->pid = process->pid;
	sampled->owner = process;
	sampled->is_always_due = process->is_main;
	process->state->memory.added.is_reviewed_at_events = session->options->wants_lines;
	struct error *err = break_reading_begin(session, process);
	return err != NULL ? err : sampler_open(&session->sampler, sampled, tid);
}

void process_memory_close(struct session *session, struct process *process)
{
	sampler_close(&session->sampler, &process->state->memory.sampled);
	session->counts.tree_bytes -= process->state->memory.summed_bytes;
	process->state->memory.summed_bytes = 0;
}

/* NULL: it is not sampled. */
static struct memory_meter *process_meter(const struct process *process)
{
	return process->state->memory.sampled.meter;
}

bool process_memory_is_sampled(const struct process *process)
{
	return process_meter(process) != NULL;
}

pid_t process_memory_tid(const struct process *process)
{
	return process_meter(process) == NULL ? process->pid
					      : memory_meter_pid(process_meter(process));
}

void process_memory_renew(struct process *process)
{
	if (process_meter(process) != NULL)
		memory_meter_renew(process_meter(process));
	process->state->memory.highest_bytes = process->state->memory.last_bytes = 0;
	process->state->memory.noted_bytes = 0;
	process->state->memory.added.weighed_bytes = 0;
	process->state->memory.added.cost_ns = 0;
	process->state->memory.companions.limits_ns = 0;
}

static struct image *process_image(const struct process *process)
{
	return process->space == NULL ? NULL : process->space->image;
}

static enum metric_own_pages process_own_pages(const struct process *process)
{
	return metric_traits(memory_meter_metric(process_meter(process)))->own_pages;
}

/* Which pages other processes share, or are swapped out, is not in our books. */
static bool wants_weighing(enum metric_own_pages own_pages)
{
	return own_pages == OWN_PAGES_SHARED || own_pages == OWN_PAGES_UNSHARED ||
	       own_pages == OWN_PAGES_SWAPPED;
}

/* From our books, or as last weighed. */
static uint64_t added_bytes(const struct process *process)
{
	const struct image *image = process_image(process);

	if (image == NULL || process_meter(process) == NULL)
		return 0;
	switch (process_own_pages(process)) {
	case OWN_PAGES_RESIDENT:
		return (injected_pages(&image->injected) + image->footprint.unused_pages) *
		       ARCH_PAGE_BYTES;
	case OWN_PAGES_PRIVATE:
		return (injected_pages(&image->injected) + image->footprint.private_pages) *
		       ARCH_PAGE_BYTES;
	case OWN_PAGES_MAPPED:
		return injected_bytes(&image->injected);
	default:
		return process->state->memory.added.weighed_bytes;
	}
}

uint64_t process_memory_without_added(const struct process *process, uint64_t bytes)
{
	uint64_t added = added_bytes(process);
	return bytes > added ? bytes - added : 0;
}

/* The program's own part of @bytes, which have been read. */
static uint64_t note_reading(const struct process *process, uint64_t bytes)
{
	uint64_t *highest = &process->state->memory.highest_bytes;
	uint64_t own = process_memory_without_added(process, bytes);

	if (own > *highest)
		*highest = own;
	process->state->memory.last_bytes = own;
	break_reading_note(process, own);
	return own;
}

/* Whether it depends on the program what of our pages counts: whether a page would be in memory without us. */
static bool wants_review(const struct process *process, const struct image *image)
{
	const enum metric_own_pages own_pages = process_own_pages(process);

	return image->footprint.unused_pages > 0 &&
	       (own_pages == OWN_PAGES_RESIDENT || own_pages == OWN_PAGES_SHARED ||
		own_pages == OWN_PAGES_UNSHARED);
}

/*
 * A reading at an event. Where lines are charged with what memory has become, a page of ours that the program has begun
 * to use must not come to light later, at another line.
 */
static uint64_t note_reading_at_event(const struct process *process, uint64_t bytes)
{
	struct process_added *added = &process->state->memory.added;
	struct image *image = process_image(process);

	if (added->is_reviewed_at_events && bytes > added->event_bytes && image != NULL &&
	    wants_review(process, image))
		footprint_review(&image->footprint, process_memory_tid(process));
	added->event_bytes = bytes;
	return note_reading(process, bytes);
}

static struct error *process_weigh(struct process *process, const struct image *image)
{
	struct page_range *ranges = NULL;
	size_t count = 0;
	uint64_t bytes = 0;

	struct error *err = added_ranges(image, &ranges, &count);
	if (err == NULL && count > 0)
		err = added_pages_weigh(memory_meter_pid(process_meter(process)),
					process_own_pages(process), ranges, count, &bytes);
	if (err == NULL)
		process->state->memory.added.weighed_bytes = bytes;
	free(ranges);
	return err;
}

/* What cannot be had from the books. */
static void process_look_at_pages(struct process *process, struct image *image)
{
	enum { WHEN_CHANGED = 3, WHEN_SAME = 50 };
	struct process_added *added = &process->state->memory.added;
	enum metric_own_pages own_pages = process_own_pages(process);
	uint64_t version = image->footprint.version + injected_pages(&image->injected);
	bool is_weighed = wants_weighing(own_pages);
	const bool is_reviewed = !added->is_reviewed_at_events && wants_review(process, image);

	if (!is_weighed && !is_reviewed)
		return;
	int64_t now_ns = clock_now_ns();
	int factor = version != added->version ? WHEN_CHANGED : WHEN_SAME;
	if (added->cost_ns > 0 && now_ns - added->looked_ns < factor * added->cost_ns)
		return;
	if (is_reviewed)
		footprint_review(&image->footprint, memory_meter_pid(process_meter(process)));
	if (is_weighed) /* of a process that is going, the last figure stands */
		error_free(process_weigh(process, image));
	added->version = version;
	added->looked_ns = clock_now_ns();
	added->cost_ns = added->looked_ns - now_ns;
}

void process_memory_update_added(struct session *session, struct process *process)
{
	struct image *image = process_image(process);

	if (process_meter(process) == NULL ||
	    (image == NULL && process->state->memory.added.recorded_bytes == 0))
		return;
	if (image != NULL)
		process_look_at_pages(process, image);
	int64_t change =
		(int64_t)(added_bytes(process) - process->state->memory.added.recorded_bytes);
	if (change > -ARCH_PAGE_BYTES && change < ARCH_PAGE_BYTES)
		return;
	process->state->memory.added.recorded_bytes += (uint64_t)change;
	recorder_added(session->recorder, process->pid, clock_now_ns(),
		       process->state->memory.added.recorded_bytes);
}

bool process_memory_take(struct session *session, const struct process *process,
			 uint64_t *ret_bytes)
{
	if (process_meter(process) == NULL)
		return false;
	struct error *err = memory_meter_read(process_meter(process), ret_bytes);
	if (err != NULL && error_code(err) != ERR_GONE && !session->unreadable_was_told) {
		session->unreadable_was_told = true;
		log_warning("process %d is recorded without its memory, like others that may not "
			    "be read: %s; --backend rss may be read of all",
			    process->pid, error_message(err));
	}
	bool is_there = err == NULL;
	error_free(err);
	if (is_there)
		*ret_bytes = note_reading(process, *ret_bytes);
	return is_there;
}

bool process_memory_parse(const struct process *process, const char *text, size_t bytes,
			  uint64_t *ret_bytes)
{
	if (process_meter(process) == NULL ||
	    !memory_meter_parse_statm(process_meter(process), text, bytes, ret_bytes))
		return false;
	*ret_bytes = note_reading_at_event(process, *ret_bytes);
	return true;
}

uint64_t process_memory_held(const struct process *process)
{
	return process->state->memory.last_bytes;
}

uint64_t process_memory_recent(const struct process *process)
{
	uint64_t bytes = 0;

	if (process_meter(process) == NULL)
		return 0;
	/* Memory that cannot be read is that of a process that is going, or may not be read. */
	error_free(memory_meter_read_recent(process_meter(process), &bytes));
	return note_reading_at_event(process, bytes);
}

uint64_t process_memory_mark(const struct process *process)
{
	struct memory_peak peak = { 0 };

	if (process_meter(process) != NULL)
		error_free(memory_meter_read_peak(process_meter(process), &peak));
	return peak.bytes;
}

uint64_t process_memory_peak(struct session *session, const struct process *process)
{
	struct memory_peak peak;

	if (process_meter(process) == NULL ||
	    (metric_traits(session->options->metric)->is_cgroup && !process->is_main))
		return 0;
	error_free(memory_meter_read_peak(process_meter(process), &peak));
	if (peak.left_out_bytes > session->counts.left_out_bytes)
		session->counts.left_out_bytes = peak.left_out_bytes;
	/* What we have added may have come after the peak; it was not below any reading. */
	uint64_t own = process_memory_without_added(process, peak.bytes);
	uint64_t highest = process->state->memory.highest_bytes;
	return peak.bytes == 0 || own > highest ? own : highest;
}
