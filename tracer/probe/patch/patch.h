/*
 * What is written over a program's code at a site, and the code of ours that runs instead of what it
 * displaces (probe layer).
 *
 * A patch is some bytes of some kind. What a kind is like (how long, how written, where a thread can
 * be in it) is known here alone. Every patch begins as a trap: one instruction, after which the thread
 * is led to the block. It may become a jump to a pad.
 *
 * Where the site begins with a call mark, the jump is behind that, which comes back: indirect calls may arrive
 * there.
 *
 * A punned jump displaces one instruction that is shorter than a jump ("Instruction Punning: Lightweight
 * Instrumentation for x86-64", Chamith et al., PLDI 2017). The upper bytes of its distance are the first ones of
 * what follows, unchanged: the program executes them, too. So where it leads is given, but for the bytes that are
 * written, and there is a trampoline on the way to the pad. Those bytes must stay as they are, for as long.
 */
#ifndef PROBE_PATCH_PATCH_H
#define PROBE_PATCH_PATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/probe/patch/code_block.h"
#include "tracer/probe/patch/injected.h"
#include "tracer/probe/patch/pad.h"

enum patch_kind {
	PATCH_TRAP,
	PATCH_JUMP,
	PATCH_PUNNED, /* a jump of which but a part is written */
};

enum patch_state {
	PATCH_PLANNED, /* nothing of it is in the program's code */
	PATCH_WRITTEN,
	PATCH_RETIRED, /* it has been taken away; threads may be on their way through it */
};

enum { PATCH_BYTES_MAX = 6 };

struct patch {
	taddr_t address;
	enum patch_kind kind;
	enum patch_state state;
	uint8_t offset_bytes;		   /* from the address to the patch: 0 of a trap */
	uint8_t length;			   /* of the patch */
	uint8_t bytes[PATCH_BYTES_MAX];	   /* what is written */
	uint8_t code[ARCH_INSN_BYTES_MAX]; /* the program's own, from @address on */
	uint8_t code_bytes;
	uint8_t displaced_bytes; /* of it: whole instructions, @length at least */
	bool is_syscall; /* the kernel may restart what is displaced by moving the pc back */
	bool was_hit;
	bool is_in_copy; /* the program itself has put it there, with a copy of code: it stays */
	uint8_t point_count; /* in the block, … */
	struct arch_slot_point points[ARCH_SLOT_POINTS_MAX];
	struct code_block block;
	/* Owned. With jumps; with PATCH_TRAP, one that displaces more than the trap does, and that threads
	 * run through already. NULL: there is none. */
	struct pad *pad;
	/* Owned. What threads have run through that have hit the trap, before @pad was made; NULL: there is none. */
	struct pad *former_pad;
	uint32_t fallback_number; /* its entry there (trap_fallback.h); 0: none */
};

void patch_init(struct patch *patch, enum patch_kind kind, taddr_t address);

/*
 * Relocates what the patch displaces, of @code, to its block, which has room, and writes it there if
 * that is mapped. Fails with ERR_FORMAT when the code cannot run elsewhere.
 */
struct error *patch_prepare(struct patch *patch, const struct injected *injected) MUST_CHECK;

/* Fails with ERR_UNMAPPED when the program has unmapped its code. */
struct error *patch_write(struct patch *patch, const struct address_space *space) MUST_CHECK;

/* Where a thread runs on that has executed the trap, which it must not do behind it. */
taddr_t patch_way_on(const struct patch *patch);

/* The jump to its pad, at pad_jump_place; of one that is punned, all of it. False: it has no pad. */
bool patch_jump(const struct patch *patch, uint8_t ret[ARCH_JUMP_BYTES_MAX]);

/* Whether it is a jump to its pad, of whatever kind. */
static inline bool patch_is_jump(const struct patch *patch)
{
	return patch->kind != PATCH_TRAP;
}

/*
 * Whether, in the memory, there is the trap of @patch, which has a pad, and behind it the code that its pad does, or
 * that its jump needs.
 */
bool patch_is_alone(const struct patch *patch, const struct address_space *space);

/*
 * A trap, with a pad, becomes a jump: in this order, so that whatever a thread fetches meanwhile is the trap or
 * the jump. No thread may be where the jump's other bytes are going to be, nor in the trap's block, unless the jump
 * displaces one instruction.
 */
struct error *patch_promote(struct patch *patch, const struct address_space *space) MUST_CHECK;

/*
 * A jump becomes a trap again, likewise; threads that are in the pad run on as they would have. Where the jump is no
 * more, nothing is written.
 */
struct error *patch_demote(struct patch *patch, const struct address_space *space) MUST_CHECK;

/*
 * Puts the program's own bytes back. Where the patch is no more, the program has written code of its
 * own, or unmapped it: nothing is written then. Nor is one taken away that is in a copy.
 */
struct error *patch_remove(const struct patch *patch, const struct address_space *space) MUST_CHECK;

/*
 * The same for a jump that has been reset, but is there nevertheless, by half perhaps: in a child that was forked before
 * it was taken away, or meanwhile.
 */
struct error *patch_remove_jump(const struct patch *patch,
				const struct address_space *space) MUST_CHECK;

/*
 * Puts @code, of @length bytes, where a patch is: more than one byte behind a trap, so that no thread executes half
 * of it. What has been unmapped by now needs none.
 */
struct error *patch_give_back(const struct address_space *space, taddr_t at, const uint8_t *code,
			      size_t length) MUST_CHECK;

/* What is in the memory at its address. */
enum patch_view { PATCH_IS_THERE, PATCH_CODE_IS_THERE, PATCH_OTHER_IS_THERE };
enum patch_view patch_look(const struct patch *patch, const struct address_space *space);

/* The program has copied the code of @patch, with a trap or a jump in it, to @at: it gets its own bytes back there. */
struct error *patch_mend(const struct patch *patch, const struct address_space *space,
			 taddr_t at) MUST_CHECK;

/* The patch has been taken away: should it be written again, it begins as a trap. */
void patch_reset(struct patch *patch);

/*
 * Of a copy of the memory that another patch of the same site may have been copied to, a trap or a jump or what is
 * between them: finds out which, and completes it. No thread of that memory runs yet.
 */
struct error *patch_settle(struct patch *patch, const struct address_space *space) MUST_CHECK;

/* Whether any patch may begin with @byte. */
bool patch_may_begin_with(uint8_t byte);

/* Puts the program's own bytes where the patch is in @code, which was read from @from on. */
void patch_hide(const struct patch *patch, taddr_t from, uint8_t *code, size_t bytes);

/*
 * Puts the program's own bytes where @code, of a copy of what is at the address of @patch, has its jump, written by
 * half perhaps. A trap stays.
 */
void patch_hide_jump(const struct patch *patch, uint8_t *code, size_t bytes);

/* Whether @pc is in code that was displaced; sets *@ret to the state of the original program there. */
bool patch_contains(const struct patch *patch, taddr_t pc, const struct arch_slot_point **ret);

/* The registers of a thread at @point become those that the original program would have. */
void patch_leave(const struct arch_slot_point *point, struct user_regs_struct *regs);

/*
 * Whether a thread can be where the pc stands after the patch was executed, without having executed
 * it: an instruction of the program's begins there.
 */
bool patch_pc_is_ambiguous(const struct patch *patch);

#endif
