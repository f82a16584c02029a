/* Addresses on a stack; see raw_stack.h. Loop layer. */
#include "tracer/loop/stacks/raw_stack.h"

#include <string.h>
#include <sys/uio.h>

#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/stacks/frame_links.h"
#include "tracer/probe/image.h"

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

void raw_view_init(struct raw_view *view, struct process *process, struct code_map *map,
		   const struct stack_copy *copy)
{
	*view = (struct raw_view){ process, map, copy, process_memory_tid(process) };
}

struct unwind_memory raw_view_memory(struct raw_view *view)
{
	return (struct unwind_memory){ view_read, view_find_elf, view };
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

/* Appends what unwinding from @registers finds; *@ret_outer is the last of it, and *@ret_end why. */
static struct error *unwind_part(const struct unwind_memory *memory,
				 const struct unwind_registers *registers, bool is_first,
				 struct raw_stack *ret, struct unwind_frame *ret_outer,
				 enum unwind_end *ret_end)
{
	struct unwind_frame frames[RAW_STACK_MAX];
	size_t count;

	struct error *err = unwind_frames(memory, registers, frames, RAW_STACK_MAX - ret->count,
					  &count, ret_end);
	if (err != NULL || count == 0)
		return err;
	/* A caller that was found by a link is behind its call, as all are but the first. */
	frames[0].is_exact = is_first;
	for (size_t i = 0; i < count; i++) {
		ret->is_exact[ret->count] = frames[i].is_exact;
		ret->sps[ret->count] = frames[i].sp;
		ret->pcs[ret->count++] =
			frames[i].is_exact ? frames[i].pc : taddr(frames[i].pc.value - 1);
	}
	*ret_outer = frames[count - 1];
	return NULL;
}

struct error *raw_stack_unwind(struct process *process, struct code_map *map,
			       const struct unwind_registers *registers,
			       const struct stack_copy *copy, struct raw_stack *ret)
{
	enum { LINKS_MAX = 64 }; /* a stack of code made at run time has one for each function */
	struct raw_view view;
	const struct unwind_memory memory = raw_view_memory(&view);
	const struct frame_links links = { &memory, process, map, process_memory_tid(process) };
	struct unwind_registers from = *registers;
	struct unwind_frame outer = { 0 };
	enum unwind_end end = UNWIND_LOST;
	bool is_found = true;
	struct error *err = NULL;

	raw_view_init(&view, process, map, copy);
	ret->count = 0;
	ret->python_count = 0;
	code_map_update(map, view.tid);
	from.values[UNWIND_PC] = program_pc(process, taddr(from.values[UNWIND_PC])).value;
	for (int i = 0; err == NULL && is_found && i < LINKS_MAX; i++) {
		is_found = false;
		err = unwind_part(&memory, &from, i == 0, ret, &outer, &end);
		if (err == NULL && end != UNWIND_COMPLETE && ret->count > 0 &&
		    ret->count < RAW_STACK_MAX)
			err = frame_links_caller(&links, &outer, &from, &is_found);
	}
	ret->is_cut = end != UNWIND_COMPLETE;
	return err;
}
