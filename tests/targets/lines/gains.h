/*
 * For programs whose lines take and give back so many pages. What each line of a function comes to, by all calls
 * together, is in a comment that ends it, "NAME: COUNT times, PAGES pages", which tests/lib/check_lines.py reads.
 */
#ifndef TARGETS_LINES_GAINS_H
#define TARGETS_LINES_GAINS_H

#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

enum { PAGE = 4096 };

/* So many pages, which are in memory then. Whole pages of their own: nothing else comes or goes with them. */
static __attribute__((noinline)) char *grow(size_t pages)
{
	char *ret = (char *)mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(ret, pages * PAGE, MADV_NOHUGEPAGE);
	memset(ret, 1, pages * PAGE);
	return ret;
}

static __attribute__((noinline)) void give_back(char *memory, size_t pages)
{
	munmap(memory, pages * PAGE);
}

/* All that is used later is in memory, and so is so much of the stack. */
static __attribute__((noinline)) void warm_up(void)
{
	volatile char stack[64 * PAGE];

	for (size_t i = 0; i < sizeof(stack); i += PAGE)
		stack[i] = 1;
	give_back(grow(1), 1);
}

#endif
