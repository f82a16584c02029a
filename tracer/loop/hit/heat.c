/* Which sites become jumps; see heat.h. Loop layer. */
#include "tracer/loop/hit/heat.h"

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/probe/jump/promotion.h"
#include "tracer/proc/thread_look.h"
#include "tracer/tracee/ptrace_ops.h"

/* A stop costs as much as hundreds of calls through a pad: what is hit so often has paid for one. */
enum { HITS_TO_JUMP = 32 };

/* What keeps the whole memory from having pads; NULL: nothing. */
static const char *space_refusal(const struct session *session, const struct image *image)
{
	if (image->pads.refusal != NULL)
		return image->pads.refusal;
	if (image->is_go)
		return "frames of goroutines move";
	if (!arch_has_stable_tsc())
		return "the processor's time stamp counter is no clock";
	return session->tsc.is_unstable ? "the time stamp counter has run unevenly" : NULL;
}

static void tell_refusal(struct session *session, const struct site *site)
{
	session->counts.refused_jumps++;
	log_debug("%s at %#lx stays a trap: %s",
		  site->probe != NULL ? site->probe->name : "a return", /* */
		  (unsigned long)site->address.value, site->heat.refusal);
}

/* Neither where the bytes of the jump will be, nor in a code block that leads there. */
static bool thread_is_clear(const struct tracee *tracee, uint64_t since)
{
	struct thread_look look;

	if (tracee->state->hit.clear_stop > since || tracee->is_exiting)
		return true;
	struct error *err = thread_look(tracee->process->pid, tracee->tid, &look);
	bool has_ended = err != NULL && error_code(err) == ERR_GONE;
	error_free(err);
	return has_ended || (err == NULL && look.activity == THREAD_ASLEEP);
}

static bool window_is_clear(const struct address_space *space, const struct tracee *but,
			    const struct site *site)
{
	if (image_is_cut(space->image, site->address, site->patch.pad->window_bytes))
		return false;
	for (const struct process *process = space->processes; process != NULL;
	     process = process->next_in_space) {
		if (process->is_untraced || process->is_launching)
			return false;
		for (const struct tracee *it = process->threads; it != NULL; it = it->next) {
			if (it != but && !thread_is_clear(it, site->heat.since))
				return false;
		}
	}
	return true;
}

static struct error *prepare(struct session *session, struct tracee *tracee, struct site *site)
{
	struct image *image = tracee->process->space->image;

	site->heat.refusal = space_refusal(session, image);
	if (site->heat.refusal != NULL)
		return NULL;
	struct error *err = image_prepare_jump(image, tracee, site, &session->jumps);
	site->heat.since = session->stop_number;
	return err;
}

/* Pads read the word at the thread pointer: the dynamic linker's own code runs before there is one. */
static bool has_thread_pointer(const struct tracee *tracee)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	bool has = err == NULL && arch_thread_pointer(&regs).value != 0;
	error_free(err);
	return has;
}

struct error *heat_hit(struct session *session, struct tracee *tracee, struct site *site)
{
	const struct session_options *options = session->options;
	struct address_space *space = tracee->process->space;
	struct site_heat *heat = &site->heat;
	struct error *err = NULL;

	if (tracee->process->state->calls.has_inner_stacks)
		return heat_give_up(session, tracee->process, "it has stacks within frames");
	if (options->probe_mode == PROBE_BREAKPOINT || !site_may_jump(site) ||
	    space->image->pads.refusal != NULL || session->is_releasing ||
	    space->image->defers_patches)
		return NULL;
	if (heat->next_try == 0)
		heat->next_try = options->probe_mode == PROBE_PAD ? 1 : HITS_TO_JUMP;
	if (++heat->hits < heat->next_try)
		return NULL;
	tsc_clock_note(&session->tsc, arch_tsc(), clock_now_ns());
	heat->next_try = 2 * heat->hits;
	bool is_early = !tsc_clock_is_known(&session->tsc) && !session->tsc.is_unstable;
	if (is_early ||
	    !has_thread_pointer(tracee)) { /* the recording, or the program, has just begun */
		heat->next_try = heat->hits + 1;
		return NULL;
	}
	if (site->patch.pad == NULL)
		err = prepare(session, tracee, site);
	if (err != NULL || heat->refusal != NULL) {
		if (err == NULL)
			tell_refusal(session, site);
		return err;
	}
	if (site_wants_clear_window(site) && !window_is_clear(space, tracee, site))
		return NULL;
	session->has_rings = true;
	err = image_write_jump(space->image, site);
	if (err == NULL && heat->refusal != NULL)
		tell_refusal(session, site);
	else if (err == NULL)
		session->counts.jumps++;
	return err;
}

void heat_signal(const struct tracee *tracee, taddr_t pc)
{
	const struct address_space *space = tracee->process->space;

	if (space != NULL && space->image != NULL)
		image_cut(space->image, pc);
}

struct error *heat_memory_locked(struct tracee *tracee)
{
	const struct process *process = tracee->process;
	struct image *image = process->space->image;

	if (image->pads.data.value == 0)
		return NULL;
	bool is_alone = process->thread_count == 1 && process->space->users == 1;
	return is_alone ? image_end_jumps(image, tracee, "the program locks its memory")
			: image_demote_all(image, "the program locks its memory");
}

struct error *heat_give_up(struct session *session, const struct process *process, const char *why)
{
	struct image *image = process->space->image;

	(void)session;
	if (image->pads.refusal != NULL)
		return NULL;
	log_debug("process %d: no call is recorded by a jump any more: %s", process->pid, why);
	return image_demote_all(image, why);
}
