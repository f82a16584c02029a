/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * taddr_t: an address in the memory of another process (base layer).
 *
 * A type of its own, so that it can neither be dereferenced nor mixed up with a length.
 * In symbols/ it is an address as the ELF file has it (before the load bias); in tracer/ it is
 * an address in the target.
 */
#ifndef BASE_TADDR_H
#define BASE_TADDR_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
	uint64_t value;
} taddr_t;

static inline taddr_t taddr(uint64_t value)
{
	return (taddr_t){ value };
}

static inline taddr_t taddr_add(taddr_t a, uint64_t bytes)
{
	return (taddr_t){ a.value + bytes };
}

static inline bool taddr_equal(taddr_t a, taddr_t b)
{
	return a.value == b.value;
}

/* What the segments of an ELF file are mapped by; of x86-64. */
enum { ELF_PAGE_BYTES = 4096 };

#endif
