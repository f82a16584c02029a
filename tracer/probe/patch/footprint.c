/* What our patches add to the memory of a process; see footprint.h. Probe layer. */
#include "tracer/probe/patch/footprint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/arch/arch.h"
#include "tracer/proc/proc_file.h"

/* What a fault maps at once: fault_around_bytes of the kernel, by default. */
enum { GROUP_PAGES = 16 };
static const uint64_t GROUP_BYTES = GROUP_PAGES * ARCH_PAGE_BYTES;

/* What a page of the target's code is: proc(5), pagemap. */
enum page_state { PAGE_ABSENT, PAGE_OF_FILE, PAGE_PRIVATE };

void footprint_init(struct footprint *footprint)
{
	*footprint = (struct footprint){ .pagemap_fd = -1 };
}

void footprint_deinit(struct footprint *footprint)
{
	size_t cursor = 0;
	struct patched_page *page;

	while ((page = addr_map_next(&footprint->pages, &cursor)) != NULL)
		free(page);
	addr_map_deinit(&footprint->pages);
	footprint_close_pagemap(footprint);
}

static struct error *footprint_add(struct footprint *footprint, const struct patched_page *page)
{
	struct patched_page *copy = malloc(sizeof(*copy));

	if (copy == NULL)
		return error_no_memory();
	*copy = *page;
	struct error *err = addr_map_put(&footprint->pages, page->start, copy);
	if (err != NULL)
		free(copy);
	return err;
}

struct error *footprint_clone(struct footprint *to, const struct footprint *from)
{
	size_t cursor = 0;
	const struct patched_page *page;
	struct error *err = NULL;

	while (err == NULL && (page = addr_map_next(&from->pages, &cursor)) != NULL)
		err = footprint_add(to, page);
	to->private_pages = from->private_pages;
	to->unused_pages = from->unused_pages;
	to->version = from->version;
	return err;
}

void footprint_close_pagemap(struct footprint *footprint)
{
	if (footprint->pagemap_fd >= 0)
		close(footprint->pagemap_fd);
	footprint->pagemap_fd = -1;
}

/* How many of @count entries from the page at @start on could be read. */
static size_t pagemap_read(struct footprint *footprint, uint64_t start, size_t count, uint64_t *ret)
{
	char path[64];

	if (footprint->pagemap_fd < 0) {
		snprintf(path, sizeof(path), "/proc/%d/pagemap", footprint->tid);
		footprint->pagemap_fd = proc_openat_soon(AT_FDCWD, path, O_RDONLY);
	}
	if (footprint->pagemap_fd < 0)
		return 0;
	ssize_t got = pread(footprint->pagemap_fd, ret, count * sizeof(*ret),
			    (off_t)(start / (uint64_t)ARCH_PAGE_BYTES * sizeof(*ret)));
	return got <= 0 ? 0 : (size_t)got / sizeof(*ret);
}

static enum page_state page_state_of(uint64_t entry)
{
	const uint64_t present = UINT64_C(1) << 63, swapped = UINT64_C(1) << 62,
		       of_file = UINT64_C(1) << 61;

	if (entry & swapped)
		return PAGE_PRIVATE;
	if (!(entry & present))
		return PAGE_ABSENT;
	return entry & of_file ? PAGE_OF_FILE : PAGE_PRIVATE;
}

/* A kernel that does not tell is one where everything counts as used. */
static enum page_state footprint_page_state(struct footprint *footprint, uint64_t start)
{
	uint64_t entry;

	return pagemap_read(footprint, start, 1, &entry) == 1 ? page_state_of(entry) : PAGE_OF_FILE;
}

bool footprint_is_absent(struct footprint *footprint, uint64_t address)
{
	uint64_t page = address & ~((uint64_t)ARCH_PAGE_BYTES - 1);

	return addr_map_get(&footprint->pages, page) == NULL &&
	       footprint_page_state(footprint, page) == PAGE_ABSENT;
}

