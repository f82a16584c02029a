/* What memory is made of; see parts.h. Loop layer. */
#include "tracer/loop/memory/parts.h"

#include <stdlib.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/probe/image.h"
#include "tracer/sample/memory_parts.h"

/* Of all looks together, one part in so many of the time; of one process, so many looks in all its time so far. */
enum { SHARE = 25, LOOKS = 1000 };

static const struct image *image_of(const struct process *process)
{
	return process->space == NULL ? NULL : process->space->image;
}

static uint64_t without(uint64_t bytes, uint64_t ours)
{
	return bytes > ours ? bytes - ours : 0;
}

/*
 * As in the sample: our mappings are private memory, and so is a page that we have patched, in place of the
 * file's, which would be there without us if it is used.
 */
static void leave_out_ours(const struct process *process, struct memory_counters *counters)
{
	const struct image *image = image_of(process);

	if (image == NULL)
		return;
	const uint64_t patched = image->footprint.private_pages;
	const uint64_t unused = image->footprint.unused_pages;
	uint64_t *bytes = counters->bytes;
	bytes[PART_ANON] = without(bytes[PART_ANON],
				   (injected_pages(&image->injected) + patched) * ARCH_PAGE_BYTES);
	bytes[PART_FILE] += without(patched, unused) * ARCH_PAGE_BYTES;
}

/* Takes @err. Of a process that is going, the last figures stand. */
static void tell_unreadable(struct session *session, const struct process *process,
			    struct error *err)
{
	if (err != NULL && error_code(err) != ERR_GONE && !session->parts_unreadable_was_told) {
		session->parts_unreadable_was_told = true;
		log_warning("what the memory of process %d is made of cannot be read, nor that of "
			    "others like it: %s",
			    process->pid, error_message(err));
	}
	error_free(err);
}

static void take_counters(struct session *session, struct process *process, int64_t time_ns)
{
	struct memory_part parts[PART_COUNTERS];
	struct memory_counters counters;
	char none[] = "";
	struct error *err = memory_counters_read(process_memory_tid(process), &counters);

	if (err != NULL) {
		tell_unreadable(session, process, err);
		return;
	}
	leave_out_ours(process, &counters);
	for (int i = 0; i < PART_COUNTERS; i++)
		parts[i] = (struct memory_part){ (enum part_kind)i, none, counters.bytes[i] };
	recorder_parts(session->recorder, process->pid, time_ns,
		       &process->state->memory.parts.counters, parts, PART_COUNTERS, PART_ANON,
		       PART_COUNTERS);
}

/* An array, returned owned. Without memory for it our mappings are taken for the program's. */
static struct page_range *find_ours(const struct image *image, size_t *ret_count)
{
	*ret_count = 0;
	if (image == NULL || image->injected.count == 0)
		return NULL;
	struct page_range *ranges = calloc(image->injected.count, sizeof(*ranges));
	for (size_t i = 0; ranges != NULL && i < image->injected.count; i++)
		ranges[(*ret_count)++] = injected_range(&image->injected.mappings[i]);
	return ranges;
}

static bool maps_are_due(const struct session *session, const struct process *process,
			 int64_t time_ns)
{
	const struct process_parts *parts = &process->state->memory.parts;
	const int64_t since_ns = time_ns - parts->looked_ns;
	const int64_t processes = (int64_t)session->sampler.processes.count;

	if (parts->looked_ns == 0)
		return time_ns >= session->parts_next_ns;
	return time_ns >= session->parts_next_ns && since_ns >= session->options->interval_ns / 2 &&
	       since_ns >= SHARE * processes * parts->cost_ns &&
	       since_ns >= (time_ns - session->sampler.grid.start_ns) / LOOKS;
}

static void take_maps(struct session *session, struct process *process, int64_t time_ns)
{
	struct process_parts *state = &process->state->memory.parts;
	struct memory_parts parts;
	size_t ours_count;

	if (!maps_are_due(session, process, time_ns))
		return;
	const int64_t start_ns = clock_now_ns();
	struct page_range *ours = find_ours(image_of(process), &ours_count);
	struct error *err =
		memory_parts_read(process_memory_tid(process), ours, ours_count, &parts);
	free(ours);
	if (err == NULL) {
		recorder_parts(session->recorder, process->pid, time_ns, &state->maps, parts.parts,
			       parts.count, PART_COUNTERS, PART_MAPS);
		memory_parts_deinit(&parts);
	}
	tell_unreadable(session, process, err);
	state->looked_ns = time_ns;
	state->cost_ns = clock_now_ns() - start_ns;
	session->parts_next_ns = start_ns + (SHARE + 1) * state->cost_ns;
}

void parts_take(struct session *session, struct process *process, int64_t time_ns)
{
	if (session->options->split == SPLIT_NONE)
		return;
	take_counters(session, process, time_ns);
	if (session->options->split == SPLIT_MAPS)
		take_maps(session, process, time_ns);
}
