/*
 * Where in a process's memory there are pages of our own making (base layer): what the probe layer
 * has in its books, for the sample layer to weigh.
 */
#ifndef BASE_PAGE_RANGE_H
#define BASE_PAGE_RANGE_H

#include <stddef.h>
#include <stdint.h>

struct page_range {
	uint64_t start, end; /* addresses in the target */
	size_t own_pages;    /* private, and written by us */
	size_t used_pages;   /* of these, such as would be in memory without us: a file's */
};

#endif
