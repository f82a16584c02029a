/* Places in code that threads may come to without a branch; see cuts.h. Probe layer. */
#include "tracer/probe/code/cuts.h"

#include <stdlib.h>

enum { PAGE_BYTES = 4096 };

struct cut_page {
	uint64_t number;
	uint8_t bits[PAGE_BYTES / 8];
};

void cuts_deinit(struct cuts *cuts)
{
	size_t cursor = 0;
	struct cut_page *page;

	while ((page = addr_map_next(&cuts->pages, &cursor)) != NULL)
		free(page);
	addr_map_deinit(&cuts->pages);
	*cuts = (struct cuts){ .has_lost = false };
}

static struct cut_page *page_of(const struct cuts *cuts, uint64_t address)
{
	return addr_map_get(&cuts->pages, address / PAGE_BYTES + 1);
}

static struct error *add_page(struct cuts *cuts, uint64_t number, struct cut_page **ret)
{
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	(*ret)->number = number;
	struct error *err = addr_map_put(&cuts->pages, number + 1, *ret);
	if (err != NULL)
		free(*ret);
	return err;
}

bool cuts_add(struct cuts *cuts, taddr_t pc)
{
	struct cut_page *page = page_of(cuts, pc.value);
	const uint64_t in_page = pc.value % PAGE_BYTES;

	if (page == NULL && !cuts->has_lost && cuts->pages.count >= CUT_PAGES_MOST)
		return false;
	if (page == NULL && !cuts->has_lost) {
		struct error *err = add_page(cuts, pc.value / PAGE_BYTES, &page);
		cuts->has_lost = err != NULL;
		error_free(err);
	}
	if (page != NULL && !cuts->has_lost)
		page->bits[in_page / 8] |= (uint8_t)(1U << in_page % 8);
	return true;
}

bool cuts_has(const struct cuts *cuts, taddr_t from, size_t bytes)
{
	if (cuts->has_lost)
		return true;
	for (uint64_t at = from.value; at != from.value + bytes; at++) {
		const struct cut_page *page = page_of(cuts, at);
		if (page != NULL && (page->bits[at % PAGE_BYTES / 8] >> at % 8 & 1) != 0)
			return true;
	}
	return false;
}

void cuts_keep(struct cuts *cuts, bool (*is_wanted)(const void *context, taddr_t page),
	       const void *context)
{
	size_t cursor = 0;
	struct cut_page *page;

	while ((page = addr_map_next(&cuts->pages, &cursor)) != NULL) {
		if (is_wanted(context, taddr(page->number * PAGE_BYTES)))
			continue;
		addr_map_remove(&cuts->pages, page->number + 1);
		free(page);
		cursor--; /* addr_map_next: the next one may have its place now */
	}
}

struct gone {
	uint64_t start, end;
};

static bool is_left(const void *context, taddr_t page)
{
	const struct gone *gone = context;

	return page.value < gone->start || page.value + PAGE_BYTES > gone->end;
}

void cuts_forget(struct cuts *cuts, uint64_t start, uint64_t end)
{
	const struct gone gone = { start, end };

	cuts_keep(cuts, is_left, &gone);
}

struct error *cuts_copy(struct cuts *to, const struct cuts *from)
{
	size_t cursor = 0;
	const struct cut_page *page;
	struct cut_page *copy;
	struct error *err = NULL;

	to->has_lost = from->has_lost;
	while (err == NULL && (page = addr_map_next(&from->pages, &cursor)) != NULL) {
		err = add_page(to, page->number, &copy);
		if (err == NULL)
			*copy = *page;
	}
	return err;
}
