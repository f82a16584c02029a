/* Our trap in a copy of code; see copied_code.h. Probe layer. */
#include "tracer/probe/code/copied_code.h"

#include "tracer/arch/arch.h"

enum {
	/* As much as we keep of each site's code, and as an instruction has at most. */
	SAME_BYTES_MIN = ARCH_INSN_BYTES_MAX,
	/* Functions that are shorter resemble each other too much. */
	FUNCTION_BYTES_MIN = 8,
};

static bool is_same_at(const struct code_view *copy, const struct code_source *source, size_t i)
{
	if (i < copy->start || i >= copy->end || i < source->code.start || i >= source->code.end)
		return false;
	return copy->bytes[i] == source->code.bytes[i] ||
	       (source->may_be_trap[i] && copy->bytes[i] == arch_trap_insn[0]);
}

bool copied_code_is_of(const struct code_view *copy, const struct code_source *source)
{
	size_t from = CODE_REACH_BYTES, to = CODE_REACH_BYTES + 1;

	while (from > 0 && is_same_at(copy, source, from - 1))
		from--;
	while (to < CODE_VIEW_BYTES && is_same_at(copy, source, to))
		to++;
	if (to < (size_t)CODE_REACH_BYTES + source->displaced_bytes)
		return false;
	if (source->function_bytes >= FUNCTION_BYTES_MIN &&
	    to - CODE_REACH_BYTES >= source->function_bytes)
		return true;
	return to - from >= SAME_BYTES_MIN;
}

void copy_verdict_add(struct copy_verdict *verdict, const struct code_source *source)
{
	uint8_t byte = source->code.bytes[CODE_REACH_BYTES];

	verdict->is_unclear = verdict->is_unclear || (verdict->is_found && verdict->byte != byte);
	verdict->is_found = true;
	verdict->byte = byte;
}
