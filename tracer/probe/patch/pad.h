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

enum { PAD_WINDOW_BYTES_MAX = ARCH_JUMP_BYTES - 1 + ARCH_INSN_BYTES_MAX };

/* What a pad does instead of the program. */
struct pad_window {
	const uint8_t *code;
	uint8_t bytes;		  /* whole instructions */
	uint8_t run_bytes;	  /* of them, from the first on: what follows is padding */
	int32_t cfa_offset_bytes; /* of a frame pad (arch/pad.h) */
};

struct pad {
	enum arch_pad_kind kind;
	uint32_t number;      /* of its site, in records */
	uint32_t word;	      /* as last written (arch_pad_sum) */
	uint8_t window_bytes; /* of the program's code, which it does instead, … */
	uint8_t run_bytes;    /* … and in which a thread may be */
	uint8_t window[PAD_WINDOW_BYTES_MAX]; /* that code */
	uint8_t point_count;
	struct arch_slot_point points[ARCH_WINDOW_POINTS_MAX]; /* from the displaced code on */
	uint32_t fallback_number; /* of its trap (trap_fallback.h); 0: none */
	struct code_block block;
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

/* From now on it has @word: of a sum (arch_pad_sum), or 0. */
struct error *pad_set_word(struct pad *pad, const struct address_space *space,
			   uint32_t word) MUST_CHECK;

/* Where the jump leads, where the displaced code is, and the trap of the pad's slow way. */
taddr_t pad_entry(const struct pad *pad);
taddr_t pad_displaced(const struct pad *pad);
taddr_t pad_trap(const struct pad *pad);

/* The boundary of the displaced code at @pc; NULL: none is there. */
const struct arch_slot_point *pad_point(const struct pad *pad, taddr_t pc);

/* Whether it is in the memory, rather than the traps that were there before (slot_arena.h). */
bool pad_is_there(const struct pad *pad, const struct address_space *space);

/* Whether it does the @window_bytes at @code. */
bool pad_does(const struct pad *pad, const uint8_t *code, uint8_t window_bytes);

/* Whether @pc is in the code that does the recording. */
bool pad_is_recording(const struct pad *pad, taddr_t pc);

#endif
