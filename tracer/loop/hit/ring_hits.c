/* Records of pads become site events; see ring_hits.h. Loop layer. */
#include "tracer/loop/hit/ring_hits.h"

#include "tracer/base/log.h"
#include "tracer/loop/calls/calls.h"
#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/hit/signal_at_site.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/loop/state/tsc_look.h"
#include "tracer/probe/jump/left_pads.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/tracee/ptrace_ops.h"

/* What is being taken. */
struct taking {
	struct session *session;
	struct address_space *space;
	bool has_memory; /* what was read of it is the program's own */
	bool is_all;	 /* all rings of the space have been fetched */
};

static struct error *take_rings(struct taking *taking, uint64_t until_tsc);

static struct error *fetch(struct taking *taking, struct ring *ring)
{
	struct error *err = ring->taken < ring->count ? NULL : ring_fetch(ring, taking->space);

	return error_ignore(err, ERR_GONE);
}

static struct error *fetch_all(struct taking *taking)
{
	const struct pad_area *pads = &taking->space->image->pads;
	struct error *err = NULL;

	taking->is_all = true;
	for (size_t i = 0; err == NULL && i < pads->ring_count; i++) {
		if (pads->rings[i]->key != 0)
			err = fetch(taking, pads->rings[i]);
	}
	return err;
}

/* A function is entered: as hit_entry in roles.c, but for what only a stop can do. */
static struct error *take_entry(struct session *session, struct tracee *tracee,
				struct site_event *event)
{
	bool is_taken;

	event->kind = EVENT_ENTRY;
	if (signal_at_site_ends(tracee, event->site->address, event->cfa) &&
	    calls_has(tracee, event, event->site->probe))
		return NULL;
	if (event->site->variant > 0 && calls_is_continued(tracee, event))
		return NULL;
	return calls_take(session, tracee, event, &is_taken);
}

/* What the program itself does not know: a call may have begun on another thread, and be in its ring. */
static struct error *take_return(struct taking *taking, struct tracee *tracee,
				 struct site_event *event, uint64_t tsc)
{
	bool is_taken;

	event->kind = EVENT_RETURN;
	struct error *err = calls_take(taking->session, tracee, event, &is_taken);
	if (err != NULL || is_taken || taking->is_all)
		return err;
	err = fetch_all(taking);
	if (err == NULL)
		err = take_rings(taking, tsc);
	return err != NULL ? err : calls_take(taking->session, tracee, event, &is_taken);
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
	if (memory != NULL && memory->length > 0 && taking->has_memory)
		process_memory_parse(tracee->process, memory->text, sizeof(memory->text),
				     &ring->memory_bytes);
	session->counts.hits++;
	session->counts.recorded_hits++;
	struct site_event event = {
		.tid = tracee->tid,
		.site = site,
		.sp = taddr(record->sp),
		.cfa = arch_cfa_at_entry(taddr(record->sp)),
		.return_address = taddr(record->return_address),
		.when = { tsc_clock_ns(&session->tsc, record->tsc), ring->memory_bytes },
	};
	if (site->roles & SITE_RETURN)
		return take_return(taking, tracee, &event, record->tsc);
	return site->roles & SITE_ENTRY ? take_entry(session, tracee, &event) : NULL;
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
	return take_rings(taking, UINT64_MAX);
}

static bool has_rings(const struct address_space *space)
{
	return space != NULL && space->image != NULL && space->image->pads.ring_count > 0;
}

struct error *ring_hits_take(struct session *session, const struct tracee *tracee)
{
	struct taking taking = { .session = session, .space = tracee->process->space };

	if (!has_rings(taking.space))
		return NULL;
	struct ring *ring = pad_area_ring_of(&taking.space->image->pads, tracee->tid);
	struct error *err = ring == NULL ? NULL : fetch(&taking, ring);
	return err != NULL || ring == NULL || ring->taken == ring->count ? err : take(&taking);
}

struct error *ring_hits_take_space(struct session *session, struct address_space *space)
{
	struct taking taking = { .session = session, .space = space };

