/* x86-64: the code of a pad that records nothing (arch layer); see pad_template.h. */
#include "tracer/arch/x86_64/pad_template.h"

enum { ENTRY = ARCH_PAD_WORDS_BYTES, TRAP = ENTRY + 2, DISPLACED = TRAP + 1 };

/* A jump over the trap, which all pads have and this one needs not. */
const uint8_t pad_plain_code[DISPLACED] = { [ENTRY] = 0xeb, 0x01, [TRAP] = 0xcc };

const struct arch_pad_layout pad_plain_layout = {
	.entry_offset = ENTRY,
	.trap_offset = TRAP,
	.displaced_offset = DISPLACED,
};

const struct pad_state pad_plain_states[PAD_PLAIN_STATES] = {
	{ .offset = 0, .stage = ARCH_PAD_BEFORE },
	{ .offset = DISPLACED, .stage = ARCH_PAD_NOT_IN },
};
