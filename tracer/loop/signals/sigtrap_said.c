/* What the program says of SIGTRAP, and has said before; see sigtrap_state.h. Loop layer. */
#include "tracer/loop/signals/sigtrap_state.h"

#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/signals/sigtrap_private.h"
#include "tracer/loop/state/process_state.h"
#include "tracer/loop/state/thread_state.h"
#include "tracer/probe/image.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

/*
 * The signals that the C library keeps for itself (SIGCANCEL of glibc, SIGTIMER of musl): no function of its sets or blocks
 * them for a program. It blocks them with all others while it makes a thread or a process, and tells the kernel of the end of
 * that by a system call that is in none of the functions at which masks are noted; a thread that is made so begins with them
 * blocked.
 */
enum { LIBC_SIGNAL = 32 };

static uint64_t libc_mask_of(uint64_t blocked)
{
	return signal_set_has(blocked, LIBC_SIGNAL) ? blocked : 0;
}

struct error *sigtrap_state_begin(struct tracee *tracee)
{
	struct signal_state state;

	struct error *err = signal_state_read(tracee->tid, &state);
	if (err != NULL)
		return err;
	struct process_hit_state *process = &tracee->process->state->hit;
	tracee->state->hit.blocks_trap = signal_set_has(state.blocked, SIGTRAP);
	tracee->state->hit.libc_mask = libc_mask_of(state.blocked);
	/* What is ignored stays so at an exec; there may have been other threads until now. */
	bool is_ignored = signal_set_has(state.ignored, SIGTRAP) ||
			  (process->trap_handler == IGNORE_HANDLER && !process->is_spawned);
	*process = (struct process_hit_state){ .trap_handler = DEFAULT_HANDLER };
	if (signal_set_has(state.caught, SIGTRAP))
		process->trap_handler = UNKNOWN_HANDLER;
	else if (is_ignored)
		process->trap_handler = IGNORE_HANDLER;
	return NULL;
}

void sigtrap_state_forget(struct process *process)
{
	process->state->hit.trap_handler = DEFAULT_HANDLER;
}

struct error *sigtrap_state_begin_attached(struct process *process)
{
	struct error *err = NULL;

	process->state->hit.trap_handler = DEFAULT_HANDLER;
	for (struct tracee *it = process->threads; err == NULL && it != NULL; it = it->next) {
		struct hit_state *hit = &it->state->hit;
		err = error_ignore(sigtrap_state_begin(it), ERR_GONE);
		hit->is_mask_old = hit->blocks_trap;
		hit->has_looked_at_frames = false;
		hit->mask_frame = taddr(0);
	}
	return err;
}

void sigtrap_state_look_at_frames(struct tracee *tracee, taddr_t sp)
{
	struct hit_state *hit = &tracee->state->hit;

	if (!hit->is_mask_old || hit->has_looked_at_frames)
		return;
	hit->has_looked_at_frames = true;
	hit->mask_frame = signal_frames_unblocking(tracee, sp, SIGTRAP);
}

void sigtrap_state_inherit(struct tracee *child, const struct tracee *parent)
{
	const struct hit_state *of = &parent->state->hit;
	struct hit_state *hit = &child->state->hit;

	hit->resets_seen = child->process->state->hit.resets;
	if (hit->blocks_trap) /* it was looked at by itself */
		return;
	hit->blocks_trap = of->blocks_trap;
	hit->is_mask_old = of->is_mask_old;
	hit->libc_mask = of->libc_mask;
	/* A thread has not come of a handler, as a process has. */
	if (child->process == parent->process)
		return;
	hit->has_looked_at_frames = of->has_looked_at_frames;
	hit->mask_frame = of->mask_frame;
}

/*
 * The C library has unblocked again what it had blocked, and most of it is open now. Who still blocks most signals has said
 * so of all but some, of which this is hardly one.
 */
static bool libc_is_done(const struct tracee *tracee)
{
	const uint64_t then = tracee->state->hit.libc_mask;
	uint64_t now;

	if (then == 0)
		return false;
	struct error *err = ptrace_get_sigmask(tracee->tid, &now);
	bool is = err == NULL && libc_mask_of(now) == 0 &&
		  __builtin_popcountll(now) < __builtin_popcountll(then) / 2;
	error_free(err);
	return is;
}

