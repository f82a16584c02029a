/*
 * Where in a process's memory there are pages of ours (probe layer): what injected.h and footprint.h
 * have in their books, module by module, for the kernel's figures of them to be asked.
 */
#ifndef PROBE_ADDED_RANGES_H
#define PROBE_ADDED_RANGES_H

#include "tracer/base/page_range.h"
#include "tracer/probe/image.h"

/* An array, returned owned, in no order. Empty ranges are left out. */
struct error *added_ranges(const struct image *image, struct page_range **ret,
			   size_t *ret_count) MUST_CHECK;

#endif
