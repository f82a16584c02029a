/*
 * The instructions of one function and where control goes from each, from its file or from memory
 * (probe layer).
 *
 * A function may lie in several pieces (GCC's .cold). What a table of jumps leads to is not known.
 */
#ifndef PROBE_CODE_CFG_H
#define PROBE_CODE_CFG_H

#include "symbols/file/inlined.h"
#include "tracer/arch/arch.h"
#include "tracer/base/error.h"

static const uint32_t CODE_NOWHERE = UINT32_MAX;

struct code_insn {
	taddr_t address;       /* in the file, or in memory */
	taddr_t branch;	       /* where it may jump to; 0: nowhere that it says */
	taddr_t constant;      /* an address, perhaps, that it puts somewhere; 0: none */
	uint32_t next, target; /* indices, or CODE_NOWHERE: not in this function, or not known */
	uint32_t
		predecessors; /* how many are seen to lead here, padding that nothing reaches left out */
	enum arch_flow flow;
	uint16_t popped_bytes; /* by a return, besides the return address */
	uint8_t bytes;
	bool is_call, is_padding, enters_kernel; /* see struct arch_insn */
	bool is_call_mark; /* likewise, or what indirect calls look at there (arch_type_mark) */
	bool is_start;	   /* of a piece */
};

struct code_piece {
	taddr_t start, end;    /* @end: where it ends, or what is no known instruction begins */
	uint32_t first, count; /* instructions */
	uint8_t *code;	       /* owned; up to @end */
	bool has_gaps;	       /* what is between some of them is data, or may be */
	bool is_whole;	       /* there is nothing but its instructions up to where it should end */
};

enum { CODE_PIECES_MAX = 16 };

struct cfg {
	struct code_insn *insns; /* by piece, then by address */
	size_t count, capacity;
	struct code_piece pieces[CODE_PIECES_MAX];
	size_t piece_count;
};

/* Adds the @bytes of @code, which are at @start. */
struct error *cfg_add_code(struct cfg *graph, taddr_t start, const uint8_t *code,
			   size_t bytes) MUST_CHECK;

/* Adds the code in [start, end) of the file, as far as it can be read; cfg_link must follow. */
struct error *cfg_add_range(struct cfg *graph, const struct symbol_file *file, taddr_t start,
			    taddr_t end) MUST_CHECK;

/*
 * Adds the function around @address, as its symbol has it, if it is not there; cfg_link must
 * follow. Nothing is added where no symbol of a known size holds it, or its code cannot be read.
 */
struct error *cfg_add(struct cfg *graph, const struct symbol_file *file,
		      taddr_t address) MUST_CHECK;

/*
 * Adds those of the @range_count ranges in @ranges that its jumps lead to (which have no symbol of their
 * own), and works out where control goes.
 */
struct error *cfg_link(struct cfg *graph, const struct symbol_file *file,
		       const struct inlined_range *ranges, size_t range_count) MUST_CHECK;
void cfg_deinit(struct cfg *graph);

/* Whether all that was added is instructions; what was left out for want of room is not looked at. */
bool cfg_is_whole(const struct cfg *graph);

bool cfg_holds(const struct cfg *graph, taddr_t address);

/* The instruction that begins at @address; CODE_NOWHERE: none does. */
uint32_t cfg_find(const struct cfg *graph, taddr_t address);

/* The bytes of instruction @i, into @ret, which has room for ARCH_INSN_BYTES_MAX; returns their number. */
size_t cfg_code(const struct cfg *graph, uint32_t i, uint8_t *ret);

/* Where control is seen to go from instruction @i of a linked graph: at most two indices. */
unsigned cfg_successors(const struct cfg *graph, uint32_t i, uint32_t ret[2]);

#endif
