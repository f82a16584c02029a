/* The heap grows ahead; see heap.h. Base layer. */
#include "tracer/base/heap.h"

#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static const size_t HUGE_BYTES = (size_t)2 << 20;

enum {
	EXPECTED_BYTES_MAX = 256 << 20, /* more is left to grow as it comes */
	MMAP_BYTES = 32 << 20, /* as large as mallopt(3) allows: what is smaller is of the heap */
	TOP_PAD_BYTES = 128 << 10, /* what glibc has without us */
};

void heap_expect(size_t bytes)
{
	if (bytes < HUGE_BYTES)
		return;
	if (bytes > EXPECTED_BYTES_MAX)
		bytes = EXPECTED_BYTES_MAX;
	/* What is free at the end is not given back before it is used. */
	if (mallopt(M_MMAP_THRESHOLD, MMAP_BYTES) == 0 ||
	    mallopt(M_TRIM_THRESHOLD, 2 * EXPECTED_BYTES_MAX) == 0 ||
	    mallopt(M_TOP_PAD, (int)bytes) == 0)
		return;
	uintptr_t before = (uintptr_t)sbrk(0);
	/* More than is free now, so that it grows. */
	void *volatile growing = malloc(mallinfo2().keepcost + 1);
	free(growing);
	mallopt(M_TOP_PAD, TOP_PAD_BYTES);
	uintptr_t end = (uintptr_t)sbrk(0);
	uintptr_t start = (before + HUGE_BYTES - 1) & ~(HUGE_BYTES - 1);
	if (start < end)
		madvise((void *)start, end - start, MADV_HUGEPAGE); /* or else small ones */
}
