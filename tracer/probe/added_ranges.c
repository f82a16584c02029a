/* Where there are pages of ours; see added_ranges.h. Probe layer. */
#include "tracer/probe/added_ranges.h"

#include <stdlib.h>

/* Counts the patched pages in their modules, whose ranges @ranges begins with. */
static void count_patched(const struct image *image, struct page_range *ranges)
{
	size_t cursor = 0;
	const struct patched_page *page;

	while ((page = footprint_next_page(&image->footprint, &cursor)) != NULL) {
		const struct module *module = image_module_at(image, taddr(page->start));
		if (module == NULL || page->was_private)
			continue;
		struct page_range *range = &ranges[module - image->modules];
		range->own_pages++;
		range->used_pages += !page->is_unused;
	}
}

struct error *added_ranges(const struct image *image, struct page_range **ret, size_t *ret_count)
{
	size_t count = image->module_count + image->injected.count, used = 0;

	*ret = calloc(count + 1, sizeof(**ret));
	*ret_count = 0;
	if (*ret == NULL)
		return error_no_memory();
	for (size_t i = 0; i < image->module_count; i++)
		(*ret)[i] = (struct page_range){ .start = image->modules[i].start,
						 .end = image->modules[i].end };
	for (size_t i = 0; i < image->injected.count; i++)
		(*ret)[image->module_count + i] = injected_range(&image->injected.mappings[i]);
	count_patched(image, *ret);
	for (size_t i = 0; i < count; i++) {
		if ((*ret)[i].own_pages > 0)
			(*ret)[used++] = (*ret)[i];
	}
	*ret_count = used;
	return NULL;
}
