/* What the two files of pad_area.h share (probe layer). */
#ifndef PROBE_PATCH_PAD_AREA_PRIVATE_H
#define PROBE_PATCH_PAD_AREA_PRIVATE_H

#include "tracer/probe/patch/pad_area.h"

/* Writes to the tables, at @offset of struct arch_pad_data; and takes note of the page that is in memory now. */
struct error *area_write(struct pad_area *area, const struct injected *injected, uint64_t offset,
			 const void *from, size_t bytes) MUST_CHECK;

struct error *area_read(const struct pad_area *area, const struct injected *injected,
			uint64_t offset, void *ret, size_t bytes) MUST_CHECK;

#endif
