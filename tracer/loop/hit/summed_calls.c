/* Calls that pads sum up; see summed_calls.h. Loop layer. */
#include "tracer/loop/hit/summed_calls.h"

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/calls/call_sums.h"
#include "tracer/loop/hit/ring_memory.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/probe/jump/summing.h"
#include "tracer/probe/return_site.h"

/* A call that lasts longer leaves its record: who looks at the running program sees it. */
static const int64_t LONG_NS = 1000000;
/* So long do pads write to one bank of sums. */
static const int64_t BANK_NS = 100000000;

static uint64_t limit_ticks(const struct session *session, const char *name)
{
	int64_t limit_ns = recorder_limit_ns(session->recorder, name);

	return tsc_clock_ticks(&session->tsc, limit_ns < LONG_NS ? limit_ns : LONG_NS);
}

static struct error *set_limit(const struct session *session, const struct image *image,
			       struct ring *ring, uint32_t number)
{
	const struct probe *probe = image_sum_probe(image, number);

	if (ring->sums.used == 0)
		ring->sums_since_ns = clock_now_ns();
	return probe == NULL ? NULL
			     : ring_sums_set_limit(&ring->sums, image->space, number,
						   limit_ticks(session, probe->name));
}

struct error *summed_calls_entry(struct session *session, const struct tracee *tracee,
				 struct ring *ring, const struct arch_pad_record *record,
				 struct site *entry)
{
	struct image *image = tracee->process->space->image;
	const uint32_t number =
		record->flags & ARCH_PAD_HAS_MEMORY ? 0 : ring_sums_number(record->flags);

	ring->last_entry = *record;
	if (number != 0)
		return ring_sums_limit(&ring->sums, number) != 0 ||
				       signal_at_site_awaits(tracee, entry->address)
			       ? NULL
			       : set_limit(session, image, ring, number);
	if (!entry->probe->is_summed && !recorder_condenses(session->recorder, entry->probe->hits))
		return NULL;
	entry_site_scan(image, entry);
	if (!image_may_sum(image, entry))
		return NULL;
	return image_sum_calls(image, entry);
}

struct error *summed_calls_interrupt(const struct tracee *tracee, const struct site *site)
{
	const struct image *image = tracee->process->space->image;
	struct ring *ring = pad_area_ring_of(&image->pads, tracee->tid);

	return ring == NULL || ring_sums_limit(&ring->sums, site->sum) == 0
		       ? NULL
		       : ring_sums_set_limit(&ring->sums, image->space, site->sum, 0);
}

struct error *summed_calls_return(struct image *image, struct ring *ring,
				  const struct arch_pad_record *record, struct site *behind)
{
	const struct arch_pad_record entered = ring->last_entry;
	struct site *entry = image_numbered(image, entered.site);
	bool is_new = false;

	ring->last_entry = (struct arch_pad_record){ .site = UINT32_MAX };
	if (entry == NULL || entry->sum == 0 || entered.return_address != behind->address.value ||
	    arch_cfa_at_entry(taddr(entered.sp)).value != record->sp)
		return NULL;
	struct error *err = image_sum_returns(image, entry, behind, &is_new);
	if (err == NULL && is_new)
		log_debug("calls of %s that return to %#lx are summed up", entry->probe->name,
			  (unsigned long)behind->address.value);
	return err;
}

/* What is being taken. */
struct taking {
	struct session *session;
	const struct image *image;
	const struct ring *ring;
	const struct process *process;
	int64_t from_ns, to_ns;
};

