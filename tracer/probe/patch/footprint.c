/* What we add to the memory of a process; see footprint.h. Probe layer. */
#include "tracer/probe/patch/footprint.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/probe/image.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/probe/patch/trap_fallback.h"

/* What a fault maps at once: fault_around_bytes of the kernel, by default. */
enum { GROUP_PAGES = 16 };
static const uint64_t PAGE_BYTES = FOOTPRINT_PAGE_BYTES;
static const uint64_t GROUP_BYTES = GROUP_PAGES * FOOTPRINT_PAGE_BYTES;

struct patched_page {
	uint64_t start;
	bool was_private; /* the program's own before: the trap has added nothing */
	bool is_unused;	  /* not in memory but for us */
};

/* What a page of the target's code is: proc(5), pagemap. */
enum page_state { PAGE_ABSENT, PAGE_OF_FILE, PAGE_PRIVATE };

void footprint_init(struct footprint *footprint)
{
	*footprint = (struct footprint){ .pagemap_fd = -1, .file = { .fd = -1 } };
}

void footprint_deinit(struct footprint *footprint)
{
	size_t cursor = 0;
	struct patched_page *page;

	while ((page = addr_map_next(&footprint->pages, &cursor)) != NULL)
		free(page);
	addr_map_deinit(&footprint->pages);
	footprint_end_file(footprint);
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

void footprint_begin_file(struct footprint *footprint, const char *path, uint64_t start,
			  uint64_t end, uint64_t offset_bytes)
{
	footprint_end_file(footprint);
	footprint->file.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	footprint->file.start = start;
	footprint->file.end = end;
	footprint->file.offset_bytes = offset_bytes;
}

static void footprint_close_pagemap(struct footprint *footprint)
{
	if (footprint->pagemap_fd >= 0)
		close(footprint->pagemap_fd);
	footprint->pagemap_fd = -1;
}

void footprint_end_file(struct footprint *footprint)
{
	if (footprint->file.fd >= 0)
		close(footprint->file.fd);
	footprint->file.fd = -1;
	footprint_close_pagemap(footprint);
}

/* How many of @count entries from the page at @start on could be read. */
static size_t pagemap_read(struct footprint *footprint, uint64_t start, size_t count, uint64_t *ret)
{
	char path[64];

	if (footprint->pagemap_fd < 0) {
		snprintf(path, sizeof(path), "/proc/%d/pagemap", footprint->tid);
		footprint->pagemap_fd = open(path, O_RDONLY | O_CLOEXEC);
	}
	if (footprint->pagemap_fd < 0)
		return 0;
	ssize_t got = pread(footprint->pagemap_fd, ret, count * sizeof(*ret),
			    (off_t)(start / PAGE_BYTES * sizeof(*ret)));
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

/* Code within one page. */
static size_t read_code_of_page(struct image *image, uint64_t from, uint8_t *ret, size_t bytes)
{
	struct footprint *footprint = &image->footprint;
	uint64_t page = from & ~(PAGE_BYTES - 1);

	bool is_in_file = footprint->file.fd >= 0 && from >= footprint->file.start &&
			  from < footprint->file.end;
	if (!is_in_file || addr_map_get(&footprint->pages, page) != NULL ||
	    footprint_page_state(footprint, page) != PAGE_ABSENT)
		return address_space_read_some(image->space, taddr(from), ret, bytes);
	/* A private mapping shows the file until it is written to (mmap(2)). */
	ssize_t got = pread(footprint->file.fd, ret, bytes,
			    (off_t)(footprint->file.offset_bytes + from - footprint->file.start));
	return got < 0 ? 0 : (size_t)got;
}

size_t footprint_read_code(struct image *image, pid_t tid, taddr_t from, uint8_t *ret, size_t bytes)
{
	size_t done = 0;

	image->footprint.tid = tid;
	while (done < bytes) {
		uint64_t at = from.value + done;
		size_t part = PAGE_BYTES - at % PAGE_BYTES;
		if (part > bytes - done)
			part = bytes - done;
		size_t got = read_code_of_page(image, at, ret + done, part);
		done += got;
		if (got < part)
			break;
	}
	image_hide_traps(image, from, ret, done);
	return done;
}

struct error *footprint_patch(struct image *image, taddr_t address)
{
	struct footprint *footprint = &image->footprint;
	struct patched_page page = { .start = address.value & ~(PAGE_BYTES - 1) };

	if (addr_map_get(&footprint->pages, page.start) != NULL)
		return NULL;
	enum page_state state = footprint_page_state(footprint, page.start);
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

/* All of the group at @group is the program's own. */
static void footprint_use_group(struct footprint *footprint, uint64_t group)
{
	for (uint64_t at = group; at < group + GROUP_BYTES; at += PAGE_BYTES) {
		struct patched_page *page = addr_map_get(&footprint->pages, at);
		if (page == NULL || !page->is_unused)
			continue;
		page->is_unused = false;
		footprint->unused_pages--;
		footprint->version++;
	}
}

void footprint_use(struct image *image, struct site *site)
{
	struct footprint *footprint = &image->footprint;
	const struct module *module = image_module_at(image, site->address);
	uint64_t group = site->address.value & ~(GROUP_BYTES - 1);
	const struct patched_page *page =
		addr_map_get(&footprint->pages, site->address.value & ~(PAGE_BYTES - 1));

	site->is_used = true;
	if (page == NULL || !page->is_unused || module == NULL)
		return;
	for (uint64_t at = group; at < group + GROUP_BYTES; at += PAGE_BYTES) {
		uint8_t byte;
		if (at < module->start || at >= module->end ||
		    addr_map_get(&footprint->pages, at) != NULL)
			continue;
		address_space_read_some(image->space, taddr(at), &byte, 1);
		break;
	}
	footprint_use_group(footprint, group);
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

void footprint_review(struct image *image, pid_t pid)
{
	struct footprint *footprint = &image->footprint;
	size_t cursor = 0;
	const struct patched_page *page;

	footprint->tid = pid;
	while (footprint->unused_pages > 0 &&
	       (page = addr_map_next(&footprint->pages, &cursor)) != NULL) {
		uint64_t entries[GROUP_PAGES];
		const struct module *module = image_module_at(image, taddr(page->start));
		uint64_t group = page->start & ~(GROUP_BYTES - 1);
		if (!page->is_unused || module == NULL)
			continue;
		size_t got = pagemap_read(footprint, group, GROUP_PAGES, entries);
		bool is_used = false;
		for (size_t i = 0; i < got; i++) {
			uint64_t at = group + i * PAGE_BYTES;
			is_used = is_used || (at >= module->start && at < module->end &&
					      page_state_of(entries[i]) == PAGE_OF_FILE);
		}
		if (is_used)
			footprint_use_group(footprint, group);
	}
	footprint_close_pagemap(
		footprint); /* one descriptor less for each of very many processes */
}

/* The @index-th of what we have mapped; false: there are no more. */
static bool mapped_range(const struct image *image, size_t index, struct page_range *ret)
{
	if (index > image->chunk_count)
		return false;
	*ret = index < image->chunk_count ? slot_arena_chunk_range(&image->chunks[index])
					  : trap_fallback_range(image);
	return true;
}

size_t footprint_mapped_pages(const struct image *image)
{
	struct page_range range;
	size_t pages = 0;

	for (size_t i = 0; mapped_range(image, i, &range); i++)
		pages += range.own_pages;
	return pages;
}

uint64_t footprint_mapped_bytes(const struct image *image)
{
	struct page_range range;
	uint64_t bytes = 0;

	for (size_t i = 0; mapped_range(image, i, &range); i++)
		bytes += range.own_pages > 0 ? range.end - range.start : 0;
	return bytes;
}

struct error *footprint_ranges(const struct image *image, struct page_range **ret,
			       size_t *ret_count)
{
	size_t cursor = 0, used = 0;
	size_t count = image->module_count;
	size_t capacity = count + image->chunk_count + 1;
	const struct patched_page *page;

	*ret = calloc(capacity, sizeof(**ret));
	*ret_count = 0;
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 0; i < image->module_count; i++)
		(*ret)[i] = (struct page_range){ .start = image->modules[i].start,
						 .end = image->modules[i].end };
	while (mapped_range(image, count - image->module_count, &(*ret)[count]))
		count++;
	while ((page = addr_map_next(&image->footprint.pages, &cursor)) != NULL) {
		const struct module *module = image_module_at(image, taddr(page->start));
		if (module == NULL || page->was_private)
			continue;
		struct page_range *range = &(*ret)[module - image->modules];
		range->own_pages++;
		range->used_pages += !page->is_unused;
	}
	for (size_t i = 0; i < count; i++) {
		if ((*ret)[i].own_pages > 0)
			(*ret)[used++] = (*ret)[i];
	}
	*ret_count = used;
	return NULL;
}
