/* What happens at a site; see hit.h. Loop layer. */
#include "tracer/loop/hit/hit.h"

#include <signal.h>

#include "tracer/base/log.h"
#include "tracer/loop/hit/copied_trap.h"
#include "tracer/loop/hit/heat.h"
#include "tracer/loop/hit/pad_stop.h"
#include "tracer/loop/hit/pad_wants.h"
#include "tracer/loop/hit/roles.h"
#include "tracer/loop/hit/summed_calls.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/loop/signals/signal_at_site.h"
#include "tracer/loop/python/python.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/probe/site.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/transfer.h"
#include "tracer/loop/state/thread_state.h"

/* The site whose trap @tracee has just executed; *@ret is NULL when the SIGTRAP is not ours. */
static struct error *hit_find_site(const struct tracee *tracee, struct site **ret, taddr_t *ret_sp)
{
	const struct address_space *space = tracee->process->space;
	siginfo_t info;
	taddr_t pc;

	*ret = NULL;
	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, ret_sp);
	if (err != NULL)
		return err;
	taddr_t trap = tracee->state->hit.is_rewound ? pc : arch_trap_site(pc);
	*ret = pad_stop_site(space->image, trap); /* no instruction of the program's is there */
	if (*ret != NULL || tracee->state->hit.is_rewound) {
		*ret = *ret != NULL ? *ret : image_site(space->image, pc);
		return NULL;
	}
	struct site *site = image_site(space->image, trap);
	/* While a jump behind a call mark is taken away, there is a trap. */
	struct site *marked = site == NULL ? image_jump_site(space->image, trap) : NULL;
	/*
	 * A thread can stand one byte behind the start of a longer instruction only because of our
	 * trap. Behind an instruction of one byte it may also have been interrupted by any
	 * kill(SIGTRAP); an int3 has SI_KERNEL.
	 */
	if ((marked != NULL || (site != NULL && patch_pc_is_ambiguous(&site->patch))) &&
	    !tracee->state->hit.blocks_trap) {
		err = ptrace_get_siginfo(tracee->tid, &info);
		if (err != NULL || (info.si_code != SI_KERNEL && !sigtrap_state_was_reset(tracee)))
			return err;
	}
	*ret = site != NULL ? site : marked;
	return NULL;
}

/* Whether @tracee, at the trap of @site, has met it in the pad. */
static bool hit_is_in_pad(const struct tracee *tracee, const struct site *site)
{
	taddr_t pc, sp;

	if (site->patch.pad == NULL)
		return false;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	bool is = err == NULL &&
		  pc.value - site->patch.pad->block.start.value < site->patch.pad->block.bytes;
	error_free(err);
	return is;
}

/* In front of the trap of @site; one that was @in_pad may stay there. */
static struct error *rewind_to(struct tracee *tracee, const struct site *site, bool in_pad)
{
	const bool stays = in_pad && hit_is_in_pad(tracee, site);

	struct error *err =
		ptrace_set_pc(tracee->tid, stays ? pad_trap(site->patch.pad) : site->address);
	tracee->state->hit.is_rewound = err == NULL;
	return err;
}

struct error *hit_rewind(struct tracee *tracee)
{
	struct site *site;
	taddr_t sp;

	tracee->state->hit.is_rewound = false;
	struct error *err = hit_find_site(tracee, &site, &sp);
	if (err != NULL || site == NULL)
		return err;
	return rewind_to(tracee, site, true);
}

struct error *hit_show_site(struct tracee *tracee, bool lives)
{
	struct site *site;
	siginfo_t info;
	taddr_t sp;

	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_signo != SIGTRAP)
		return err;
	err = hit_find_site(tracee, &site, &sp);
	if (err != NULL || site == NULL)
		return err;
	return rewind_to(tracee, site, lives);
}

void hit_stop_probing(const struct process *process, struct error *why)
{
	struct image *image = process->space == NULL ? NULL : process->space->image;

	if (image != NULL && !image->is_given_up) {
		log_warning("process %d is recorded without probes from now on: %s", process->pid,
			    error_message(why));
		struct error *err = error_ignore(image_give_up(image), ERR_GONE);
		(void)error_take(&err, ERR_FAILED, log_error, "process %d keeps traps in its code",
				 process->pid);
		error_free(err);
	}
	error_free(why);
}

/*
 * Nothing is done about the hit of @site, whose process is not probed any more: it is as if it had not been,
 * if the trap is gone. Otherwise the code block is the way on.
 */
static struct error *hit_pass_over(struct tracee *tracee, const struct site *site)
{
	const struct code_block *block = &site->patch.block;
	struct image *image = tracee->process->space->image;

