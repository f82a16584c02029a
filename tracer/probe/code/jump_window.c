/* How many bytes a jump may overwrite; see jump_window.h. Probe layer. */
#include "tracer/probe/code/jump_window.h"

#include <string.h>

#include "symbols/file/inlined.h"
#include "tracer/arch/references.h"
#include "tracer/probe/code/jump_function_private.h"

static const char *const texts[JUMP_REFUSALS] = {
	[JUMP_POSSIBLE] = "a jump fits",
	[JUMP_NO_CODE] = "no known instruction is there",
	[JUMP_NO_FUNCTION] = "nothing says which function it is in",
	[JUMP_INTERIOR_ENTRY] = "a branch, a table or a pointer leads inside",
	[JUMP_LANDING_PAD] = "an exception may arrive inside",
	[JUMP_SYMBOL_INSIDE] = "another function or label begins inside",
	[JUMP_UNKNOWN_TARGETS] = "the function jumps to where nothing says",
	[JUMP_UNKNOWN_CODE] = "not all of the function's code is understood",
	[JUMP_CALL_INSIDE] = "a call would return inside",
	[JUMP_SYSCALL_INSIDE] = "a system call would return inside",
	[JUMP_EXCLUDED] = "code inside must stay as it is",
	[JUMP_FUNCTION_END] = "the function ends inside",
	[JUMP_NOT_SHORT] = "its instruction is not a short one",
};

const char *jump_refusal_text(enum jump_refusal refusal)
{
	return texts[refusal];
}

/* What a window is tried on: instructions from the graph, padding behind the function from the file. */
struct attempt {
	const struct jump_function *function;
	struct jump_window *window;
	taddr_t address, start; /* asked about; of the window */
};

/* Takes the next instruction's bytes, false: there is none. */
static bool take_insn(struct attempt *attempt, taddr_t at, struct arch_insn *ret)
{
	struct jump_window *window = attempt->window;
	const struct cfg *graph = &attempt->function->graph;
	const uint32_t known = cfg_find(graph, at);
	uint8_t code[ARCH_INSN_BYTES_MAX];
	size_t got = known != CODE_NOWHERE ? cfg_code(graph, known, code)
					   : symbol_file_read_code(attempt->function->targets->file,
								   at, code, sizeof(code));

	if (got == 0 || !arch_decode(code, got, at, ret))
		return false;
	memcpy(window->code + window->bytes, code, ret->bytes);
	window->bytes = (uint8_t)(window->bytes + ret->bytes);
	return true;
}

static bool ends_flow(const struct arch_insn *insn)
{
	return insn->flow == ARCH_FLOW_JUMP || insn->flow == ARCH_FLOW_RETURN ||
	       insn->flow == ARCH_FLOW_INDIRECT || insn->flow == ARCH_FLOW_TRAP;
}

/* A trap of one byte is what linkers and assemblers pad with, too. */
static bool is_padding(const struct arch_insn *insn)
{
	return insn->is_padding || (insn->flow == ARCH_FLOW_TRAP && insn->bytes == 1);
}

/* Instructions up to the fifth byte. */
static enum jump_refusal take_insns(struct attempt *attempt)
{
	struct jump_window *window = attempt->window;
	bool has_ended = false;
	struct arch_insn insn;
	size_t first_bytes = 0;

	while (window->bytes < JUMP_WINDOW_BYTES_MIN) {
		taddr_t at = taddr_add(attempt->start, window->bytes);
		const bool is_inside = jump_function_holds(attempt->function, at);
		if (!is_inside && !has_ended)
			return attempt->function->has_range ? JUMP_FUNCTION_END : JUMP_NO_FUNCTION;
		if (!take_insn(attempt, at, &insn))
			return window->bytes == 0 ? JUMP_NO_CODE : JUMP_UNKNOWN_CODE;
		if (has_ended && !is_padding(&insn))
			return JUMP_FUNCTION_END;
		const bool is_last = window->bytes >= JUMP_WINDOW_BYTES_MIN;
		if (insn.is_call && !is_last)
			return JUMP_CALL_INSIDE;
		if (insn.enters_kernel && !has_ended)
			return JUMP_SYSCALL_INSIDE;
		if (!has_ended)
			window->run_bytes = window->bytes;
		first_bytes = first_bytes == 0 ? insn.bytes : first_bytes;
		has_ended |= ends_flow(&insn);
	}
	window->is_single = window->run_bytes == first_bytes && window->offset_bytes == 0;
	window->code_bytes = window->bytes;
	return JUMP_POSSIBLE;
}

