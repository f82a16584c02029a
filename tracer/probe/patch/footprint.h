/*
 * What we add to the memory of a process (probe layer): pages of slots, and pages of its code that are
 * private copies since a trap was written into them.
 *
 * A patched page was a page of the file before. Whether it would be in memory without us decides
 * whether it adds to the resident set:
 * - present when it was patched (pagemap of proc(5)): it would be;
 * - absent then: it is ours alone, until the program is seen to use it. The kernel maps the pages of a
 *   file in groups around a fault (do_fault_around() in mm/memory.c; fault_around_bytes, 64 KiB): as
 *   soon as a site in the group is hit, or an unpatched page of it is present, all of it would be.
 * So that this stays true, code that is not in memory is never read through the memory, which would
 * bring its group in, but from the file; and at the first hit in a patched group the rest of it is
 * brought in as the program's own fault would have done.
 */
#ifndef PROBE_PATCH_FOOTPRINT_H
#define PROBE_PATCH_FOOTPRINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/page_range.h"
#include "tracer/base/taddr.h"

struct image;
struct site;

struct footprint {
	struct addr_map pages; /* address -> struct patched_page, owned */
	size_t private_pages;  /* patched pages that were the file's */
	size_t unused_pages;   /* of these, not in memory but for us */
	uint64_t version;      /* changes with the figures above */
	int pagemap_fd;	       /* -1: not open */
	pid_t tid;	       /* a thread of the memory: who is asked for its pagemap */
	struct {
		int fd; /* -1: none */
		uint64_t start, end, offset_bytes;
	} file; /* behind the mapping that is being planned */
};

void footprint_init(struct footprint *footprint);
void footprint_deinit(struct footprint *footprint);

/* @to is the footprint of a copy of the memory that @from is of. */
struct error *footprint_clone(struct footprint *to, const struct footprint *from) MUST_CHECK;

/*
 * The file at @path is mapped at [start, end) from @offset_bytes on: absent code there is read from it
 * until footprint_end_file. That it cannot be opened is no error.
 */
void footprint_begin_file(struct footprint *footprint, const char *path, uint64_t start,
			  uint64_t end, uint64_t offset_bytes);
void footprint_end_file(struct footprint *footprint);

/* As image_read_code, bringing nothing into memory. @tid: a thread of the image. */
size_t footprint_read_code(struct image *image, pid_t tid, taddr_t from, uint8_t *ret,
			   size_t bytes);

/* A trap is about to be written at @address, whose code has been read by now. */
struct error *footprint_patch(struct image *image, taddr_t address) MUST_CHECK;

/* The first hit of @site: from now on its page is the program's own. */
void footprint_use(struct image *image, struct site *site);

/* [start, end) is no longer mapped. */
void footprint_forget(struct footprint *footprint, uint64_t start, uint64_t end);

/* Looks which unused pages have come into use. */
void footprint_review(struct image *image, pid_t pid);

/* What we have mapped: pages that are in memory, and the address space of all. */
size_t footprint_mapped_pages(const struct image *image);
uint64_t footprint_mapped_bytes(const struct image *image);

/*
 * Where our pages are: an array, returned owned, in no order. Empty ranges are left out.
 */
struct error *footprint_ranges(const struct image *image, struct page_range **ret,
			       size_t *ret_count) MUST_CHECK;

enum { FOOTPRINT_PAGE_BYTES = 4096 };

#endif
