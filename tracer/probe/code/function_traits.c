/* What the code of a function tells of its calls; see function_traits.h. Probe layer. */
#include "tracer/probe/code/function_traits.h"

#include "tracer/probe/code/cfg.h"

static bool leaves_by_jump(const struct code_insn *insn, taddr_t start, size_t bytes)
{
	/* Through a register or memory: a table of jumps, perhaps, or a tail call. */
	if (insn->flow == ARCH_FLOW_INDIRECT)
		return true;
	return insn->branch.value != 0 && insn->branch.value - start.value >= bytes;
}

static void add_return(struct function_traits *traits, const struct code_insn *insn,
		       taddr_t *returns, size_t capacity)
{
	if (traits->return_count < capacity)
		returns[traits->return_count] = insn->address;
	traits->return_count++;
	if (insn->popped_bytes > 0)
		traits->popped_bytes = insn->popped_bytes;
}

struct error *function_traits_find(const uint8_t *code, size_t bytes, taddr_t start,
				   taddr_t *returns, size_t capacity, struct function_traits *ret)
{
	struct cfg graph = { 0 };

	*ret = (struct function_traits){ 0 };
	struct error *err = cfg_add_code(&graph, start, code, bytes);
	for (size_t i = 0; err == NULL && i < graph.count; i++) {
		const struct code_insn *insn = &graph.insns[i];
		if (insn->flow == ARCH_FLOW_RETURN)
			add_return(ret, insn, returns, capacity);
		ret->reenters |= insn->branch.value != 0 && taddr_equal(insn->branch, start);
		ret->leaves_by_jump |= leaves_by_jump(insn, start, bytes);
	}
	/* Not all of it was understood. */
	if (!cfg_is_whole(&graph))
		ret->leaves_by_jump = true;
	cfg_deinit(&graph);
	return err;
}