/* The first instruction, and behind it the bytes that a jump has in common with the program. */
static enum jump_refusal take_first_insn(struct attempt *attempt)
{
	struct jump_window *window = attempt->window;
	struct arch_insn insn;

	if (!jump_function_holds(attempt->function, attempt->start))
		return attempt->function->has_range ? JUMP_FUNCTION_END : JUMP_NO_FUNCTION;
	if (!take_insn(attempt, attempt->start, &insn))
		return JUMP_NO_CODE;
	if (insn.enters_kernel)
		return JUMP_SYSCALL_INSIDE;
	if (insn.bytes >= JUMP_WINDOW_BYTES_MIN)
		return JUMP_NOT_SHORT;
	/* All but the opcode may be behind it. */
	const size_t shared_bytes = symbol_file_read_code(
		attempt->function->targets->file, taddr_add(attempt->start, insn.bytes),
		window->code + insn.bytes, JUMP_WINDOW_BYTES_MIN - 1);
	window->code_bytes = (uint8_t)(insn.bytes + shared_bytes);
	if (window->code_bytes < JUMP_WINDOW_BYTES_MIN)
		return JUMP_NO_CODE;
	window->run_bytes = insn.bytes;
	window->is_single = window->offset_bytes == 0;
	return JUMP_POSSIBLE;
}

/* Whether anything else begins in [first, end). */
static enum jump_refusal find_entry(const struct jump_function *function, taddr_t first,
				    taddr_t end)
{
	const struct jump_targets *targets = function->targets;
	const struct code_extents *extents = &targets->extents;
	size_t next = code_extents_from(extents, first);

	if (next < extents->count && extents->extents[next].start < end.value)
		return JUMP_SYMBOL_INSIDE;
	if (symbol_file_starts_within(targets->file, first, end))
		return JUMP_SYMBOL_INSIDE;
	const struct code_extent *extent = function->range.extent;
	for (uint32_t i = 0; extent != NULL && i < extent->pad_count; i++) {
		const uint64_t pad = extents->pads[extent->first_pad + i];
		if (pad >= first.value && pad < end.value)
			return JUMP_LANDING_PAD;
	}
	return jump_function_enters(function, first, end) || jump_targets_enter(targets, first, end)
		       ? JUMP_INTERIOR_ENTRY
		       : JUMP_POSSIBLE;
}

static enum jump_refusal decide(const struct attempt *attempt)
{
	const struct jump_function *function = attempt->function;
	const struct jump_window *window = attempt->window;

	if (symbol_file_why_excluded(function->targets->file, attempt->start,
				     taddr_add(attempt->start, window->bytes)) != NULL)
		return JUMP_EXCLUDED;
	enum jump_refusal refusal = find_entry(function, taddr_add(attempt->address, 1),
					       taddr_add(attempt->start, window->bytes));
	if (refusal != JUMP_POSSIBLE)
		return refusal;
	/* Where short branches lead is known of functions alone; what they may jump over is a prefix. */
	if (window->is_single)
		return function->has_range || !arch_has_optional_prefix(window->code, window->bytes)
			       ? JUMP_POSSIBLE
			       : JUMP_NO_FUNCTION;
	if (!function->has_range)
		return JUMP_NO_FUNCTION;
	if (function->has_unknown_code ||
	    cfg_find(&function->graph, attempt->start) == CODE_NOWHERE)
		return JUMP_UNKNOWN_CODE;
	return function->has_unknown_jump ? JUMP_UNKNOWN_TARGETS : JUMP_POSSIBLE;
}

/* Whether no jump of @function's own leads to [first, end), by a branch or a table. */
static bool is_only_called(const struct jump_function *function, taddr_t first, taddr_t end)
{
	const struct cfg *graph = &function->graph;
	bool is_left_alone = true;

	for (size_t i = 0; i < graph->count; i++) {
		const uint64_t branch = graph->insns[i].branch.value;
		is_left_alone &= branch < first.value || branch >= end.value;
	}
	for (size_t i = 0; i < function->table_entry_count; i++) {
		const uint64_t target = function->table_entries[i].target.value;
		is_left_alone &= target < first.value || target >= end.value;
	}
	return is_left_alone;
}

