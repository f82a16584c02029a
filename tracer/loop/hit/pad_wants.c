/* What pads have not found; see pad_wants.h. Loop layer. */
#include "tracer/loop/hit/pad_wants.h"

#include "tracer/base/log.h"
#include "tracer/loop/hit/pads_end.h"
#include "tracer/loop/hit/ring_hits.h"
#include "tracer/loop/hit/ring_memory.h"
#include "tracer/loop/hit/thread_key.h"
#include "tracer/loop/python/python_mark.h"
#include "tracer/probe/jump/left_pads.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/tracee/ptrace_ops.h"

/* A thread that pads cannot find a ring for keeps to the traps of its pads. */
static struct error *add_ring(struct session *session, struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;
	struct ring *ring = NULL;
	uint64_t key;

	struct error *err = thread_key_read(tracee, &key);
	if (err != NULL || key == 0 || thread_key_is_shared(tracee, key))
		return err;
	const struct memory_ages ages = ring_memory_ages(session);
	err = pad_memory_begin(image, tracee, &ages);
	if (err == NULL)
		err = pad_area_add_thread(&image->pads, &image->injected, tracee, key, &ring);
	if (err == NULL)
		err = left_pads_note(image);
	if (err == NULL && ring != NULL)
		ring->memory_tsc = 0;
	session->has_rings = session->has_rings || ring != NULL;
	return err;
}

/* A thread with a key that was lent finds its ring by another from now on: libc has set its thread pointer up. */
static struct error *end_lent_ring(struct session *session, const struct tracee *tracee)
{
	const struct pad_area *pads = &tracee->process->space->image->pads;
	const struct ring *ring = pad_area_ring_of(pads, tracee->tid);
	uint64_t key;

	if (ring == NULL || !thread_key_is_lent(tracee, ring->key))
		return NULL;
	struct error *err = thread_key_read(tracee, &key);
	return err != NULL || key == ring->key ? err : ring_hits_end(session, tracee);
}

/* The return of the call that has just begun at @site is noticed: the pad need not ask again. */
static struct error *add_return(struct tracee *tracee, const struct site *site,
				const char **ret_why)
{
	struct image *image = tracee->process->space->image;
	taddr_t pc, sp, to;
	enum pad_return added;

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
	err = pad_area_add_return(&image->pads, &image->injected, to, &added);
	if (err == NULL && added == PAD_RETURN_ADDED)
		*ret_why = "a new caller";
	else if (err == NULL && added == PAD_RETURN_NO_ROOM)
		*ret_why = "the table of callers is full there";
	return err;
}

/* Likewise, what has been said by a mark, if it was one. */
static struct error *add_mark(const struct tracee *tracee, const char **ret_why)
{
	struct image *image = tracee->process->space->image;
	taddr_t object;
	enum pad_return added;

	struct error *err = python_mark_object(tracee, &object);
	if (err != NULL)
		return err;
	if (object.value == 0) {
		*ret_why = "Python's helper asked, or another caller called";
		return NULL;
	}
	err = pad_area_add_return(&image->pads, &image->injected, object, &added);
	if (err == NULL && added == PAD_RETURN_ADDED)
		*ret_why = "a new mark";
	else if (err == NULL && added == PAD_RETURN_NO_ROOM)
		*ret_why = "the table of callers is full there";
	return err;
}

struct error *pad_wants_serve(struct session *session, struct tracee *tracee, struct site *site)
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
	else if (site->roles & SITE_PYTHON_MARK)
		err = add_mark(tracee, &why);
	if (err == NULL)
		err = end_lent_ring(session, tracee);
	if (err == NULL && pad_area_ring_of(&image->pads, tracee->tid) == NULL) {
		why = "its thread had no ring";
		err = add_ring(session, tracee);
	}
	trap_tally_note(&session->traps, image, site, why);
	if (error_take(&err, ERR_FORMAT, log_debug, "thread %d has no ring", tracee->tid))
		err = pads_give_up(tracee->process, "no memory for records could be had");
	return err;
}