	if (!image->is_restored)
		error_free(image_restore(image));
	bool is_there = !image->is_restored && block->is_written;
	if (hit_is_in_pad(tracee, site))
		is_there = true;
	return ptrace_set_pc(tracee->tid, is_there ? patch_way_on(&site->patch) : site->address);
}

/* What is hit often becomes cheaper. */
static struct error *hit_warm(struct session *session, struct tracee *tracee, struct site *site,
			      bool is_in_pad)
{
	tracee->state->hit.clear_stop = session->stop_number;
	return is_in_pad ? pad_wants_serve(session, tracee, site) : heat_hit(session, tracee, site);
}

/* Nothing is probed but that the program begins, and it does: from here on it is as if it had not been. */
static bool hit_is_only_start(const struct session *session, const struct site *site)
{
	return site->roles == SITE_LOADED && !session_probes(session);
}

static struct error *hit_only_start(struct session *session, struct tracee *tracee,
				    const struct site *site, siginfo_t *info)
{
	start_mark_take(session, tracee->process, tracee->tid);
	struct error *err = sigtrap_state_restore(tracee, info);
	err = error_first(err, image_give_up(tracee->process->space->image));
	return error_first(err, hit_pass_over(tracee, site));
}

struct error *hit_handle(struct session *session, struct tracee *tracee, bool *ret_is_ours)
{
	struct site *site;
	siginfo_t info;
	taddr_t sp = taddr(0);

	struct error *err = python_returned(session, tracee, ret_is_ours);
	if (err != NULL || *ret_is_ours)
		return err;
	err = hit_find_site(tracee, &site, &sp);
	tracee->state->hit.is_rewound = false;
	if (err == NULL && (site == NULL || site->patch.is_in_copy))
		err = copied_trap_hit(session, tracee, &site, ret_is_ours);
	if (err != NULL || *ret_is_ours)
		return err;
	*ret_is_ours = site != NULL;
	if (site == NULL) {
		*ret_is_ours = sigtrap_state_swallows(tracee);
		if (!*ret_is_ours)
			sigtrap_state_delivered(tracee);
		return NULL;
	}
	struct image *image = tracee->process->space->image;
	if (image->is_given_up)
		return hit_pass_over(tracee, site);
	err = sigtrap_state_note(tracee, &info);
	if (err == NULL && hit_is_only_start(session, site))
		return hit_only_start(session, tracee, site, &info);
	if (err == NULL)
		err = image_ready_slot(image, tracee, site);
	/* Nothing can be injected in this process. */
	if (error_take(&err, ERR_FORMAT, log_warning, "process %d is recorded without probes",
		       tracee->process->pid))
		session->counts.failed_hits++;
	if (err != NULL && error_code(err) != ERR_GONE) {
		hit_stop_probing(tracee->process, err);
		return hit_pass_over(tracee, site);
	}
	if (err != NULL)
		return err;
	err = sigtrap_state_restore(tracee, &info); /* before the program says anything new */
	bool is_in_pad = hit_is_in_pad(tracee, site);
	/* In a child, forked before that, its patch is still there. */
	if (err == NULL && site->patch.state == PATCH_RETIRED) {
		err = patch_remove_jump(&site->patch, image->space);
		if (err == NULL)
			err = image_disarm(image, site);
		taddr_t on = is_in_pad ? pad_displaced(site->patch.pad) : site->address;
		return err != NULL ? err : ptrace_set_pc(tracee->tid, on);
	}
	/* The hit may make the linker's libraries, and their sites, go. */
	taddr_t slot = patch_way_on(&site->patch);
	taddr_t address = site->address;
	bool is_placed = false;
	/*
	 * No sites are inserted while all threads are being released. A process that is not followed is
	 * not recorded either, though it is still in its parent's memory.
	 */
	bool is_plan = (site->roles & (SITE_LINKER | SITE_START)) != 0;
	bool is_seen = !tracee->process->is_unfollowed || (site->roles & SITE_PTRACE) != 0;
	if (err == NULL && !session->is_releasing && is_seen)
		err = roles_play(session, tracee, site, sp, &is_placed);
	if (err == NULL && is_seen && image_site(image, address) == site) {
		if (!image->is_given_up)
			err = hit_warm(session, tracee, site, is_in_pad);
		slot = patch_way_on(&site->patch);
	}
	if (err == NULL)
		return is_placed ? NULL : ptrace_set_pc(tracee->tid, slot);
	if (error_code(err) == ERR_GONE)
		return err;
	/* What is probed by half, without libc's part in it perhaps, does harm. */
	if (is_plan) {
		hit_stop_probing(tracee->process, err);
		return ptrace_set_pc(tracee->tid, slot);
	}
	/* The thread must run on whatever happens to our books, and the recording must continue. */
	if (session->counts.failed_hits++ == 0)
		log_warning("a call of thread %d is not recorded: %s", tracee->tid,
			    error_message(err));
	error_free(err);
	return ptrace_set_pc(tracee->tid, slot);
}

