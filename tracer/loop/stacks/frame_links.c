/* Frames by their links; see frame_links.h. Loop layer. */
#include "tracer/loop/stacks/frame_links.h"

#include "tracer/arch/arch.h"
#include "tracer/base/machine.h"

enum {
	SEARCHED_WORDS = 8192, /* 64 KiB: frames with more are rare */
	WINDOW_WORDS = 128,
	WORD_BYTES = sizeof(uint64_t),
};

/* The function of @frame and the stack that it is on. */
struct link_search {
	const struct frame_links *links;
	taddr_t function; /* where it begins; 0: not known */
	uint64_t stack_start, stack_end;
	unsigned tries; /* callers of which only their own callers can tell whether they are */
};

static size_t read_memory(const struct frame_links *links, taddr_t from, void *ret, size_t bytes)
{
	return links->memory->read(links->memory->context, from, ret, bytes);
}

static bool read_word(const struct frame_links *links, taddr_t from, uint64_t *ret)
{
	return read_memory(links, from, ret, WORD_BYTES) == WORD_BYTES;
}

static struct error *function_start(const struct frame_links *links, taddr_t pc, taddr_t *ret)
{
	const struct mapping *m = code_map_find(links->map, links->tid, pc);
	struct mapped_code *code = NULL;

	*ret = taddr(0);
	if (m == NULL || !m->executable)
		return NULL;
	struct error *err = code_map_open(links->map, links->process, links->tid, m, &code);
	if (err != NULL || code->names == NULL)
		return err;
	const struct function *function =
		symbol_file_function_at(code->names->file, taddr(pc.value - code->bias));
	if (function != NULL)
		*ret = taddr(function->start.value + code->bias);
	return NULL;
}

/* Where a call to @target ends up: behind an entry of a PLT, elsewhere. */
static taddr_t call_end(const struct frame_links *links, const struct arch_call *call)
{
	uint8_t code[ARCH_JUMP_SLOT_BYTES];
	taddr_t slot = call->target;
	uint64_t to;

	if (!call->is_through) {
		size_t got = read_memory(links, call->target, code, sizeof(code));
		if (!arch_jump_slot(code, got, call->target, &slot))
			return call->target;
	}
	return read_word(links, slot, &to) ? taddr(to) : taddr(0);
}

enum verdict { IS_NO_CALLER, IS_CALLER, MAY_BE_CALLER };

/* Whether a call of the function may return to @value, with @link below it. */
static enum verdict judge(const struct link_search *search, taddr_t at, uint64_t link,
			  uint64_t value)
{
	const struct frame_links *links = search->links;
	const struct mapping *m = proc_maps_find(&links->map->maps, value);
	struct arch_call calls[ARCH_CALLS_BEFORE_MAX];
	uint8_t before[ARCH_CALL_BYTES_MAX + 2];

	if (m == NULL || !m->executable || m->is_ours || value < m->start + sizeof(before) ||
	    read_memory(links, taddr(value - sizeof(before)), before, sizeof(before)) !=
		    sizeof(before))
		return IS_NO_CALLER;
	size_t count = arch_calls_before(before, sizeof(before), taddr(value), calls);
	for (size_t i = 0; i < count && search->function.value != 0; i++) {
		if (taddr_equal(call_end(links, &calls[i]), search->function))
			return IS_CALLER;
	}
	if ((count > 0 && search->function.value != 0) ||
	    !arch_ends_with_call(before, sizeof(before)))
		return IS_NO_CALLER;
	/* Where the call goes is not known. */
	bool is_link = link > at.value && link < search->stack_end && link % WORD_BYTES == 0;
	return is_link ? IS_CALLER : MAY_BE_CALLER;
}

/* Whether the unwind information leads from @registers to the outermost frame: by chance it does not. */
static bool leads_to_end(struct link_search *search, const struct unwind_registers *registers)
{
	enum { LOOKED_AT = 16, TRIES_MAX = 8 };
	struct unwind_frame frames[LOOKED_AT];
	enum unwind_end end = UNWIND_LOST;
	size_t count;

	if (search->tries++ >= TRIES_MAX)
		return false;
	error_free(
		unwind_frames(search->links->memory, registers, frames, LOOKED_AT, &count, &end));
	return end == UNWIND_COMPLETE;
}

static bool take_caller(struct link_search *search, taddr_t at, uint64_t link, uint64_t value,
			struct unwind_registers *ret)
{
	const enum verdict verdict = judge(search, at, link, value);

	if (verdict == IS_NO_CALLER)
		return false;
	ret->known = UNWIND_REGISTER_BIT(UNWIND_PC) | UNWIND_REGISTER_BIT(UNWIND_SP) |
		     UNWIND_REGISTER_BIT(UNWIND_FP);
	ret->values[UNWIND_PC] = value;
	ret->values[UNWIND_SP] = at.value + 2 * WORD_BYTES;
	ret->values[UNWIND_FP] = link;
	return verdict == IS_CALLER || leads_to_end(search, ret);
}

/* The frame pointer is not known: the link is somewhere above the stack pointer. */
static bool search_stack(struct link_search *search, taddr_t sp, struct unwind_registers *ret)
{
	uint64_t words[WINDOW_WORDS + 1];

	for (size_t done = 0; done < SEARCHED_WORDS; done += WINDOW_WORDS) {
		const taddr_t from = taddr_add(sp, done * WORD_BYTES);
		const size_t got = read_memory(search->links, from, words, sizeof(words));
		for (size_t i = 0; i + 1 < got / WORD_BYTES; i++) {
			if (take_caller(search, taddr_add(from, i * WORD_BYTES), words[i],
					words[i + 1], ret))
				return true;
		}
		if (got != sizeof(words))
			return false;
	}
	return false;
}

struct error *frame_links_caller(const struct frame_links *links, const struct unwind_frame *frame,
				 struct unwind_registers *ret, bool *ret_is_found)
{
	const struct mapping *stack = code_map_find(links->map, links->tid, frame->sp);
	struct link_search search = { .links = links };
	const taddr_t at = taddr(frame->frame_pointer);
	uint64_t words[2];

	*ret_is_found = false;
	/* Else the stack pointer of the caller, which all that follows goes by, is not known by its link. */
	if (!MACHINE_LINK_IS_TOP || stack == NULL || frame->sp.value % WORD_BYTES != 0)
		return NULL;
	search.stack_start = frame->sp.value;
	search.stack_end = stack->end;
	const taddr_t pc = frame->is_exact ? frame->pc : taddr(frame->pc.value - 1);
	struct error *err = function_start(links, pc, &search.function);
	if (err != NULL)
		return err;
	if (!frame->has_frame_pointer)
		*ret_is_found = search_stack(&search, frame->sp, ret);
	else if (at.value >= search.stack_start && at.value < search.stack_end &&
		 read_memory(links, at, words, sizeof(words)) == sizeof(words))
		*ret_is_found = take_caller(&search, at, words[0], words[1], ret);
	return NULL;
}
