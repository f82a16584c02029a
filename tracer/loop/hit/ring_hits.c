/* Records of pads become site events; see ring_hits.h. Loop layer. */
#include "tracer/loop/hit/ring_hits.h"

#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/hit/ring_memory.h"
#include "tracer/loop/hit/summed_calls.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/python/python_mark.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/tsc_look.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/jump/pad_memory.h"

/* What is being taken. */
struct taking {
	struct session *session;
	struct address_space *space;
	const struct tracee *ended; /* records no more, stopped or not; may be NULL */
	bool has_memory;	    /* what was read of it is the program's own */
	/* All rings of the space have been fetched, with what was in them then; 0: they have not been. */
	uint64_t all_until_tsc;
};

static struct error *take_rings(struct taking *taking, uint64_t until_tsc);

/* The head of @ring, the thread's, was read twice. If it has moved, the thread was in a pad since the first time. */
static void note_place(const struct session *session, struct tracee *tracee, struct ring *ring,
		       uint32_t head_before)
{
	if (tracee != NULL && ring->head != head_before &&
	    tracee->state->hit.clear_stop < ring->head_stop)
		tracee->state->hit.clear_stop = ring->head_stop;
	ring->head_stop = session->stop_number;
}

/* Of a thread that runs, what it has published; of one that is stopped or records no more, all. */
static struct error *fetch(struct taking *taking, struct ring *ring)
{
	struct tracee *tracee = target_tracee(&taking->session->target, ring->tid);
	const bool is_still = tracee != NULL && (tracee->is_stopped || tracee == taking->ended);
	const uint32_t head_before = ring->head;

	if (ring->taken < ring->count)
		return NULL;
	ring->fetched_tsc = arch_tsc();
	struct error *err = ring_fetch(ring, taking->space, is_still);
	if (err == NULL)
		note_place(taking->session, tracee, ring, head_before);
	/* Unmapped by the program, or in a memory that ends: all others are recorded on. */
	(void)error_take(&err, ERR_UNMAPPED, log_debug, "what thread %d recorded last is gone",
			 ring->tid);
	return error_ignore(err, ERR_GONE);
}

static struct error *fetch_all(struct taking *taking)
{
	const struct pad_area *pads = &taking->space->image->pads;
	struct error *err = NULL;

	/* One after the other: of what comes meanwhile, a return may be there, and its call not yet. */
	taking->all_until_tsc = UINT64_MAX;
	for (size_t i = 0; err == NULL && i < pads->ring_count; i++) {
		struct ring *ring = pads->rings[i];
		if (ring->key == 0)
			continue;
		err = fetch(taking, ring);
		if (ring->fetched_tsc < taking->all_until_tsc)
			taking->all_until_tsc = ring->fetched_tsc;
	}
	return err;
}

static struct error *take_as(enum site_event_kind kind, struct session *session,
			     struct tracee *tracee, struct site_event *event)
{
	bool is_taken;

	event->kind = kind;
	return calls_take(session, tracee, event, &is_taken);
}

/* A function is entered: as hit_entry in roles.c, but for what only a stop can do. */
static struct error *take_entry(struct session *session, struct tracee *tracee,
				struct site_event *event, bool resumes)
{
	event->kind = EVENT_ENTRY;
	if (calls_goes_on(tracee, event, resumes))
		return resumes ? NULL : take_as(EVENT_LINE, session, tracee, event);
	return take_as(EVENT_ENTRY, session, tracee, event);
}

/* The record of a frame pad has its CFA, and the word below that. */
static struct error *take_inlined(struct session *session, struct tracee *tracee,
				  const struct site *site, const struct site_event *frame,
				  bool resumes)
{
	struct error *err = NULL;
	bool is_taken;

	for (uint32_t i = site->inlined_first; err == NULL && i < site->inlined_end; i++) {
		struct site_event event = *frame;
		event.kind = EVENT_INLINED;
		event.point = &site->inlined->points[i];
		if (!calls_pass_inlined(tracee, &event, resumes))
			err = calls_take(session, tracee, &event, &is_taken);
	}
	return err;
}

/* A call ends, perhaps: it may have begun on another thread, and be in its ring. */
static struct error *take_end(struct taking *taking, struct tracee *tracee,
			      struct site_event *event, uint64_t tsc)
{
	bool is_taken;

	struct error *err = calls_take(taking->session, tracee, event, &is_taken);
	if (err != NULL || is_taken || tsc <= taking->all_until_tsc)
		return err;
	err = fetch_all(taking);
	tsc_look(&taking->session->tsc); /* what is newer than the last look has no time yet */
	if (err == NULL)
		err = take_rings(taking, tsc);
	return err != NULL ? err : calls_take(taking->session, tracee, event, &is_taken);
}

static struct error *take_mark(struct taking *taking, struct tracee *tracee,
			       struct site_event *event, const struct arch_pad_record *record)
{
	event->sp = taddr(arch_pad_record_mark_sp(record));
	event->cfa = arch_cfa_at_entry(event->sp);
	if (signal_at_site_ends(tracee, event->site->address, event->cfa) ||
	    !python_mark_recorded(taking->space->image, taddr(record->return_address),
				  arch_pad_record_id(record), event))
		return NULL;
	return take_end(taking, tracee, event, record->tsc);
}

