/*
 * What we add to the memory of a process by writing into its code (probe layer): pages that are private
 * copies since then. (What is mapped besides is in injected.h.)
 *
 * Such a page was a page of the file before. Whether it would be in memory without us decides
 * whether it adds to the resident set:
 * - present when it was patched (pagemap of proc(5)): it would be;
 * - absent then: it is ours alone, until the program is seen to use it. The kernel maps the pages of a
 *   file in groups around a fault (do_fault_around() in mm/memory.c; fault_around_bytes, 64 KiB): as
 *   soon as a site in the group is hit, or an unpatched page of it is present, all of it would be.
 * So that this stays true, code that is not in memory is never read through the memory, which would
 * bring its group in, but from the file (code_reader.h); and at the first hit in a patched group the rest of it is
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
#include "tracer/base/taddr.h"
#include "tracer/tracee/address_space.h"

struct patched_page {
	uint64_t start;
	/* Around it, what a fault maps at once, as far as it is of the same mapping. */
	uint64_t group_start, group_end;
	bool was_private; /* the program's own before: the patch has added nothing */
	bool is_unused;	  /* not in memory but for us */
};

struct footprint {
	struct addr_map pages; /* address -> struct patched_page, owned */
	size_t private_pages;  /* patched pages that were the file's */
	size_t unused_pages;   /* of these, not in memory but for us */
	uint64_t version;      /* changes with the figures above */
	int pagemap_fd;	       /* -1: not open */
	pid_t tid;	       /* a thread of the memory, whose pagemap is read */
};

void footprint_init(struct footprint *footprint);
void footprint_deinit(struct footprint *footprint);

/* @to is the footprint of a copy of the memory that @from is of. */
struct error *footprint_clone(struct footprint *to, const struct footprint *from) MUST_CHECK;

/* Whether the page that holds @address is not in memory, as far as the kernel tells. */
bool footprint_is_absent(struct footprint *footprint, uint64_t address);

/* The pagemap stays open meanwhile: one descriptor for each of very many processes otherwise. */
void footprint_close_pagemap(struct footprint *footprint);

/*
 * A patch is about to be written over the @bytes at @address, whose code has been read by now, in the
 * mapping [start, end).
 */
struct error *footprint_patch(struct footprint *footprint, taddr_t address, size_t bytes,
			      uint64_t start, uint64_t end) MUST_CHECK;

/* The first hit of the patch there: from now on its pages are the program's own. */
void footprint_use(struct footprint *footprint, const struct address_space *space, taddr_t address,
		   size_t bytes);

/* [start, end) is no longer mapped. */
void footprint_forget(struct footprint *footprint, uint64_t start, uint64_t end);

/* Looks in process @pid which unused pages have come into use. */
void footprint_review(struct footprint *footprint, pid_t pid);

/* Walks the patched pages, as addr_map_next. */
const struct patched_page *footprint_next_page(const struct footprint *footprint, size_t *cursor);

#endif
