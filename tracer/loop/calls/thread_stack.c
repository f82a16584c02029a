/* The frames on the stack of a thread; see thread_stack.h. Loop layer. */
#include "tracer/loop/calls/thread_stack.h"

#include <stdlib.h>

#include "tracer/loop/memory/process_memory.h"
#include "tracer/probe/image.h"

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

void thread_stack_deinit(struct thread_stack *stack)
{
	free(stack->frames);
	stack->frames = NULL;
}
