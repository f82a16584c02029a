/*
 * The parts of a function that its own jumps lead to (probe layer); see jump_function_private.h.
 *
 * A part is what no name, no call and no pointer makes a function: GCC's .cold, or, in a file without symbols, another
 * function that is only jumped to. Parts may jump back by tables of their own, so their code is looked at, too.
 */
#include <stdlib.h>

#include "tracer/arch/references.h"
#include "tracer/base/array.h"
#include "symbols/file/inlined.h"
#include "tracer/probe/code/jump_function_private.h"

enum { PADDING_BYTES_MAX = 64 }; /* in front of a function */

bool jump_function_meets_stub(const struct jump_function *function, taddr_t address)
{
	uint8_t code[2 * ARCH_INSN_BYTES_MAX];
	size_t bytes = symbol_file_read_code(function->targets->file, address, code, sizeof(code));
	struct arch_insn insn;

	if (!arch_decode(code, bytes, address, &insn))
		return false;
	const size_t skipped = insn.is_call_mark ? insn.bytes : 0;
	if (skipped > 0 &&
	    !arch_decode(code + skipped, bytes - skipped, taddr_add(address, skipped), &insn))
		return false;
	return insn.flow == ARCH_FLOW_INDIRECT &&
	       arch_jump_register(code + skipped, insn.bytes) == ARCH_NO_REGISTER;
}

/*
 * Whether code that is nobody's leads to the beginning of a function that has a name: it is one, which was written
 * without unwind information, or pads the end of one whose end is said to be out of reach.
 */
static bool meets_function(const struct jump_function *function, taddr_t address)
{
	const struct symbol_file *file = function->targets->file;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	struct code_range range;
	struct arch_insn insn;

	for (taddr_t at = address; at.value < address.value + PADDING_BYTES_MAX;
	     at = taddr_add(at, insn.bytes)) {
		const struct function *symbol = symbol_file_function_at(file, at);
		if (symbol != NULL && taddr_equal(symbol->start, at) && !symbol->is_unnamed)
			return true;
		if (jump_targets_range(function->targets, at, &range))
			return taddr_equal(range.start, at) &&
			       jump_targets_is_function(function->targets, at);
		const size_t bytes = symbol_file_read_code(file, at, code, sizeof(code));
		if (!arch_decode(code, bytes, at, &insn) || !insn.is_padding)
			return false;
	}
	return false;
}

/* More parts than a graph holds: those without jumps by registers, which cannot lead back but by branches. */
struct left_parts {
	taddr_t *starts; /* owned */
	size_t count, capacity;
};

enum { LEFT_PARTS_MAX = 512 };

static bool is_left(const struct left_parts *left, taddr_t start)
{
	for (size_t i = 0; i < left->count; i++) {
		if (taddr_equal(left->starts[i], start))
			return true;
	}
	return false;
}

/* Whether all of @range is understood, and none of its jumps goes through a register. */
static struct error *find_plain(const struct jump_targets *targets, const struct code_range *range,
				bool *ret)
{
	struct cfg part = { 0 };
	uint8_t code[ARCH_INSN_BYTES_MAX];

	struct error *err = cfg_add_range(&part, targets->file, range->start, range->end);
	*ret = err == NULL && cfg_is_whole(&part);
	for (uint32_t i = 0; *ret && i < part.count; i++)
		*ret = part.insns[i].flow != ARCH_FLOW_INDIRECT ||
		       arch_jump_register(code, cfg_code(&part, i, code)) == ARCH_NO_REGISTER;
	cfg_deinit(&part);
	return err;
}

/* Of a part that the graph has no room for. */
static struct error *leave_out(struct jump_function *function, struct left_parts *left,
			       const struct code_range *range)
{
	bool is_plain = false;

	if (is_left(left, range->start))
		return NULL;
	struct error *err = left->count == LEFT_PARTS_MAX
				    ? NULL
				    : find_plain(function->targets, range, &is_plain);
	function->has_unknown_jump |= !is_plain;
	if (err == NULL && is_plain)
		err = array_reserve(&left->starts, &left->capacity, left->count + 1,
				    sizeof(*left->starts));
	if (err == NULL && is_plain)
		left->starts[left->count++] = range->start;
	return err;
}

/* Where a jump leads out of the function: to what may be a part of it. */
static struct error *follow(struct jump_function *function, struct left_parts *left,
			    taddr_t address)
{
	const struct jump_targets *targets = function->targets;
	struct code_range range;

	if (cfg_holds(&function->graph, address) || jump_function_meets_stub(function, address))
		return NULL;
	if (!jump_targets_range(targets, address, &range)) {
		function->has_unknown_jump |= !meets_function(function, address);
		return NULL;
	}
	if (taddr_equal(range.start, address) && jump_targets_is_function(targets, address))
		return NULL; /* a tail call */
	struct error *err = cfg_add_range(&function->graph, targets->file, range.start, range.end);
	if (err != NULL || cfg_holds(&function->graph, address))
		return err;
	return leave_out(function, left, &range);
}

struct error *jump_parts_find(struct jump_function *function)
{
	const size_t own = function->graph.count;
	struct left_parts left = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < own; i++) {
		const struct code_insn insn = function->graph.insns[i];
		if (insn.branch.value != 0 && !insn.is_call)
			err = follow(function, &left, insn.branch);
	}
	free(left.starts);
	return err;
}
