/* How many bytes a jump may overwrite; see jump_window.h. Probe layer. */
#include "tracer/probe/code/jump_window.h"

#include <string.h>

#include "symbols/file/inlined.h"
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
	[JUMP_FUNCTION_END] = "the function ends inside",
};

const char *jump_refusal_text(enum jump_refusal refusal)
{
	return texts[refusal];
}

void jump_window_find(const struct jump_function *function, taddr_t address,
		      struct jump_window *ret)
{
	struct arch_insn insn;
	uint8_t code[ARCH_INSN_BYTES_MAX];

	*ret = (struct jump_window){ .refusal = JUMP_NO_CODE };
	size_t got = symbol_file_read_code(function->targets->file, address, code, sizeof(code));
	if (got == 0 || !arch_decode(code, got, address, &insn))
		return;
	ret->bytes = insn.bytes;
	memcpy(ret->code, code, insn.bytes);
	ret->is_single = insn.bytes >= JUMP_WINDOW_BYTES_MIN;
	ret->refusal = ret->is_single ? JUMP_POSSIBLE : JUMP_NO_FUNCTION;
}

bool jump_window_matches(const struct jump_window *window, const uint8_t *memory)
{
	return memcmp(window->code, memory, window->bytes) == 0;
}
