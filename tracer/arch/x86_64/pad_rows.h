/*
 * x86-64: what the assembly of pads says of itself, row by row, and where it keeps the program's words (arch layer; only for
 * pad_template.c).
 *
 * A pad keeps words of the program's on its stack. Where something of the program's may lie below its stack pointer, it
 * pushes them below the red zone: with N of them, the program's stack pointer is 128 + 8 * N above ours. Where nothing does
 * (pad_is_low), they go into the red zone, which handlers of signals leave alone, and the stack pointer stays where it is;
 * behind a call, 8 bytes lower: it then points to the return address, there as at an entry, and who knows nothing of the code
 * takes it for that of a function which has not done anything yet. So gdb does (amd64-tdep.c, amd64_frame_cache_1).
 *
 * The symbols pad_is_low and pad_moves are set by each template: by how many bytes the stack pointer moves first.
 */
#ifndef ARCH_X86_64_PAD_ROWS_H
#define ARCH_X86_64_PAD_ROWS_H

/* clang-format off */

/* A row of struct pad_state, from here on; 770 is the pad's first byte. */
#define STATE_OWING(words, is_moved, flags, stage, owes)					\
	"771:	.pushsection .rodata.pad_states, \"a\"\n"					\
	"	.2byte	771b - 770b\n"								\
	"	.byte	" #words ", " #is_moved " * pad_moves, " #flags ", " #stage ", " #owes ", 0\n" \
	"	.popsection\n"
#define STATE(words, is_moved, flags, stage) STATE_OWING(words, is_moved, flags, stage, 0)
#define BEFORE(words) STATE(words, 1, 0, 1)
#define RECORDED(words) STATE(words, 1, 0, 2)

#define OWING(owes) STATE_OWING(6, 1, 0, 2, owes)

/* Word @number of enum pad_word, the next one, comes onto the stack; the last one leaves it. A row must follow. */
#define SAVE(number, reg)									\
	"	.if	pad_is_low\n"								\
	"	movq	%" #reg ", -8 * " #number " - 8(%rsp)\n"				\
	"	.else\n"									\
	"	pushq	%" #reg "\n"								\
	"	.endif\n"
#define LOAD(number, reg)									\
	"	.if	pad_is_low\n"								\
	"	movq	-8 * " #number " - 8(%rsp), %" #reg "\n"				\
	"	.else\n"									\
	"	popq	%" #reg "\n"								\
	"	.endif\n"

/* With @words on the stack: pad_sp is the program's stack pointer's distance from ours; pad_at, that of word @number. */
#define FIND_SP(words)										\
	"	.set	pad_sp, pad_moves + (1 - pad_is_low) * 8 * " #words "\n"
#define FIND_WORD(number, words)								\
	"	.set	pad_at, (1 - pad_is_low) * 8 * " #words " - 8 * " #number " - 8\n"

/* What is in front is to be filled in, by enum pad_hole_kind. */
#define HOLE(kind)										\
	"771:	.pushsection .rodata.pad_holes, \"a\"\n"					\
	"	.2byte	771b - 770b, " #kind "\n"						\
	"	.popsection\n"

/* clang-format on */

#endif