/*
 * Whether the function begins there, as one that others may call: no part of it, which its jumps lead to. Some linkers
 * give names to parts: what jumps alone refer to may be one.
 */
static bool is_start(const struct jump_function *function, taddr_t address)
{
	const struct jump_targets *targets = function->targets;
	const struct function *named = symbol_file_function_at(targets->file, address);
	const bool is_jumped_to = jump_targets_has(targets, ARCH_REFERENCE_JUMP, address) ||
				  jump_function_enters(function, address, taddr_add(address, 1));

	return named != NULL && taddr_equal(named->start, address) && !named->is_unnamed &&
	       taddr_equal(function->range.start, address) &&
	       (!is_jumped_to || jump_targets_has(targets, ARCH_REFERENCE_CALL, address) ||
		jump_targets_has(targets, ARCH_REFERENCE_CONSTANT, address));
}

/* Whether a call is in front of it, and nothing else leads there. */
static bool is_only_returned_to(const struct jump_function *function, taddr_t address)
{
	const struct cfg *graph = &function->graph;
	const uint32_t i = cfg_find(graph, address);

	if (i == CODE_NOWHERE || i == 0 || graph->insns[i].is_start ||
	    graph->insns[i].predecessors != 1)
		return false;
	const struct code_insn *call = &graph->insns[i - 1];
	return call->is_call && call->next == i &&
	       taddr_equal(taddr_add(call->address, call->bytes), address) &&
	       find_entry(function, address, taddr_add(address, 1)) == JUMP_POSSIBLE;
}

static bool is_stack_free(const struct attempt *attempt)
{
	const struct jump_function *function = attempt->function;

	if (!attempt->window->is_known || function->has_unknown_jump)
		return false;
	return is_start(function, attempt->address)
		       ? is_only_called(function, attempt->address, taddr_add(attempt->start, 1))
		       : taddr_equal(attempt->address, attempt->start) &&
				 is_only_returned_to(function, attempt->address);
}

/*
 * What stays as it is at the address asked about, for indirect calls. A punned jump leaves the type where it is, too: it
 * takes the place of the jump over that, and loops to what is behind do not meet it.
 */
static uint8_t mark_bytes(struct attempt *attempt, bool is_punned)
{
	const struct cfg *graph = &attempt->function->graph;
	const uint32_t known = cfg_find(graph, attempt->address);
	struct arch_insn insn;

	if (known != CODE_NOWHERE && !is_punned)
		return graph->insns[known].is_call_mark ? graph->insns[known].bytes : 0;
	const bool is_mark = take_insn(attempt, attempt->address, &insn) && insn.is_call_mark;
	attempt->window->bytes = 0;
	return is_mark ? insn.bytes : 0;
}

static void attempt_find(struct attempt *attempt, bool is_punned)
{
	struct jump_window *window = attempt->window;

	*window = (struct jump_window){ 0 };
	window->offset_bytes = mark_bytes(attempt, is_punned);
	attempt->start = taddr_add(attempt->address, window->offset_bytes);
	window->is_known = attempt->function->has_range && !attempt->function->has_unknown_code &&
			   cfg_find(&attempt->function->graph, attempt->start) != CODE_NOWHERE;
	window->is_stack_free = is_stack_free(attempt);
	window->refusal = is_punned ? take_first_insn(attempt) : take_insns(attempt);
	if (window->refusal == JUMP_POSSIBLE)
		window->refusal = decide(attempt);
}

void jump_window_find(const struct jump_function *function, taddr_t address,
		      struct jump_window *ret)
{
	struct attempt attempt = { function, ret, address, address };

	attempt_find(&attempt, false);
}

void jump_window_find_punned(const struct jump_function *function, taddr_t address,
			     struct jump_window *ret)
{
	struct attempt attempt = { function, ret, address, address };

	attempt_find(&attempt, true);
}

bool jump_window_matches(const struct jump_window *window, const uint8_t *memory)
{
	return memcmp(window->code, memory, window->code_bytes) == 0;
}
