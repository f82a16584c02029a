/* Nothing of ours is left in a memory; see space_clean.h. Loop layer. */
#include "tracer/loop/signals/space_clean.h"

#include "tracer/loop/signals/signal_frames.h"
#include "tracer/loop/signals/sigtrap_state.h"
#include "tracer/probe/jump/pad_memory.h"
#include "tracer/tracee/ptrace_ops.h"

bool space_clean_may_inject(const struct tracee *tracee, bool is_of_interrupt)
{
	struct user_regs_struct regs;

	struct error *err = ptrace_get_regs(tracee->tid, &regs);
	bool may = err == NULL && (!arch_is_in_syscall(&regs) || is_of_interrupt);
	error_free(err);
	return may;
}

static bool frames_are_known(const struct address_space *space)
{
	const struct process *process = space->processes;
	bool are_known = true;

	for (; process != NULL; process = process->next_in_space) {
		for (const struct tracee *it = process->threads; it != NULL; it = it->next)
			are_known = are_known && signal_frames_are_known(it);
	}
	return are_known;
}

struct error *space_clean(struct tracee *tracee)
{
	struct image *image = tracee->process->space->image;

	if (!frames_are_known(tracee->process->space))
		image->injected.keeps_used = true;
	struct error *err = sigtrap_state_leave(tracee);
	if (!image->is_restored) /* what is said of that signal was to be seen until here */
		err = error_first(err, image_restore(image));
	err = error_first(err, pad_memory_close(image, tracee));
	return error_first(err, image_unmap(image, tracee));
}
