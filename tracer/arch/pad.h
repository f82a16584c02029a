/*
 * Jump pads: code that records a call without any stop (arch layer). This header is the second page
 * of the porting guide; arch.h is the first.
 *
 * A jump at a site leads into a pad. The pad writes one record into the thread's ring, does what the
 * displaced code did, and jumps back. What the pad cannot do alone, it leaves to a trap of its own.
 *
 * The structs here are the contract between the pads, which run in the target, and the engine, which
 * shares the memory: little-endian, and nothing in them moves.
 */
#ifndef ARCH_PAD_H
#define ARCH_PAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/user.h>

#include "tracer/arch/arch.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* ---- What pads and engine share ---- */

/*
 * Flags of a record. The slot in front of it holds memory; or: its pad's word when it was entered, see
 * arch_pad_ring.
 */
enum { ARCH_PAD_HAS_MEMORY = 1 };

/* One event. Written by the thread that it is about. */
struct arch_pad_record {
	uint64_t tsc;
	uint64_t sp;   /* the program's own, at the site */
	uint32_t site; /* as arch_pad_build got it */
	uint32_t flags;
	/* Of an entry pad: the word at @sp. Of a mark pad: the mark's object. Of a frame pad: the word below
	 * the CFA. 0 otherwise. */
	uint64_t return_address;
};

/*
 * A record of a mark pad has, besides the object, a second word, its id: bits 0 to 2 of it are lost, and @sp
 * and @flags hold it, too. Both words are addresses of objects of the program's, below 2^48.
 */
enum { ARCH_PAD_MARK_ID_BITS = 48, ARCH_PAD_FLAGS = 7 };
static inline uint64_t arch_pad_record_id(const struct arch_pad_record *record)
{
	return (record->sp >> ARCH_PAD_MARK_ID_BITS << 32) |
	       (record->flags & ~(uint32_t)ARCH_PAD_FLAGS);
}
static inline uint64_t arch_pad_record_mark_sp(const struct arch_pad_record *record)
{
	return record->sp & ((UINT64_C(1) << ARCH_PAD_MARK_ID_BITS) - 1);
}

/* A record of a frame pad has the CFA as @sp, and the lower half of the stack pointer, but for its bits 0 to 2, in @flags. */
static inline uint64_t arch_pad_record_frame_sp(const struct arch_pad_record *record)
{
	const uint64_t lower = record->flags & ~(uint32_t)ARCH_PAD_FLAGS;
	const uint64_t sp = (record->sp & ~(uint64_t)UINT32_MAX) | lower;

	return sp <= record->sp ? sp : sp - UINT32_MAX - 1;
}

/* In a slot of a ring, in front of a record with ARCH_PAD_HAS_MEMORY: what pread gave. */
#define ARCH_PAD_MEMORY_MARK UINT32_MAX
struct arch_pad_memory {
	char text[24];	/* the first bytes of the file, whatever file it is; no NUL behind them */
	int32_t length; /* of @text, or -errno; behind the text is what the slot held before */
	uint32_t mark;	/* ARCH_PAD_MEMORY_MARK, where no return address of a program has it */
};

/* Whether a slot holds memory, not a record. So slots can be read forwards. */
static inline bool arch_pad_slot_is_memory(const struct arch_pad_record *slot)
{
	return slot->return_address >> 32 == ARCH_PAD_MEMORY_MARK;
}

enum {
	ARCH_PAD_SLOT_BYTES = sizeof(struct arch_pad_record),
	ARCH_PAD_SEGMENT_RECORDS = 256, /* slots of a segment, the unit that the engine drains */
	ARCH_PAD_RING_HEADER_BYTES = 128,
};

/*
 * In front of the slots of a ring, which begin ARCH_PAD_RING_HEADER_BYTES behind it. One thread writes
 * into a ring. Slot number N, counted from 0 for ever, lies at N & mask; its segment is N / 256.
 *
 * A pad writes slot @head, or @head and @head + 1, if the segment of @head + 1 is not the one whose low
 * 8 bits are @limit. It adds 1 or 2 to @head last: the order of stores on x86 makes that the commit.
 */
