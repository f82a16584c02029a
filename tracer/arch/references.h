/*
 * What code refers to, for proofs about where control may go (arch layer). Part of the porting guide,
 * as arch.h is. Pure functions over bytes.
 */
#ifndef ARCH_REFERENCES_H
#define ARCH_REFERENCES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/taddr.h"

enum arch_reference {
	ARCH_REFERENCE_JUMP,
	ARCH_REFERENCE_CALL,
	ARCH_REFERENCE_CONSTANT, /* control may come there later */
	ARCH_REFERENCE_KINDS,
};

/* Addresses in [start, end) that are of interest, and who is told of them. */
struct arch_reference_sink {
	taddr_t start, end;
	/* @from: of a byte of the instruction that refers to @address. */
	void (*found)(void *context, taddr_t address, enum arch_reference kind, taddr_t from);
	void *context;
};

enum { ARCH_REFERENCE_BYTES_MAX = 12 }; /* how far a reference reaches behind its first byte */

/*
 * Tells of every address that the code may refer to, with no regard to where instructions begin: of
 * whatever looks like one at any byte, so of more than there are, and of each that there is, but for
 * branches of one byte's reach (arch_short_branches). @has_absolute: the code is for one address, so
 * that plain constants may be addresses, too. Bytes in the last ARCH_REFERENCE_BYTES_MAX may be missed.
 */
void arch_references(const uint8_t *code, size_t bytes, taddr_t start, bool has_absolute,
		     const struct arch_reference_sink *sink);

enum { ARCH_SHORT_BRANCH_REACH = 130 }; /* from its first byte to its target, at most */

/* Likewise the targets of what looks like a short branch. */
void arch_short_branches(const uint8_t *code, size_t bytes, taddr_t start,
			 const struct arch_reference_sink *sink);

/*
 * Whether the instruction at @at has @address in it, as a branch, an operand or a constant: whether a reference that
 * arch_references has found in its bytes may be one.
 */
bool arch_refers_to(const uint8_t *code, size_t bytes, taddr_t at, taddr_t address);

/* Whether the instruction's bytes begin with a prefix that code may jump over (lock). */
bool arch_has_optional_prefix(const uint8_t *code, size_t bytes);

/* Where a register's value comes from, at an instruction. Registers are numbers of the port's own. */
enum arch_origin {
	ARCH_ORIGIN_EARLIER, /* the instruction leaves it */
	ARCH_ORIGIN_POINTER, /* a whole address: from memory, from a constant, from a call's result */
	ARCH_ORIGIN_NULL,    /* 0 */
	ARCH_ORIGIN_COPY,    /* of registers[0] */
	ARCH_ORIGIN_CHOICE, /* one of registers[0] and registers[1] */
	ARCH_ORIGIN_SUM,    /* of registers[0] and registers[1], or of registers[0] and memory */
	/* A 32-bit word of the table at registers[0], or at registers[1] if both are given; neither: at a constant. */
	ARCH_ORIGIN_DISTANCE,
	ARCH_ORIGIN_EXTENDED, /* the lower half of registers[0], with its sign */
	ARCH_ORIGIN_OTHER,
};

enum { ARCH_NO_REGISTER = 0xff };

enum arch_origin arch_origin_of(const uint8_t *code, size_t bytes, uint8_t reg,
				uint8_t ret_registers[2]);

/* The register that an indirect jump goes to; ARCH_NO_REGISTER: to an address that is in memory. */
uint8_t arch_jump_register(const uint8_t *code, size_t bytes);

#endif