static struct error *patch_page(struct footprint *footprint, uint64_t at, uint64_t start,
				uint64_t end)
{
	const uint64_t group = at & ~(GROUP_BYTES - 1);
	struct patched_page page = {
		.start = at,
		.group_start = group > start ? group : start,
		.group_end = group + GROUP_BYTES < end ? group + GROUP_BYTES : end,
	};

	if (addr_map_get(&footprint->pages, at) != NULL)
		return NULL;
	if (page.group_end < page.group_start) /* outside the mapping: it has no group */
		page.group_end = page.group_start;
	enum page_state state = footprint_page_state(footprint, at);
	page.was_private = state == PAGE_PRIVATE;
	page.is_unused = state == PAGE_ABSENT;
	struct error *err = footprint_add(footprint, &page);
	if (err != NULL)
		return err;
	footprint->private_pages += !page.was_private;
	footprint->unused_pages += page.is_unused;
	footprint->version++;
	return NULL;
}

struct error *footprint_patch(struct footprint *footprint, taddr_t address, size_t bytes,
			      uint64_t start, uint64_t end)
{
	struct error *err = NULL;

	for (uint64_t at = address.value & ~((uint64_t)ARCH_PAGE_BYTES - 1);
	     err == NULL && at < address.value + bytes; at += (uint64_t)ARCH_PAGE_BYTES)
		err = patch_page(footprint, at, start, end);
	return err;
}

/* All of @page's group is the program's own. */
static void use_group(struct footprint *footprint, const struct patched_page *page)
{
	for (uint64_t at = page->group_start; at < page->group_end;
	     at += (uint64_t)ARCH_PAGE_BYTES) {
		struct patched_page *other = addr_map_get(&footprint->pages, at);
		if (other == NULL || !other->is_unused)
			continue;
		other->is_unused = false;
		footprint->unused_pages--;
		footprint->version++;
	}
}

/* The rest of the group is brought in by one page of it that is as it was. */
static void use_page(struct footprint *footprint, const struct address_space *space, uint64_t start)
{
	const struct patched_page *page = addr_map_get(&footprint->pages, start);

	if (page == NULL || !page->is_unused)
		return;
	for (uint64_t at = page->group_start; at < page->group_end;
	     at += (uint64_t)ARCH_PAGE_BYTES) {
		uint8_t byte;
		if (addr_map_get(&footprint->pages, at) != NULL)
			continue;
		address_space_read_some(space, taddr(at), &byte, 1);
		break;
	}
	use_group(footprint, page);
}

void footprint_use(struct footprint *footprint, const struct address_space *space, taddr_t address,
		   size_t bytes)
{
	for (uint64_t at = address.value & ~((uint64_t)ARCH_PAGE_BYTES - 1);
	     at < address.value + bytes; at += (uint64_t)ARCH_PAGE_BYTES)
		use_page(footprint, space, at);
}

void footprint_forget(struct footprint *footprint, uint64_t start, uint64_t end)
{
	size_t cursor = 0;
	struct patched_page *page;

	while ((page = addr_map_next(&footprint->pages, &cursor)) != NULL) {
		if (page->start < start || page->start >= end)
			continue;
		addr_map_remove(&footprint->pages, page->start);
		cursor--;
		footprint->private_pages -= !page->was_private;
		footprint->unused_pages -= page->is_unused;
		footprint->version++;
		free(page);
	}
}

/* Whether a page of @page's group is in memory that we have not written to. */
static bool group_is_used(struct footprint *footprint, const struct patched_page *page)
{
	uint64_t entries[GROUP_PAGES];

	size_t count = (page->group_end - page->group_start) / (uint64_t)ARCH_PAGE_BYTES;
	size_t got = pagemap_read(footprint, page->group_start, count, entries);
	for (size_t i = 0; i < got; i++) {
		if (page_state_of(entries[i]) == PAGE_OF_FILE)
			return true;
	}
	return false;
}

void footprint_review(struct footprint *footprint, pid_t pid)
{
	size_t cursor = 0;
	const struct patched_page *page;

	footprint->tid = pid;
	while (footprint->unused_pages > 0 &&
	       (page = addr_map_next(&footprint->pages, &cursor)) != NULL) {
		if (page->is_unused && group_is_used(footprint, page))
			use_group(footprint, page);
	}
	footprint_close_pagemap(footprint);
}

const struct patched_page *footprint_next_page(const struct footprint *footprint, size_t *cursor)
{
	return addr_map_next(&footprint->pages, cursor);
}
