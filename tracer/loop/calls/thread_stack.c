/* The frames on the stack of a thread; see thread_stack.h. Loop layer. */
#include "tracer/loop/calls/thread_stack.h"

#include <stdlib.h>

#include "tracer/arch/arch.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/probe/image.h"
#include "tracer/proc/process_facts.h"
#include "tracer/tracee/ptrace_ops.h"

enum { FRAMES_MAX = 2048 };

static size_t process_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	const struct process *process = context;
	return address_space_read_some(process->space, from, ret, bytes);
}

static bool process_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	struct process *process = context;
	return image_find_elf(process->space->image, process_memory_tid(process), pc, ret_header);
}

struct error *thread_stack_unwind(const struct tracee *tracee,
				  const struct unwind_registers *registers,
				  struct thread_stack *ret)
{
	const struct unwind_memory memory = { process_read, process_find_elf, tracee->process };

	ret->frames = malloc(FRAMES_MAX * sizeof(*ret->frames));
	if (ret->frames == NULL)
		return error_no_memory();
	struct error *err =
		unwind_frames(&memory, registers, ret->frames, FRAMES_MAX, &ret->count, &ret->end);
	if (err != NULL)
		thread_stack_deinit(ret);
	return err;
}

/* Some address at the beginning of the thread's first stack. */
static taddr_t thread_first_stack(const struct tracee *tracee, const struct user_regs_struct *regs)
{
	return tracee->tid == tracee->process->pid ? process_stack_start(tracee->tid)
						   : arch_thread_pointer(regs);
}

/*
 * Whether nothing can have called what has led to @frame: its return address is behind no call. makecontext(3)
 * and its like put the address of a function there, to be "returned" to at the end.
 */
static bool is_begun_by_hand(const struct tracee *tracee, const struct unwind_frame *frame)
{
	enum { CALL_BYTES_MAX = 8 };
	uint8_t before[CALL_BYTES_MAX];
	size_t bytes =
		image_read_code(tracee->process->space->image,
				taddr(frame->pc.value - sizeof(before)), before, sizeof(before));

	return !frame->is_exact && bytes == sizeof(before) &&
	       !arch_ends_with_call(before, sizeof(before));
}

/*
 * Where the chain of calls begins that has led to @regs; 0: that is not known. So many frames are looked at, for
 * it may be asked at each exception.
 */
static taddr_t thread_stack_root(const struct tracee *tracee, const struct user_regs_struct *regs)
{
	enum { LOOKED_AT_MAX = 128 };
	const struct unwind_memory memory = { process_read, process_find_elf, tracee->process };
	struct unwind_registers registers = { .known = UNWIND_REGISTERS_ALL };
	struct unwind_frame frames[LOOKED_AT_MAX];
	enum unwind_end end;
	size_t count;

	arch_dwarf_registers(regs, registers.values);
	struct error *err = unwind_frames(&memory, &registers, frames, LOOKED_AT_MAX, &count, &end);
	bool is_known = err == NULL && count > 1 &&
			(end == UNWIND_COMPLETE ||
			 (end == UNWIND_LOST && is_begun_by_hand(tracee, &frames[count - 1])));
	error_free(err);
	return is_known ? frames[count - 1].sp : taddr(0);
}

taddr_t thread_stack_inner(const struct tracee *tracee, taddr_t cfa, taddr_t outer)
{
	enum { START_BYTES = 256 }; /* before the first call */
	struct image *image = tracee->process->space->image;
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	if (err != NULL) {
		error_free(err);
		return taddr(0);
	}
	taddr_t first = thread_first_stack(tracee, &regs);
	/* Goroutines and fibers have others, side by side. */
	if (!image_same_mapping(image, process_memory_tid(tracee->process), first, cfa))
		return taddr(0);
	arch_set_pc(&regs, arch_trap_site(arch_pc(&regs)));
	taddr_t root = thread_stack_root(tracee, &regs);
	if (outer.value == 0 && tracee->tid == tracee->process->pid)
		outer = taddr(first.value - START_BYTES);
	return root.value < outer.value ? root : taddr(0);
}

void thread_stack_deinit(struct thread_stack *stack)
{
	free(stack->frames);
	stack->frames = NULL;
}