struct arch_pad_ring {
	/*
	 * Slots published so far, which the engine may fetch at any time, and slots written so far, both modulo
	 * 2^32. They change in one store of 8 bytes. While the thread is stopped, the engine may publish what
	 * is written.
	 */
	uint32_t published, head;
	/* Low 8 bits of the first segment that may not be written; written by the engine at any time. One
	 * byte cannot tear. The ring must have fewer than 256 segments. */
	uint8_t limit;
	uint8_t unused[3];
	int32_t fd;	     /* to be read for memory: /proc/self/statm, or -1 */
	uint64_t memory_tsc; /* when memory was read last; written by the pads */
	uint64_t memory_age; /* memory older than so many ticks is read again; UINT64_MAX: never */
	uint64_t mask;	     /* slots - 1; their number is a power of 2, two segments at least */
	uint64_t sums;	     /* address of the struct arch_pad_sum that pads write to now */
	uint64_t lax_age; /* what a pad that is lax goes by, if memory is older than @memory_age */
	uint8_t reserved[72]; /* the engine's own: no pad touches it */
};

/*
 * Calls that are summed up, and leave no record. Every pad has a word, which the engine may write at any time: 0, or a
 * sum, as its distance in bytes from the ring's @sums.
 *
 * An entry pad with a word writes its record, with the word as flags, and does not publish it. A return pad publishes all
 * that has been written, unless the last record is that of the very call that returns (its stack pointer and return
 * address say so) and has the return pad's own word: then, if the call was shorter than @limit, the record is taken back,
 * and the call goes into the sum. What reads memory publishes everything, so that no reading lies within such a call.
 *
 * The thread alone writes count and ticks; it counts up for ever, the ticks first. A stop may come in between.
 */
struct arch_pad_sum {
	uint64_t count, ticks;
	uint64_t shortest, longest; /* ticks; the engine may set them back */
	uint64_t limit; /* ticks; written by the engine alone. 0: all calls are recorded */
};

/* A thread of an address space, found by the word at its thread pointer (psABI: %fs:0). */
struct arch_pad_thread {
	uint64_t key;
	uint64_t ring; /* address of its struct arch_pad_ring; 0: as if there were no such entry */
};

enum {
	ARCH_PAD_THREADS = 4096,
	ARCH_PAD_RETURNS = 1 << 18,
	/* An entry lies at its index or at one of the next three. The tables are so much longer, and there
	 * is no wrapping. All four are looked at: a hole between them is none. */
	ARCH_PAD_PROBES = 4,
};

/*
 * What all pads of one address space share. All-zero memory is valid: every pad takes its slow way.
 *
 * The engine may write while the program runs. A thread's ring is written before its key, and taken away
 * by ring = 0. A return address of 0 counts as known: nothing returns there.
 */
struct arch_pad_data {
	uint8_t reserved[64]; /* the engine's own */
	uint8_t is_abandoned; /* nobody serves traps any more: what cannot be recorded is dropped */
	uint8_t unused[4096 - 65];
	struct arch_pad_thread threads[ARCH_PAD_THREADS + ARCH_PAD_PROBES];
	/* Return addresses whose sites are planted, and marks that are known; 0: none. */
	uint64_t returns[ARCH_PAD_RETURNS + ARCH_PAD_PROBES];
};

/* Where an entry belongs, at the earliest: below ARCH_PAD_THREADS and ARCH_PAD_RETURNS. */
uint32_t arch_pad_thread_index(uint64_t key);
uint32_t arch_pad_return_index(uint64_t return_address);

/* ---- Displaced code ---- */

