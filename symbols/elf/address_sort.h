/*
 * Sorts many addresses (symbols layer): a radix sort, many times faster than qsort(3) for the
 * 100,000 symbols of a large program.
 */
#ifndef SYMBOLS_ELF_ADDRESS_SORT_H
#define SYMBOLS_ELF_ADDRESS_SORT_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct address_key {
	uint64_t address;
	uint32_t index; /* the caller's */
};

/* By address; equal ones stay in their order. */
struct error *address_sort(struct address_key *keys, size_t count) MUST_CHECK;

#endif
