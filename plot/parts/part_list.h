/*
 * What memory was made of at one moment: "at the peak: heap 3.1 GiB, libtorch.so 0.5 GiB …" (plot layer).
 */
#ifndef PLOT_PARTS_PART_LIST_H
#define PLOT_PARTS_PART_LIST_H

#include "plot/profile/profile.h"
#include "tracer/base/memory/part_kind.h"

struct part_amount {
	enum part_kind kind;
	const char *title; /* borrowed from the profile */
	double mib;
};

struct part_list {
	struct part_amount *amounts; /* the largest first; none of them is empty */
	size_t count;
	int64_t at_ns; /* they are of that moment: mappings are looked at now and then */
};

/*
 * Of the process whose curve it is; of all together where that is their sum. Of mappings, as they were at the look
 * that is nearest to @time_ns. Empty: nothing was recorded of it.
 */
struct error *part_list_init(struct part_list *list, const struct profile *profile, size_t process,
			     int64_t time_ns) MUST_CHECK;
void part_list_deinit(struct part_list *list);

/* The look at the mappings of one process that is nearest to @time_ns; that time where there is none. */
int64_t part_list_look_ns(const struct profile *profile, int32_t process, int64_t time_ns);

/* "heap 3.1 GiB, libtorch.so 512 MiB, 12 others 3 MiB": @most of them, and the rest. NULL: no memory. Owned. */
char *part_list_format(const struct part_list *list, size_t most);

#endif