bool sigtrap_state_has_unblocked(const struct tracee *tracee, taddr_t sp)
{
	const struct hit_state *hit = &tracee->state->hit;

	if (!hit->is_mask_old)
		return false;
	if (hit->mask_frame.value == 0)
		return libc_is_done(tracee);
	if (sp.value > hit->mask_frame.value)
		return true;
	/* Its stack may have been another; and deeper calls than that handler's write over its frame. */
	struct image *image = tracee->process->space->image;
	return !image_same_mapping(image, tracee->tid, sp, hit->mask_frame) ||
	       !signal_frames_unblocks(tracee, hit->mask_frame, SIGTRAP);
}

void sigtrap_state_look_again(struct process *process)
{
	for (struct tracee *it = process->threads; it != NULL; it = it->next) {
		struct hit_state *hit = &it->state->hit;
		struct signal_state state;
		if (!hit->is_mask_old)
			continue;
		struct error *err = signal_state_read(it->tid, &state);
		if (err == NULL && !signal_set_has(state.blocked | state.pending, SIGTRAP))
			hit->blocks_trap = hit->is_mask_old = false;
		error_free(err);
	}
}

void sigtrap_state_sigmask(struct tracee *tracee, int how, taddr_t set_at)
{
	struct hit_state *hit = &tracee->state->hit;
	uint64_t set;

	/* A set that cannot be read is the program's fault: EFAULT, and nothing changes. */
	if (set_at.value == 0 || address_space_read_some(tracee->process->space, set_at, &set,
							 sizeof(set)) != sizeof(set))
		return;
	bool has_trap = (set & TRAP_BIT) != 0;
	hit->is_mask_old = hit->is_mask_old && !has_trap && how != SIG_SETMASK;
	switch (how) {
	case SIG_BLOCK:
		hit->blocks_trap = hit->blocks_trap || has_trap;
		break;
	case SIG_UNBLOCK:
		hit->blocks_trap = hit->blocks_trap && !has_trap;
		break;
	case SIG_SETMASK:
		hit->blocks_trap = has_trap;
		break;
	}
}

void sigtrap_state_said(struct tracee *tracee, uint64_t handler)
{
	struct process_hit_state *hit = &tracee->process->state->hit;
	/* A signal at the trap has made it execute that once more. */
	const bool is_again = hit->setter.tid == tracee->tid && hit->setter.was_ignored;
	const bool was_ignored = hit->trap_handler == IGNORE_HANDLER || is_again;

	hit->trap_handler = handler;
	hit->stand_in = 0;
	hit->trap_was_delivered = false;
	hit->setter = (struct trap_setter){ .tid = tracee->tid, .was_ignored = was_ignored };
	error_free(ptrace_get_pc_sp(tracee->tid, &hit->setter.pc, &hit->setter.sp));
}

void sigtrap_state_confirm(struct tracee *tracee, taddr_t pc, taddr_t sp, uint64_t handler)
{
	struct process_hit_state *hit = &tracee->process->state->hit;
	const struct image *image = tracee->process->space->image;

	if (hit->setter.tid == 0)
		return;
	/* It has returned from there, or stands elsewhere than in the C library, which that calls nothing of. */
	const bool is_back =
		hit->setter.tid == tracee->tid &&
		(sp.value > hit->setter.sp.value || tracee->process->thread_count == 1 ||
		 image_module_at(image, pc) != image_module_at(image, hit->setter.pc));
	if (is_back || handler == hit->trap_handler)
		hit->setter.tid = 0;
}

bool sigtrap_state_translate(const struct process *process, struct kernel_sigaction *action)
{
	const struct process_hit_state *hit = &process->state->hit;

	if (hit->trap_handler != IGNORE_HANDLER ||
	    (action->handler != DEFAULT_HANDLER && action->handler != hit->stand_in))
		return false;
	if (hit->stand_in != 0)
		*action = hit->ignored;
	action->handler = IGNORE_HANDLER; /* a reset leaves all else */
	return true;
}

void sigtrap_state_delivered(struct tracee *tracee)
{
	tracee->process->state->hit.trap_was_delivered = true;
}