struct error *hit_linker(struct planner *planner, struct tracee *tracee, bool *ret_is_ours)
{
	struct site *site;
	taddr_t sp;

	struct error *err = hit_find_site(tracee, &site, &sp);
	tracee->state->hit.is_rewound = false;
	*ret_is_ours = site != NULL;
	if (err != NULL || site == NULL)
		return err;
	struct image *image = tracee->process->space->image;
	err = site->roles & SITE_START ? planner_start_hit(planner, image, tracee)
				       : planner_linker_hit(planner, image, tracee);
	return err != NULL ? err : ptrace_set_pc(tracee->tid, patch_way_on(&site->patch));
}

bool hit_is_pending(const struct tracee *tracee)
{
	const struct address_space *space = tracee->process->space;
	struct signal_state state = { 0 };
	taddr_t pc, sp;

	if (space == NULL || space->image == NULL)
		return false;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL && image_site(space->image, arch_trap_site(pc)) == NULL &&
	    pad_stop_site(space->image, arch_trap_site(pc)) == NULL)
		return false;
	if (err == NULL)
		err = signal_state_read(tracee->tid, &state);
	bool is_pending = err == NULL && signal_set_has(state.pending, SIGTRAP);
	error_free(err);
	return is_pending;
}

struct error *hit_undo(struct session *session, struct tracee *tracee, bool *ret_is_ours)
{
	struct site *site;
	siginfo_t info;
	taddr_t sp;

	*ret_is_ours = false;
	struct error *err = hit_find_site(tracee, &site, &sp);
	tracee->state->hit.is_rewound = false;
	if (err == NULL && site == NULL)
		err = copied_trap_hit(session, tracee, &site, ret_is_ours);
	if (err != NULL || site == NULL)
		return err;
	*ret_is_ours = true;
	err = sigtrap_state_note(tracee, &info);
	if (err == NULL)
		err = sigtrap_state_restore(tracee, &info);
	(void)error_take(&err, ERR_FORMAT, log_debug, "what process %d does with SIGTRAP is lost",
			 tracee->process->pid);
	return error_first(ptrace_set_pc(tracee->tid, site->address), err);
}

/* A fault's address is the instruction's own for some signals: it must not name the slot. */
static struct error *fix_fault_address(struct tracee *tracee, taddr_t slot_pc, taddr_t pc)
{
	siginfo_t info;

	struct error *err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code <= 0 || (uintptr_t)info.si_addr != slot_pc.value)
		return err;
	info.si_addr = (void *)(uintptr_t)pc.value;
	return ptrace_set_siginfo(tracee->tid, &info);
}

struct error *hit_leave_slot(struct tracee *tracee, int signal)
{
	const struct address_space *space = tracee->process->space;
	const struct arch_slot_point *point;
	struct user_regs_struct regs;
	taddr_t pc, sp;

	if (space == NULL || space->image == NULL)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err == NULL)
		err = pad_stop_leave(tracee, &pc);
	if (err != NULL)
		return err;
	const struct site *site = image_slot_site(space->image, pc, &point);
	heat_signal(tracee, site == NULL ? pc : point->pc);
	if (site == NULL)
		return signal_at_site_recurs(tracee, signal);
	if (signal_is_fault(signal))
		err = fix_fault_address(tracee, pc, point->pc);
	if (err == NULL)
		err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL)
		return err;
	patch_leave(point, &regs);
	/* A restarted system call begins again at the site, too. */
	if (signal != 0 && (site->roles & SITE_ONCE) &&
	    (taddr_equal(point->pc, site->address) || site->patch.is_syscall)) {
		err = signal_at_site_begins(tracee, site->address,
					    arch_cfa_at_entry(arch_sp(&regs)), signal);
		err = error_first(err, summed_calls_interrupt(tracee, site));
	}
	return error_first(ptrace_set_regs(tracee->tid, &regs), err);
}

struct error *hit_hide_interrupt(struct tracee *tracee)
{
	struct user_regs_struct regs;
	struct signal_state state;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err == NULL && !arch_syscall_is_cut(&regs))
		return transfer_begin(tracee);
	if (err != NULL)
		return err;
	/* A signal that is about to come means this EINTR for the program. */
	err = signal_state_read(tracee->tid, &state);
	if (err != NULL || ((state.pending | state.pending_shared) & ~state.blocked) != 0)
		return err;
	arch_syscall_repeat(&regs);
	return ptrace_set_regs(tracee->tid, &regs);
}