static void take_sum(void *context, const struct ring_sum *sum)
{
	const struct taking *taking = context;
	struct session *session = taking->session;
	struct probe *probe = image_sum_probe(taking->image, sum->number);
	struct recorder_sum summed = {
		.pid = taking->process->pid,
		.from_ns = taking->from_ns,
		.to_ns = taking->to_ns,
		.count = sum->count,
		.total_ns = tsc_clock_duration_ns(&session->tsc, sum->ticks),
		.shortest_ns = tsc_clock_duration_ns(&session->tsc, sum->shortest),
		.longest_ns = tsc_clock_duration_ns(&session->tsc, sum->longest),
	};

	if (probe == NULL)
		return;
	summed.bytes = ring_memory_summed(session, taking->process, &taking->image->pads,
					  taking->ring, sum->count, &summed.is_held);
	probe->hits += sum->count;
	call_sums_add(&session->planner.probes, probe, sum->count, summed.total_ns);
	charges_sum(&session->charges, probe, sum->count);
	session->counts.hits += 2 * sum->count;
	session->counts.recorded_hits += 2 * sum->count;
	session->counts.summed_calls += sum->count;
	recorder_calls_summed(session->recorder, probe->name, &summed);
}

/* Whose calls are in @ring: others may share the memory of @process, as its parent does of a vfork child. */
static const struct process *owner_of(const struct session *session, const struct process *process,
				      const struct ring *ring)
{
	const struct tracee *tracee = target_tracee(&session->target, ring->tid);

	return tracee != NULL && tracee->process->space == process->space ? tracee->process
									  : process;
}

static struct error *take(struct session *session, const struct process *process, struct ring *ring,
			  bool is_last)
{
	const struct image *image = process->space->image;
	const struct sums_state *sums = &session->sums;
	struct taking taking = {
		session,	  image,	  ring, owner_of(session, process, ring),
		sums->earlier_ns, sums->before_ns
	};

	if (is_last) {
		taking.from_ns = sums->before_ns;
		taking.to_ns = clock_now_ns();
	}
	if (taking.from_ns < ring->sums_since_ns)
		taking.from_ns = ring->sums_since_ns;
	if (taking.to_ns < taking.from_ns) /* its thread came late to what it wrote then */
		taking.to_ns = taking.from_ns;

	return ring_sums_take(&ring->sums, image->space, ring->start, is_last, take_sum, &taking);
}

/* The longest calls have become longer, perhaps. */
static struct error *set_limits(const struct session *session, const struct image *image,
				struct ring *ring)
{
	struct error *err = NULL;

	for (uint32_t number = 1; err == NULL && number < ring->sums.used; number++) {
		const struct probe *probe = image_sum_probe(image, number);
		const uint64_t limit = ring_sums_limit(&ring->sums, number);
		if (probe != NULL && limit != 0 && limit != limit_ticks(session, probe->name))
			err = set_limit(session, image, ring, number);
	}
	return err;
}

bool summed_calls_are_due(struct session *session)
{
	const int64_t now_ns = clock_now_ns();

	if (now_ns - session->sums.taken_ns < BANK_NS)
		return false;
	session->sums.earlier_ns = session->sums.before_ns;
	session->sums.before_ns = session->sums.taken_ns;
	session->sums.taken_ns = now_ns;
	return true;
}

struct error *summed_calls_take(struct session *session, struct address_space *space)
{
	struct image *image = space->image;
	const struct pad_area *pads = &image->pads;
	struct error *err = NULL;

	if (image->sum_count == 0)
		return NULL;
	if (!image->has_no_sums && space->processes->state->calls.has_migrants) {
		log_debug("process %d: its calls go from thread to thread: none is summed up",
			  space->pid);
		err = image_end_sums(image);
	}
	for (size_t i = 0; err == NULL && i < pads->ring_count; i++) {
		struct ring *ring = pads->rings[i];
		if (ring->key == 0 || ring->sums.used == 0)
			continue;
		err = take(session, space->processes, ring, false);
		if (err == NULL)
			err = set_limits(session, image, ring);
	}
	return error_ignore(err, ERR_GONE);
}

struct error *summed_calls_take_last(struct session *session, const struct process *process,
				     struct ring *ring)
{
	return ring->sums.used == 0 ? NULL
				    : error_ignore(take(session, process, ring, true), ERR_GONE);
}

struct error *summed_calls_take_all(struct session *session, const struct process *process)
{
	const struct pad_area *pads = &process->space->image->pads;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < pads->ring_count; i++) {
		if (pads->rings[i]->key != 0)
			err = summed_calls_take_last(session, process, pads->rings[i]);
	}
	return err;
}
