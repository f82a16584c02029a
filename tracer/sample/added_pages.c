/* What pages of our own making weigh; see added_pages.h. Sample layer. */
#include "tracer/sample/added_pages.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/proc/proc_file.h"

/* The fields of smaps that are asked for, in kB: the sums over the mappings of one range. */
enum smaps_field {
	FIELD_RSS,
	FIELD_PSS,
	FIELD_PSS_DIRTY, /* since Linux 6.0 */
	FIELD_SHARED_DIRTY,
	FIELD_PRIVATE_CLEAN,
	FIELD_PRIVATE_DIRTY,
	FIELD_SWAP,
	SMAPS_FIELDS
};

struct range_weight {
	double kib[SMAPS_FIELDS];
	bool has_pss_dirty;
};

static const char *const field_names[SMAPS_FIELDS] = {
	[FIELD_RSS] = "Rss:",
	[FIELD_PSS] = "Pss:",
	[FIELD_PSS_DIRTY] = "Pss_Dirty:",
	[FIELD_SHARED_DIRTY] = "Shared_Dirty:",
	[FIELD_PRIVATE_CLEAN] = "Private_Clean:",
	[FIELD_PRIVATE_DIRTY] = "Private_Dirty:",
	[FIELD_SWAP] = "Swap:",
};

static void range_weight_add(struct range_weight *weight, const char *line)
{
	for (int i = 0; i < SMAPS_FIELDS; i++) {
		size_t length = strlen(field_names[i]);
		if (strncmp(line, field_names[i], length) != 0)
			continue;
		weight->kib[i] += strtod(line + length, NULL);
		weight->has_pss_dirty = weight->has_pss_dirty || i == FIELD_PSS_DIRTY;
	}
}

/* The range that holds the mapping whose first line is @line; false: it is no first line. */
static bool find_range(const char *line, const struct page_range *ranges, size_t count,
		       size_t *ret_index)
{
	uint64_t start, end;

	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " ", &start, &end) != 2)
		return false;
	*ret_index = count;
	for (size_t i = 0; i < count && *ret_index == count; i++) {
		/* Two of our ranges may be one mapping: the first one stands for both. */
		if (start < ranges[i].end && end > ranges[i].start)
			*ret_index = i;
	}
	return true;
}

static struct error *read_weights(pid_t pid, const struct page_range *ranges, size_t count,
				  struct range_weight *weights)
{
	char *line = NULL;
	size_t capacity = 0, index = count;
	FILE *file;

	struct error *err = proc_open(&file, "/proc/%d/smaps", pid);
	if (err != NULL)
		return err;
	while (getline(&line, &capacity, file) > 0) {
		bool is_field = line[0] >= 'A' && line[0] <= 'Z';
		if (!is_field)
			find_range(line, ranges, count, &index);
		else if (index < count)
			range_weight_add(&weights[index], line);
	}
	err = proc_close(file);
	free(line);
	return err;
}

static double least(double a, double b)
{
	return a < b ? a : b;
}

/* How much of @part one page of @pages is. */
static double share_of(double part, double pages, double without)
{
	return pages > 0 ? part / pages : without;
}

static double range_added_kib(const struct page_range *range, const struct range_weight *weight,
			      enum metric_own_pages own_pages)
{
	enum { PAGE_KIB = 4 };
	const double *kib = weight->kib;
	double own = (double)range->own_pages, used = (double)range->used_pages;
	double dirty_kib = kib[FIELD_SHARED_DIRTY] + kib[FIELD_PRIVATE_DIRTY];
	double dirty = dirty_kib / PAGE_KIB, clean = (kib[FIELD_RSS] - dirty_kib) / PAGE_KIB;
	/* Before Linux 6.0 it is not said: then two share what is shared, a parent and its child. */
	double pss_dirty_kib = weight->has_pss_dirty
				       ? kib[FIELD_PSS_DIRTY]
				       : kib[FIELD_PRIVATE_DIRTY] + kib[FIELD_SHARED_DIRTY] / 2;
	double with, without;

	if (own_pages == OWN_PAGES_SWAPPED)
		return least(own * PAGE_KIB, kib[FIELD_SWAP]);
	if (own_pages == OWN_PAGES_SHARED) {
		with = share_of(pss_dirty_kib, dirty, 0);
		without = share_of(kib[FIELD_PSS] - pss_dirty_kib, clean, PAGE_KIB);
	} else {
		with = share_of(kib[FIELD_PRIVATE_DIRTY], dirty, 0);
		without = share_of(kib[FIELD_PRIVATE_CLEAN], clean, PAGE_KIB);
	}
	return least(own, dirty) * with - used * without;
}

struct error *added_pages_weigh(pid_t pid, enum metric_own_pages own_pages,
				const struct page_range *ranges, size_t count, uint64_t *ret_bytes)
{
	double added_kib = 0;
	struct range_weight *weights = calloc(count + 1, sizeof(*weights));

	*ret_bytes = 0;
	if (weights == NULL)
		return error_no_memory();
	struct error *err = read_weights(pid, ranges, count, weights);
	for (size_t i = 0; err == NULL && i < count; i++)
		added_kib += range_added_kib(&ranges[i], &weights[i], own_pages);
	free(weights);
	if (added_kib > 0)
		*ret_bytes = (uint64_t)(added_kib * 1024);
	return err;
}