/* The role of a site that has been recorded, as roles.c plays it at stops. */
static struct error *take_role(struct taking *taking, struct tracee *tracee, struct ring *ring,
			       struct site *site, struct site_event *event,
			       const struct arch_pad_record *record)
{
	struct image *image = taking->space->image;
	struct session *session = taking->session;
	struct error *err;
	/* The role of a return that has come later is none of what an entry has recorded. */
	const unsigned roles = arch_pad_records_as(site->patch.pad->kind) == ARCH_PAD_ENTRY
				       ? site->roles & ~SITE_RETURN
				       : site->roles;

	if (roles & SITE_RETURN) {
		event->kind = EVENT_RETURN;
		err = summed_calls_return(image, ring, record, site);
		err = error_first(err, take_end(taking, tracee, event, record->tsc));
		if (err != NULL || !(roles & SITE_LINE))
			return err;
	}
	if (roles & SITE_INLINED) {
		event->sp = taddr(arch_pad_record_frame_sp(record));
		event->cfa = arch_cfa_at_entry(event->sp);
	}
	if (roles & SITE_PYTHON_MARK)
		return take_mark(taking, tracee, event, record);
	const bool resumes = signal_at_site_ends(tracee, site->address, event->cfa);
	if (roles & SITE_INLINED) {
		event->cfa = taddr(record->sp);
		return take_inlined(session, tracee, site, event, resumes);
	}
	if (roles & SITE_ENTRY) {
		err = summed_calls_entry(session, tracee, ring, record, site);
		return error_first(err, take_entry(session, tracee, event, resumes));
	}
	if (resumes)
		return NULL;
	if (roles & SITE_LINE)
		return take_as(EVENT_LINE, session, tracee, event);
	return roles & SITE_USDT ? take_as(EVENT_USDT, session, tracee, event) : NULL;
}

/* Lines that have been hit often enough make do with what was read a moment ago. */
static struct error *note_often(const struct session *session, const struct address_space *space,
				struct site *site)
{
	struct pad *pad = site->patch.pad;

	if (!session->options->wants_lines ||
	    ++site->recorded_count <= session->options->max_line_hits || pad->is_lax)
		return NULL;
	return pad_set_lax(pad, space);
}

static struct error *take_record(struct taking *taking, struct ring *ring)
{
	struct session *session = taking->session;
	struct tracee *tracee = target_tracee(&session->target, ring->tid);
	const struct arch_pad_memory *memory;
	const struct arch_pad_record *record = ring_next(ring, &memory);
	struct site *site = image_numbered(taking->space->image, record->site);

	if (tracee == NULL || site == NULL || tracee->process->is_unfollowed)
		return NULL;
	session->counts.hits++;
	session->counts.recorded_hits++;
	struct site_event event = {
		.tid = tracee->tid,
		.site = site,
		.sp = taddr(record->sp),
		.cfa = arch_cfa_at_entry(taddr(record->sp)),
		.return_address = taddr(record->return_address),
		.when = { .time_ns = tsc_clock_ns(&session->tsc, record->tsc) },
	};
	if (memory != NULL) /* the kernel has counted before it wrote to this slot and the next */
		pad_area_account_ring(ring, &taking->space->image->injected, 2);
	ring_memory_take(session, tracee->process, &taking->space->image->pads, ring, record,
			 taking->has_memory ? memory : NULL, &event.when);
	struct error *err = note_often(session, taking->space, site);
	charges_record(&session->charges, taking->space->image, site, event.return_address,
		       memory != NULL);
	err = error_first(err, take_role(taking, tracee, ring, site, &event, record));
	/* As in roles.c: last, behind an entry or a return that is the same instruction. */
	if ((site->roles & SITE_RET_INSN) && calls_has_any(tracee, &event))
		err = error_first(err, take_as(EVENT_RET_INSN, session, tracee, &event));
	return err;
}

/* The ring whose next record is the oldest, and older than @until_tsc; NULL: there is none. */
static struct ring *oldest(const struct pad_area *pads, uint64_t until_tsc)
{
	struct ring *first = NULL;
	uint64_t first_tsc = until_tsc, tsc;

	for (size_t i = 0; i < pads->ring_count; i++) {
		if (ring_next_tsc(pads->rings[i], &tsc) && tsc < first_tsc) {
			first = pads->rings[i];
			first_tsc = tsc;
		}
	}
	return first;
}

/* Takes what has been fetched, as far as it is older than @until_tsc. */
static struct error *take_rings(struct taking *taking, uint64_t until_tsc)
{
	const struct pad_area *pads = &taking->space->image->pads;
	struct error *err = NULL;
	struct ring *ring;

	while ((ring = oldest(pads, until_tsc)) != NULL)
		err = error_first(err, take_record(taking, ring));
	return err;
}

static struct error *take(struct taking *taking)
{
	struct image *image = taking->space->image;

