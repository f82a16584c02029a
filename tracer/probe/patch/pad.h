/*
 * The code that a jump leads to (probe layer): it records, in a ring, that a thread has passed a site, and then
 * does what the jump has displaced. arch/pad.h makes it; here it comes into the program.
 */
#ifndef PROBE_PATCH_PAD_H
#define PROBE_PATCH_PAD_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/arch/pad.h"
#include "tracer/probe/patch/code_block.h"
#include "tracer/probe/patch/injected.h"

enum {
	PAD_WINDOW_BYTES_MAX = ARCH_JUMP_BYTES - 1 + ARCH_INSN_BYTES_MAX,
	PAD_EXTENT_BYTES_MAX = ARCH_CALL_MARK_BYTES_MAX + PAD_WINDOW_BYTES_MAX,
};

/* What a pad does instead of the program. */
struct pad_window {
	const uint8_t *code;  /* of @code_bytes */
	uint8_t offset_bytes; /* from the site to it: that of a call mark, which stays */
	uint8_t bytes; /* whole instructions; fewer than ARCH_JUMP_BYTES are for a punned jump */
	uint8_t run_bytes;  /* of them, from the first on: what follows is padding */
	uint8_t code_bytes; /* from the first on, that stay as they are: for a punned jump, more */
	uint8_t prefix_bytes; /* of the jump: trampoline_find */
	uint8_t prefix;	      /* which: of arch_jump_prefixes */
	bool is_stack_free; /* nothing is kept below the stack pointer: ARCH_PAD_CALLED, _RETURNED */
	taddr_t trampoline; /* that the jump leads to; 0: the pad, or what trampoline_find finds */
	int32_t cfa_offset_bytes; /* of a frame pad (arch/pad.h) */
};

struct pad {
	enum arch_pad_kind kind;
	uint32_t number;      /* of its site, in records */
	uint8_t offset_bytes; /* of the jump, from its site on */
	uint8_t prefix_bytes; /* in front of it, */
	uint8_t prefix;	      /* of arch_jump_prefixes */
	uint32_t word;	      /* as last written (arch_pad_sum) */
	bool is_lax;	      /* it goes by the longer age of memory (arch_pad_ring) */
	uint8_t window_bytes; /* of the program's code, which it does instead, … */
	uint8_t run_bytes;    /* … and in which a thread may be */
	uint8_t window[PAD_WINDOW_BYTES_MAX]; /* that code, and what else there is of a jump */
	uint8_t point_count;
	struct arch_slot_point points[ARCH_WINDOW_POINTS_MAX]; /* from the displaced code on */
	/* Of its trap, and of its jump where that is not at the site (trap_fallback.h); 0: none. */
	uint32_t fallback_number, jump_fallback_number;
	struct code_block block;
	/* A jump to the pad, where a punned jump leads (probe/jump/trampoline.h); its start is 0: there is none. */
	struct code_block trampoline;
};

/*
 * Makes a pad of @kind for the site at @address, of which @window is displaced, in a block of @room
 * (slot_arena.h). @data: what pads share (pad_area.h). @tracee is stopped, outside any system call. Fails with
 * ERR_FORMAT when the code cannot run elsewhere or there is no room. *@ret is owned by the caller.
 */
struct error *pad_create(enum arch_pad_kind kind, uint32_t number, taddr_t address,
			 const struct pad_window *window, taddr_t data, struct injected *injected,
			 enum injected_kind room, struct tracee *tracee,
			 struct pad **ret) MUST_CHECK;
void pad_destroy(struct pad *pad, struct injected *injected);

/* A copy for a clone of @injected's list. */
struct error *pad_clone(const struct pad *pad, struct injected *injected,
			struct pad **ret) MUST_CHECK;

/* Of the jump: where it is, how many bytes it has, how many of them are written, where it leads. */
taddr_t pad_jump_place(const struct pad *pad);
uint8_t pad_jump_length(const struct pad *pad);
uint8_t pad_jump_bytes(const struct pad *pad);
taddr_t pad_way_in(const struct pad *pad);

/* How many bytes from its site on must stay as they are while there is the jump. */
uint8_t pad_extent_bytes(const struct pad *pad);

/* From now on it is lax. */
struct error *pad_set_lax(struct pad *pad, const struct address_space *space) MUST_CHECK;

/* From now on it has @word: of a sum (arch_pad_sum), or 0. */
struct error *pad_set_word(struct pad *pad, const struct address_space *space,
			   uint32_t word) MUST_CHECK;

/* Its first instruction, where the displaced code is, and the trap of the pad's slow way. */
taddr_t pad_entry(const struct pad *pad);
taddr_t pad_displaced(const struct pad *pad);
taddr_t pad_trap(const struct pad *pad);

/* The boundary of the displaced code at @pc; NULL: none is there. */
const struct arch_slot_point *pad_point(const struct pad *pad, taddr_t pc);

/* Whether it is in the memory, rather than the traps that were there before (slot_arena.h). */
bool pad_is_there(const struct pad *pad, const struct address_space *space);

/* Whether it does the @window_bytes at @code. */
bool pad_does(const struct pad *pad, const uint8_t *code, uint8_t window_bytes);

/*
 * Whether @pc is in the code that does the recording, or on the trampoline in front of it. *@ret_offset is for
 * arch_pad_leave.
 */
bool pad_is_recording(const struct pad *pad, taddr_t pc, uint64_t *ret_offset);

#endif
