/* The code of jump pads as the assembler made it, and what is known of each place in it (arch layer). */
#ifndef ARCH_X86_64_PAD_TEMPLATE_H
#define ARCH_X86_64_PAD_TEMPLATE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/arch/pad.h"

/* What pads keep on the stack, in this order, the first one highest. */
enum pad_word {
	PAD_WORD_RAX,
	PAD_WORD_RCX,
	PAD_WORD_RDX,
	PAD_WORD_FLAGS, /* AH and AL as lahf and seto left them */
	PAD_WORD_RSI,
	PAD_WORD_RDI,
	PAD_WORD_R10,
	PAD_WORD_R11,
	PAD_WORD_TSC,
	PAD_WORD_RING,
	PAD_WORDS,
};

/* Where the program's flags are, unless their word is on the stack. */
enum pad_flags {
	PAD_FLAGS_LIVE,
	PAD_FLAGS_IN_RAX,	/* as the word was */
	PAD_FLAGS_IN_RAX_ADDED, /* 0x7f has been added to AL: the overflow flag is its sign */
};

/* The state of a thread from @offset on, up to the next row's. */
struct pad_state {
	uint16_t offset;
	uint8_t words;	     /* on the stack: of enum pad_word, the first so many */
	uint8_t moved_bytes; /* so far below the program's stack pointer the words begin */
	uint8_t flags;	     /* enum pad_flags */
	uint8_t stage;	     /* enum arch_pad_stage */
	uint8_t owes;	     /* enum pad_owes */
	uint8_t unused;
};

/* What a call that was taken back from its ring has not been added to yet: the sum is in rdx, its ticks in rsi. */
enum pad_owes {
	PAD_OWES_NOTHING,
	PAD_OWES_ALL,
	PAD_OWES_COUNT, /* and the extremes */
	PAD_OWES_EXTREMES,
	PAD_OWES_ALL_IF_ZERO, /* all if the zero flag is set; else nothing has been taken back: ARCH_PAD_BEFORE */
};

enum pad_hole_kind {
	PAD_HOLE_SITE,	  /* the site's number: 4 bytes */
	PAD_HOLE_DATA,	  /* the address of what pads share: 8 bytes */
	PAD_HOLE_ADDRESS, /* the site's address: 8 bytes */
	PAD_HOLE_CFA,	  /* the distance of the CFA from a register: 4 bytes */
};

/* Bytes to be filled in, in front of @end. */
struct pad_hole {
	uint16_t end;
	uint16_t kind;
};

struct pad_template {
	const uint8_t *code;
	const struct arch_pad_layout *layout;
	const struct pad_state *states, *states_end;
	const struct pad_hole *holes, *holes_end;
	bool is_low; /* the words are below the stack pointer, which they have not moved */
};
extern const struct pad_template pad_templates[]; /* by enum arch_pad_kind */

/* Of ARCH_PAD_PLAIN. */
enum { PAD_PLAIN_STATES = 2 };
extern const uint8_t pad_plain_code[];
extern const struct arch_pad_layout pad_plain_layout;
extern const struct pad_state pad_plain_states[PAD_PLAIN_STATES];

#endif
