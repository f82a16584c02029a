/*
 * How many bytes a jump may overwrite at an address of a function, and why none (probe layer).
 *
 * A jump of JUMP_WINDOW_BYTES_MIN bytes takes the place of whole instructions, the window. Nothing may
 * enter the window but at its first byte: no branch, no return, no exception, no other symbol. What
 * cannot be proven is refused. Whether a thread stands inside is not asked here.
 */
#ifndef PROBE_CODE_JUMP_WINDOW_H
#define PROBE_CODE_JUMP_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/arch/arch.h"
#include "tracer/probe/code/jump_function.h"

enum {
	JUMP_WINDOW_BYTES_MIN = 5, /* jmp rel32 */
	/* The last instruction begins within the first four bytes at the latest. */
	JUMP_WINDOW_BYTES_MAX = JUMP_WINDOW_BYTES_MIN - 1 + ARCH_INSN_BYTES_MAX,
};

enum jump_refusal {
	JUMP_POSSIBLE,
	JUMP_NO_CODE,	      /* the file has no known instruction there */
	JUMP_NO_FUNCTION,     /* nothing says what function it is in */
	JUMP_INTERIOR_ENTRY,  /* a branch, a table or a pointer leads inside */
	JUMP_LANDING_PAD,     /* an exception may arrive inside */
	JUMP_SYMBOL_INSIDE,   /* another function or label begins inside */
	JUMP_UNKNOWN_TARGETS, /* the function has a jump whose targets are not known */
	JUMP_UNKNOWN_CODE,    /* not all of the function was understood: data in it, perhaps */
	JUMP_CALL_INSIDE,     /* a call would return inside */
	JUMP_SYSCALL_INSIDE,  /* a system call would return inside, or be repeated from there */
	JUMP_EXCLUDED,	      /* the code must stay as it is: symbol_file_why_excluded */
	JUMP_FUNCTION_END,    /* the function ends inside, and no padding follows */
	JUMP_NOT_SHORT,	      /* of a punned jump: its instruction is as long as a whole one */
	JUMP_REFUSALS,
};

struct jump_window {
	enum jump_refusal refusal;
	uint8_t offset_bytes; /* from the address asked about to the window: a call mark stays */
	uint8_t bytes;	      /* of the window: whole instructions */
	uint8_t run_bytes; /* of them, those that control runs through: padding may follow a return */
	/* One instruction, and padding perhaps, and no call mark in front of it: no thread can stand inside. */
	bool is_single;
	/*
	 * Nothing of the program's is below the stack pointer at its start: that is a function's, which is only called, or
	 * is behind a call, and nothing but its return leads there. What is below is lost over calls (psABI 3.2.2).
	 */
	bool is_stack_free;
	bool is_known; /* an instruction of the function begins at its start, and all of that is understood */
	/* Its bytes in the file; with a punned jump, and of those behind it as many as a jump may have. */
	uint8_t code_bytes;
	uint8_t code[JUMP_WINDOW_BYTES_MAX];
};

/*
 * The window at @address, a function's entry or a return address, which @function must hold. Pure.
 * Whatever @ret->refusal says, @ret is filled.
 */
void jump_window_find(const struct jump_function *function, taddr_t address,
		      struct jump_window *ret);

/*
 * Likewise, of one instruction that is shorter than a jump, for one that is punned: what follows stays as it is, and
 * anything may enter there. JUMP_NOT_SHORT: a whole jump fits.
 */
void jump_window_find_punned(const struct jump_function *function, taddr_t address,
			     struct jump_window *ret);

/*
 * Whether @memory, @window->code_bytes of the program's code at the window, our own patches hidden, is still the
 * file's. If not, somebody else has patched it: refuse.
 */
bool jump_window_matches(const struct jump_window *window, const uint8_t *memory);

/* Why, as a clause: "a branch leads inside". */
const char *jump_refusal_text(enum jump_refusal refusal);

#endif
