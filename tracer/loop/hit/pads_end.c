/* There are no pads any more; see pads_end.h. Loop layer. */
#include "tracer/loop/hit/pads_end.h"

#include "tracer/base/log.h"
#include "tracer/probe/jump/promotion.h"

struct error *pads_memory_locked(struct tracee *tracee)
{
	const struct process *process = tracee->process;
	struct image *image = process->space->image;

	if (image->pads.data.value == 0)
		return NULL;
	bool is_alone = process->thread_count == 1 && process->space->users == 1;
	return is_alone ? image_end_jumps(image, tracee, "the program locks its memory")
			: image_demote_all(image, "the program locks its memory");
}

struct error *pads_give_up(const struct process *process, const char *why)
{
	struct image *image = process->space->image;

	if (image->pads.refusal != NULL)
		return NULL;
	log_debug("process %d: no call is recorded by a jump any more: %s", process->pid, why);
	return image_demote_all(image, why);
}
