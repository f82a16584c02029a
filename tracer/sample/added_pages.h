/*
 * What pages of our own making weigh in a metric that goes by how many share a page (sample layer):
 * /proc/PID/smaps, whose ranges are known, -> bytes.
 *
 * A page that a trap was written into counts by itself, where the file's page would have counted with
 * the share of one more user. What that share is cannot be read any more for the page itself: it is
 * taken from the pages of the same mapping that are still the file's.
 */
#ifndef SAMPLE_ADDED_PAGES_H
#define SAMPLE_ADDED_PAGES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/metric.h"
#include "tracer/base/page_range.h"

/*
 * How much less a metric of process @pid would be without the pages of @ranges, which count in it as
 * @own_pages says (OWN_PAGES_SHARED, _UNSHARED or _SWAPPED). Takes as long as smaps does: see memory_usage.h.
 */
struct error *added_pages_weigh(pid_t pid, enum metric_own_pages own_pages,
				const struct page_range *ranges, size_t count,
				uint64_t *ret_bytes) MUST_CHECK;

#endif
