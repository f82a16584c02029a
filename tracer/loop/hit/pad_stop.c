/* Threads that stop within a pad; see pad_stop.h. Loop layer. */
#include "tracer/loop/hit/pad_stop.h"

#include "tracer/loop/hit/pads_end.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/proc/signal_state.h"
#include "tracer/tracee/ptrace_ops.h"

static struct image *image_of(const struct tracee *tracee)
{
	return tracee->process->space == NULL ? NULL : tracee->process->space->image;
}

struct site *pad_stop_site(const struct image *image, taddr_t at)
{
	struct site *site = image_block_site(image, at);
	const struct pad *pad = site == NULL ? NULL : site->patch.pad;

	return pad != NULL && taddr_equal(pad_trap(pad), at) ? site : NULL;
}

/* The pad whose recording code holds @pc, and where, for arch_pad_leave; NULL: none. */
static const struct pad *recording_pad(const struct image *image, taddr_t pc, uint64_t *ret_offset)
{
	const struct site *site = image_block_site(image, pc);
	const struct pad *pad = site == NULL ? NULL : site->patch.pad;

	return pad != NULL && pad_is_recording(pad, pc, ret_offset) ? pad : NULL;
}

/* A call that has been taken back from the ring goes into its sum. */
static struct error *pay(const struct image *image, const struct arch_pad_owed *owed)
{
	struct arch_pad_sum sum;

	if (owed->sum.value == 0)
		return NULL;
	struct error *err = address_space_read(image->space, owed->sum, &sum, sizeof(sum));
	if (err != NULL)
		return err;
	arch_pad_pay(owed, &sum);
	return address_space_write(image->space, owed->sum, &sum, sizeof(sum));
}

/* What *@ret_regs of @tracee, at @offset in the recording code of @pad, would be without that, whose sums are right then. */
static struct error *settle(const struct tracee *tracee, const struct pad *pad, uint64_t offset,
			    struct user_regs_struct *ret_regs, bool *ret_is_out)
{
	const struct image *image = image_of(tracee);
	uint64_t stack[ARCH_PAD_STACK_WORDS];
	struct arch_pad_owed owed;

	*ret_is_out = false;
	struct error *err = ptrace_get_regs(tracee->tid, ret_regs);
	if (err != NULL)
		return err;
	size_t got = address_space_read_some(
		image->space, arch_pad_stack(pad->kind, offset, ret_regs), stack, sizeof(stack));
	enum arch_pad_stage stage = arch_pad_leave(pad->kind, offset, pad->block.address, ret_regs,
						   stack, got / sizeof(stack[0]), &owed);
	/* Behind the trap, its SIGTRAP is still to come. */
	if (stage == ARCH_PAD_NOT_IN || stage == ARCH_PAD_TRAP)
		return NULL;
	if (stage == ARCH_PAD_RECORDED)
		arch_set_pc(ret_regs, pad_displaced(pad));
	*ret_is_out = true;
	return pay(image, &owed);
}

struct error *pad_stop_leave(const struct tracee *tracee, taddr_t *ret_pc)
{
	const struct image *image = image_of(tracee);
	uint64_t offset;
	const struct pad *pad = image == NULL ? NULL : recording_pad(image, *ret_pc, &offset);
	struct user_regs_struct regs;
	bool is_out;

	if (pad == NULL)
		return NULL;
	struct error *err = settle(tracee, pad, offset, &regs, &is_out);
	if (!is_out)
		return err;
	*ret_pc = arch_pc(&regs);
	return error_first(err, ptrace_set_regs(tracee->tid, &regs));
}

struct error *pad_stop_settle(const struct tracee *tracee)
{
	const struct image *image = image_of(tracee);
	struct user_regs_struct regs;
	uint64_t offset;
	taddr_t pc, sp;
	bool is_out;

	if (image == NULL || image->pads.data.value == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	const struct pad *pad = err == NULL ? recording_pad(image, pc, &offset) : NULL;
	return pad == NULL ? err : settle(tracee, pad, offset, &regs, &is_out);
}

struct error *pad_stop_fault(struct tracee *tracee, int signal, bool *ret_is_ours)
{
	const struct image *image = image_of(tracee);
	siginfo_t info;
	uint64_t offset;
	taddr_t pc, sp;

	*ret_is_ours = false;
	if (!signal_is_fault(signal) || image == NULL || image->pads.data.value == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL || recording_pad(image, pc, &offset) == NULL)
		return err;
	err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code <= 0) /* somebody has sent it */
		return err;
	*ret_is_ours = true;
	err = pads_give_up(tracee->process, "a pad has met a fault");
	return err != NULL ? err : pad_stop_leave(tracee, &pc);
}

struct error *pad_stop_wild(const struct tracee *tracee, int *signal)
{
	const struct image *image = image_of(tracee);
	siginfo_t info;
	taddr_t pc, sp;

	if (image == NULL || image->pads.data.value == 0)
		return NULL;
	struct error *err = ptrace_get_pc_sp(tracee->tid, &pc, &sp);
	if (err != NULL)
		return err;
	const taddr_t at = arch_trap_site(pc);
	const struct injected_mapping *mapping = injected_at(&image->injected, at);
	if (mapping == NULL || !slot_arena_is_filled(mapping->kind))
		return NULL;
	err = ptrace_get_siginfo(tracee->tid, &info);
	if (err != NULL || info.si_code != SI_KERNEL)
		return err;
	info = (siginfo_t){ .si_signo = SIGSEGV, .si_code = SEGV_MAPERR };
	info.si_addr = (void *)(uintptr_t)at.value;
	*signal = SIGSEGV;
	err = ptrace_set_siginfo(tracee->tid, &info);
	return err != NULL ? err : ptrace_set_pc(tracee->tid, at);
}