	if (oldest(&image->pads, UINT64_MAX) == NULL) /* most looks find nothing */
		return NULL;
	pad_area_account(&image->pads, &image->injected);
	taking->has_memory = pad_memory_is_ours(image);
	tsc_look(&taking->session->tsc); /* all that has been fetched is of the time before this */
	struct error *err = take_rings(taking, UINT64_MAX);
	pad_area_account(&image->pads, &image->injected);
	return err;
}

static bool has_rings(const struct address_space *space)
{
	return space != NULL && space->image != NULL && space->image->pads.ring_count > 0;
}

static struct error *take_all_of(struct taking *taking)
{
	struct error *err = fetch_all(taking);
	return err != NULL ? err : take(taking);
}

static struct error *take_thread(struct taking *taking, const struct tracee *tracee)
{
	/* A call of this thread's that is left here may be another than that of the same frame, left elsewhere before. */
	if (tracee->process->state->calls.has_migrants)
		return take_all_of(taking);
	struct ring *ring = pad_area_ring_of(&taking->space->image->pads, tracee->tid);
	struct error *err = ring == NULL ? NULL : fetch(taking, ring);
	return err != NULL || ring == NULL || ring->taken == ring->count ? err : take(taking);
}

struct error *ring_hits_take(struct session *session, const struct tracee *tracee)
{
	struct taking taking = { .session = session, .space = tracee->process->space };

	return has_rings(taking.space) ? take_thread(&taking, tracee) : NULL;
}

struct error *ring_hits_take_space(struct session *session, struct address_space *space)
{
	struct taking taking = { .session = session, .space = space };

	return has_rings(space) ? take_all_of(&taking) : NULL;
}

struct error *ring_hits_take_last(struct session *session, const struct process *process)
{
	if (!has_rings(process->space))
		return NULL;
	struct error *err = ring_hits_take_space(session, process->space);
	return error_first(err, summed_calls_take_all(session, process));
}

struct error *ring_hits_take_all(struct session *session, size_t *ret_count)
{
	const uint64_t before = session->counts.recorded_hits;
	size_t cursor = 0;
	const struct process *process;
	struct error *err = NULL;

	const bool takes_sums = summed_calls_are_due(session);

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (!has_rings(process->space) || process->space->processes != process)
			continue;
		err = error_first(err, ring_hits_take_space(session, process->space));
		if (takes_sums)
			err = error_first(err, summed_calls_take(session, process->space));
	}
	*ret_count = session->counts.recorded_hits - before;
	return err;
}

struct error *ring_hits_end(struct session *session, const struct tracee *tracee)
{
	struct address_space *space = tracee->process->space;
	/* A call that it is in may have been kept back, for it is usually summed up. */
	struct taking taking = { .session = session, .space = space, .ended = tracee };

	if (!has_rings(space))
		return NULL;
	struct error *err = take_thread(&taking, tracee);
	if (err == NULL &&
	    calls_may_end_elsewhere(tracee)) /* what others have recorded came before */
		err = take_all_of(&taking);
	struct ring *ring = pad_area_ring_of(&space->image->pads, tracee->tid);
	if (err == NULL && ring != NULL)
		err = summed_calls_take_last(session, tracee->process, ring);
	if (err != NULL || ring == NULL)
		return err;
	if (ring->owner_tid != ring->tid) { /* lent: its owner goes on with it */
		ring->tid = ring->owner_tid;
		return NULL;
	}
	return pad_area_remove_thread(&space->image->pads, &space->image->injected, ring);
}

/*
 * A vfork child that has made the first record on the thread that it borrows has had a ring for that, which its parent's
 * thread would find by the same key. The parent's first hit asks for one of its own, and for what reads its memory.
 */
static struct error *end_childs_ring(struct session *session, const struct tracee *parent)
{
	struct address_space *space = parent->process->space;
	uint64_t key;

	struct error *err = thread_key_read(parent, &key);
	if (err != NULL || key == 0)
		return err;
	struct ring *ring = pad_area_ring(&space->image->pads, key);
	if (ring == NULL || ring->owner_tid == parent->tid)
		return NULL;
	err = ring_hits_take_space(session, space); /* what the child has recorded */
	err = error_first(err, summed_calls_take_last(session, parent->process, ring));
	return error_first(
		err, pad_area_remove_thread(&space->image->pads, &space->image->injected, ring));
}

struct error *ring_hits_lend(struct session *session, const struct tracee *parent, pid_t child)
{
	const struct address_space *space = parent->process->space;
	struct error *err = NULL;

	for (size_t i = 0; has_rings(space) && i < space->image->pads.ring_count; i++) {
		struct ring *ring = space->image->pads.rings[i];
		if (ring->key == 0 || ring->owner_tid != parent->tid)
			continue;
		if (child != 0) /* what is summed up so far is the parent's */
			err = error_first(err,
					  summed_calls_take_last(session, parent->process, ring));
		ring->tid = child != 0 ? child : ring->owner_tid;
	}
	return child != 0 || !has_rings(space) ? err
					       : error_first(err, end_childs_ring(session, parent));
}