	if (!has_rings(space))
		return NULL;
	struct error *err = fetch_all(&taking);
	return err != NULL ? err : take(&taking);
}

struct error *ring_hits_take_all(struct session *session, size_t *ret_count)
{
	const uint64_t before = session->counts.recorded_hits;
	size_t cursor = 0;
	const struct process *process;
	struct error *err = NULL;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (has_rings(process->space) && process->space->processes == process)
			err = error_first(err, ring_hits_take_space(session, process->space));
	}
	*ret_count = session->counts.recorded_hits - before;
	return err;
}

/* A thread that pads cannot find a ring for keeps to the traps of its pads. */
static struct error *add_ring(struct session *session, struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;
	struct ring *ring = NULL;
	uint64_t key;

	struct error *err = thread_key_read(tracee, &key);
	if (err != NULL || key == 0 || thread_key_is_shared(tracee, key))
		return err;
	err = pad_memory_begin(image, tracee,
			       tsc_clock_ticks(&session->tsc, session->options->memory_age_ns));
	if (err == NULL)
		err = pad_area_add_thread(&image->pads, &image->injected, tracee, key, &ring);
	if (err == NULL)
		err = left_pads_note(image);
	if (err == NULL && ring != NULL)
		ring->memory_bytes = process_memory_recent(tracee->process);
	session->has_rings = session->has_rings || ring != NULL;
	return err;
}

/* The return of the call that has just begun at @site is noticed: the pad need not ask again. */
static struct error *add_return(struct tracee *tracee, const struct site *site,
				const char **ret_why)
{
	struct image *image = tracee->process->space->image;
	taddr_t pc, sp, to;
	bool is_new;

	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL)
		err = address_space_read(image->space, sp, &to.value, sizeof(to.value));
	if (err != NULL)
		return err;
	const struct site *behind = image_site(image, to);
	bool is_noticed = site->has_ret_sites || (behind != NULL && (behind->roles & SITE_RETURN));
	if (!is_noticed) {
		*ret_why = "the return to its caller cannot be watched";
		return NULL;
	}
	err = pad_area_add_return(&image->pads, &image->injected, to, &is_new);
	if (err == NULL && is_new)
		*ret_why = "a new caller";
	return err;
}

struct error *ring_hits_serve(struct session *session, struct tracee *tracee, struct site *site)
{
	struct image *image = tracee->process->space->image;
	const char *why = "its thread's ring was full";
	struct error *err = NULL;

	if (image->pads.refusal != NULL) {
		trap_tally_note(&session->traps, image, site, image->pads.refusal);
		return NULL;
	}
	if (site->roles & SITE_ENTRY)
		err = add_return(tracee, site, &why);
	if (err == NULL && pad_area_ring_of(&image->pads, tracee->tid) == NULL) {
		why = "its thread had no ring";
		err = add_ring(session, tracee);
	}
	trap_tally_note(&session->traps, image, site, why);
	if (error_take(&err, ERR_FORMAT, log_debug, "thread %d has no ring", tracee->tid))
		err = pads_give_up(tracee->process, "no memory for records could be had");
	return err;
}

struct error *ring_hits_end(struct session *session, const struct tracee *tracee)
{
	struct address_space *space = tracee->process->space;

	if (!has_rings(space))
		return NULL;
	struct error *err = ring_hits_take(session, tracee);
	struct ring *ring = pad_area_ring_of(&space->image->pads, tracee->tid);
	if (err != NULL || ring == NULL)
		return err;
	if (ring->owner_tid != ring->tid) { /* lent: its owner goes on with it */
		ring->tid = ring->owner_tid;
		return NULL;
	}
	return pad_area_remove_thread(&space->image->pads, &space->image->injected, ring);
}

void ring_hits_lend(const struct tracee *parent, pid_t child)
{
	const struct address_space *space = parent->process->space;

	for (size_t i = 0; has_rings(space) && i < space->image->pads.ring_count; i++) {
		struct ring *ring = space->image->pads.rings[i];
		if (ring->key != 0 && ring->owner_tid == parent->tid)
			ring->tid = child != 0 ? child : ring->owner_tid;
	}
}