enum {
	ARCH_JUMP_BYTES = 5,
	ARCH_JUMP_FIRST_BYTE = 0xe9,
	/* One of so many prefixes, which do nothing to a jump, may be in front of it, up to three times. */
	ARCH_JUMP_PREFIXES = 7,
	ARCH_JUMP_BYTES_MAX = 8,
	ARCH_WINDOW_BYTES_MAX = 64, /* the relocated code of a window, at most */
	ARCH_WINDOW_POINTS_MAX = 16,
};

/* Whole instructions, relocated, followed by a jump to what follows them. */
struct arch_window {
	uint8_t code[ARCH_WINDOW_BYTES_MAX];
	uint8_t code_bytes;
	uint8_t original_bytes; /* those that were displaced */
	uint8_t point_count;
	bool is_syscall; /* the kernel may restart it by moving the pc back; then it is all of the window */
	struct arch_slot_point points[ARCH_WINDOW_POINTS_MAX]; /* every boundary in it, ascending */
};

/*
 * Relocates the instructions in the @window_bytes at @code, as many as there are, from address @from to
 * @to. A jump at @from needs a window of at least ARCH_JUMP_BYTES; smaller ones do for other patches.
 *
 * Fails with ERR_FORMAT and the reason: @window_bytes do not end where an instruction does; one of them
 * cannot run elsewhere; a call, or what control does not run through, is not the last; a system call is
 * not alone (the kernel restarts it, and wakes sleepers, at its own address); a branch or an operand
 * refers to the inside of the window; an endbr64 is not the first. A branch to @from goes to @from: the
 * site is hit again.
 *
 * The caller must know that no branch from elsewhere leads into the window. Points show signal handlers
 * addresses inside it: a handler may return to one, which must then be led to its point again.
 */
struct error *arch_relocate_window(const uint8_t *code, size_t window_bytes, taddr_t from,
				   taddr_t to, struct arch_window *ret) MUST_CHECK;

/* A jump at @from to @to. False: @to is out of reach. */
bool arch_jump_build(taddr_t from, taddr_t to, uint8_t ret[ARCH_JUMP_BYTES]);

/*
 * The same with @prefix_bytes in front of it, of arch_jump_prefixes[@prefix]: ARCH_JUMP_BYTES and so many. Which one it is
 * matters to a punned jump in front of it alone.
 */
extern const uint8_t arch_jump_prefixes[ARCH_JUMP_PREFIXES];
bool arch_jump_build_prefixed(taddr_t from, unsigned prefix_bytes, uint8_t prefix, taddr_t to,
			      uint8_t ret[ARCH_JUMP_BYTES_MAX]);

/*
 * Where a punned jump at @from may lead, of which only the first @own_bytes, fewer than ARCH_JUMP_BYTES and more than
 * @prefix_bytes, are written: the others are those of @code, which is there: from *@ret_first to *@ret_last. False:
 * nowhere that can be mapped.
 */
