/* Addresses on a stack; see raw_stack.h. Loop layer. */
#include "tracer/loop/stacks/raw_stack.h"

#include <string.h>
#include <sys/uio.h>

#include "tracer/loop/memory/process_memory.h"
#include "tracer/probe/image.h"

struct raw_view {
	struct process *process;
	struct code_map *map;
	const struct stack_copy *copy;
	pid_t tid; /* a thread whose files in /proc show the memory */
};

static size_t read_memory(const struct raw_view *view, taddr_t from, void *ret, size_t bytes)
{
	if (view->process->space != NULL)
		return address_space_read_some(view->process->space, from, ret, bytes);
	struct iovec to = { ret, bytes };
	struct iovec at = { (void *)(uintptr_t)from.value,
			    bytes }; /* NOLINT(performance-no-int-to-ptr) */
	ssize_t got = process_vm_readv(view->process->pid, &to, 1, &at, 1, 0);
	return got < 0 ? 0 : (size_t)got;
}

/* What the copy has of [@from, @from + @bytes) goes over what is there now. */
static size_t view_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	const struct raw_view *view = context;
	const struct stack_copy *copy = view->copy;
	char *to = ret;

	if (copy == NULL || from.value >= copy->from.value + copy->bytes ||
	    from.value + bytes <= copy->from.value)
		return read_memory(view, from, ret, bytes);
	size_t got = 0;
	if (from.value < copy->from.value || from.value + bytes > copy->from.value + copy->bytes)
		got = read_memory(view, from, ret, bytes);
	uint64_t first = from.value > copy->from.value ? from.value : copy->from.value;
	uint64_t end = from.value + bytes;
	if (end > copy->from.value + copy->bytes)
		end = copy->from.value + copy->bytes;
	if (first - from.value > got) /* what is in front of it cannot be read any more */
		memset(to + got, 0, first - from.value - got);
	memcpy(to + (first - from.value), (const char *)copy->data + (first - copy->from.value),
	       end - first);
	return end - from.value > got ? end - from.value : got;
}

static bool view_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	const struct raw_view *view = context;
	return code_map_find_elf(view->map, view->tid, pc, ret_header);
}

/* Where the program itself is, when a thread of it is in code of ours. */
static taddr_t program_pc(const struct process *process, taddr_t pc)
{
	const struct image *image = process->space == NULL ? NULL : process->space->image;
	const struct arch_slot_point *point;

	if (image == NULL || image_slot_site(image, pc, &point) == NULL)
		return pc;
	return point->pc;
}

struct error *raw_stack_unwind(struct process *process, struct code_map *map,
			       const struct unwind_registers *registers,
			       const struct stack_copy *copy, struct raw_stack *ret)
{
	struct raw_view view = { process, map, copy, process_memory_tid(process) };
	const struct unwind_memory memory = { view_read, view_find_elf, &view };
	struct unwind_registers start = *registers;
	struct unwind_frame frames[RAW_STACK_MAX];
	enum unwind_end end;

	code_map_update(map, view.tid);
	start.values[UNWIND_PC] = program_pc(process, taddr(start.values[UNWIND_PC])).value;
	struct error *err =
		unwind_frames(&memory, &start, frames, RAW_STACK_MAX, &ret->count, &end);
	if (err != NULL)
		return err;
	ret->is_cut = end != UNWIND_COMPLETE;
	for (size_t i = 0; i < ret->count; i++)
		ret->pcs[i] = frames[i].is_exact ? frames[i].pc : taddr(frames[i].pc.value - 1);
	return NULL;
}