bool arch_pun_reach(taddr_t from, const uint8_t code[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		    unsigned prefix_bytes, taddr_t *ret_first, taddr_t *ret_last);

/* A jump at @from to @to, however far it is; returns its length. It changes no register. */
enum { ARCH_TRAMPOLINE_BYTES_MAX = 14 };
size_t arch_trampoline_build(taddr_t from, taddr_t to, uint8_t ret[ARCH_TRAMPOLINE_BYTES_MAX]);

/* ---- Pads ---- */

enum arch_pad_kind {
	ARCH_PAD_ENTRY,	 /* at a function's first instruction: the return address must be known */
	ARCH_PAD_RETURN, /* anywhere else */
	/*
	 * At the first instruction of a function of (anything, words, number of words), which nothing is
	 * recorded of unless there are two: the first, an object, must be known. It has 46 bytes at
	 * least, and if the last is ARCH_PAD_MARK_BEGINS, something begins.
	 */
	ARCH_PAD_MARK,
	/* Anywhere, where the CFA is a register's value and so many bytes (arch_pad_set_cfa): the stack pointer's, or
	 * the frame pointer's. */
	ARCH_PAD_FRAME_SP,
	ARCH_PAD_FRAME_BP,
	/*
	 * As the first two, where it is known that the program keeps nothing below its stack pointer: a function is
	 * only called there; the site is behind a call, and nothing leads there but its return. They are faster, and unwound
	 * by debuggers, which know nothing of them.
	 */
	ARCH_PAD_CALLED,
	ARCH_PAD_RETURNED,
	ARCH_PAD_PLAIN, /* records nothing, and does what was displaced */
};

/* What a pad of @kind records, as one of the other kinds. */
static inline enum arch_pad_kind arch_pad_records_as(enum arch_pad_kind kind)
{
	return kind == ARCH_PAD_CALLED	   ? ARCH_PAD_ENTRY
	       : kind == ARCH_PAD_RETURNED ? ARCH_PAD_RETURN
					   : kind;
}

enum { ARCH_PAD_MARK_SAYS_OFFSET = 45, ARCH_PAD_MARK_BEGINS = 'E' };

enum {
	ARCH_PAD_BYTES_MAX = 896,
	ARCH_PAD_WORDS_BYTES = 16, /* in front of its code */
	ARCH_PAD_LAX_OFFSET = 4, /* there: 4 bytes, not 0 in a pad that is lax, see arch_pad_ring */
	ARCH_PAD_STACK_WORDS = 10,  /* what a pad keeps on the stack, at most */
	ARCH_PAD_STACK_BYTES = 208, /* what it uses below the program's stack pointer, at most */
};

/* Offsets in a pad, the same for all of a kind. */
struct arch_pad_layout {
	uint16_t entry_offset;	   /* where the jump of the site leads; not the pad's first byte */
	uint16_t trap_offset;	   /* of the trap instruction */
	uint16_t displaced_offset; /* of the displaced code, which is the last of the pad */
	uint16_t word_offset;	   /* of the pad's word (arch_pad_sum), 4 bytes, aligned */
};
const struct arch_pad_layout *arch_pad_layout(enum arch_pad_kind kind);

struct arch_pad {
	uint8_t code[ARCH_PAD_BYTES_MAX];
	uint16_t code_bytes;
	/* As in the layout of its kind. */
	uint16_t entry_offset, trap_offset, displaced_offset;
	struct arch_window window; /* its points count from displaced_offset on */
};

/*
 * A pad for the window at @from, to lie at @to, with the target's struct arch_pad_data at @data. @code is
 * the program's own code in the window. @to should be a multiple of 16, which is faster. Fails as
 * arch_relocate_window does. What a pad does, in this order:
 *
 * - look up the thread's ring, and with ARCH_PAD_ENTRY the return address, with ARCH_PAD_MARK the object;
 *   see that there is room;
 * - read memory when what was read last is too old: the time of ARCH_PAD_ENTRY is taken behind that, the
 *   time of ARCH_PAD_RETURN in front of it, so that the read does not count into the call; that of a mark,
 *   as it begins something or not; of all others, as of ARCH_PAD_RETURN;
 * - publish the record, or, of the first two kinds, keep it back or sum the call up (arch_pad_sum); restore all
 *   registers and flags; run the displaced code. A pad is built with the word 0.
 *
 * If there is no ring, an unknown return address or object, or no room, nothing is published. With all registers
 * restored the thread then runs into the trap, or, if is_abandoned, on into the displaced code. A thread
 * that is continued behind the trap goes into the displaced code, too.
 *
 * No vector state, no rbp, no direction and alignment-check flags are touched. The 128 bytes
 * below the program's stack pointer are left alone (psABI 3.2.2, the red zone), but by ARCH_PAD_CALLED and
 * ARCH_PAD_RETURNED, which use them alone: all of their code but the first instruction of the latter has the stack pointer
 * at the return address of the function that begins or has ended there.
 */
struct error *arch_pad_build(enum arch_pad_kind kind, uint32_t site, const uint8_t *code,
			     size_t window_bytes, taddr_t from, taddr_t data, taddr_t to,
			     struct arch_pad *ret) MUST_CHECK;

/* The kind for a CFA by that register; false: there is none. */
bool arch_pad_frame_kind(uint32_t dwarf_register, enum arch_pad_kind *ret);

/* Makes a pad that has been built as one of them one for a CFA that is @offset_bytes from the register; before: 0. */
void arch_pad_set_cfa(struct arch_pad *pad, enum arch_pad_kind kind, int32_t offset_bytes);

enum arch_pad_stage {
	/* Not in the pad's own code, maybe in the displaced code; or @words are too few. Nothing is changed. */
	ARCH_PAD_NOT_IN,
	/* Nothing was published. The pc is the site again, which will be hit anew. */
	ARCH_PAD_BEFORE,
	/*
	 * The record was written or summed up, or there is none: is_abandoned, a mark of not two words. The pc is the
	 * displaced code's start.
	 */
	ARCH_PAD_RECORDED,
	/* The trap was executed: a hit that the caller must take. The pc is the displaced code's start. */
	ARCH_PAD_TRAP,
};

/* What a thread that was taken out of a pad has not added to a sum any more. */
struct arch_pad_owed {
	taddr_t sum; /* 0: nothing is owed */
	uint64_t ticks;
	bool owes_ticks,
		owes_count; /* the extremes always, which does no harm when it is done twice */
};

/* Pays it, into the sum as it was read. */
void arch_pad_pay(const struct arch_pad_owed *owed, struct arch_pad_sum *sum);

/*
 * Where the words are that a thread with @regs, at @offset of a pad of @kind, has kept: ARCH_PAD_STACK_WORDS, or as many as
 * can be read, are for arch_pad_leave.
 */
taddr_t arch_pad_stack(enum arch_pad_kind kind, uint64_t offset,
		       const struct user_regs_struct *regs);

/*
 * Takes a thread out of a pad of @kind, built for @from: *@regs become those of the program at the site,
 * all registers, flags and the stack pointer. @offset is its pc's in the pad, at any boundary that a stop,
 * a fault or a signal can show. @stack holds @words words from arch_pad_stack() on.
 *
 * A fault in the pad's own code is left in the same way, but the site would only fault again: the caller must
 * take that hit as one of a trap. There may be no thread pointer, no ARCH_PAD_STACK_BYTES of stack, or no
 * leave to read the clock (PR_SET_TSC).
 *
 * No system call is in progress afterwards (arch_syscall_leave). The order of stores on the thread's own
 * CPU makes the stage exact: with ARCH_PAD_RECORDED the engine finds the record in the ring, or the call in its sum
 * once *@ret_owed has been paid.
 */
enum arch_pad_stage arch_pad_leave(enum arch_pad_kind kind, uint64_t offset, taddr_t from,
				   struct user_regs_struct *regs, const uint64_t *stack,
				   size_t words, struct arch_pad_owed *ret_owed);

/* ---- What they cost ---- */

struct arch_pad_costs {
	double record_ns; /* of a record, written without reading memory */
	double sum_ns;	  /* of a call that is summed up, its entry and its return */
};

/*
 * Measures them with all that they touch in the caches: what a program pays at least. Runs pads in this very process,
 * which should be one that may be lost. Fails where memory cannot be both writable and executable.
 */
struct error *arch_pad_measure(struct arch_pad_costs *ret) MUST_CHECK;

/* ---- The clock ---- */

/*
 * Whether the clock of the records runs at one speed, also in sleep states, and may be read by this process
 * (CPUID 0x80000007 EDX bit 8; prctl(2), PR_GET_TSC, which programs inherit). That it is the same on all
 * CPUs, and its speed, are to be measured.
 */
bool arch_has_stable_tsc(void);
uint64_t arch_tsc(void);

#endif
