/*
 * The kernel's high-water marks of all processes of a profile, as they were read (plot layer). Pure.
 */
#ifndef PLOT_TOTALS_MARK_LIST_H
#define PLOT_TOTALS_MARK_LIST_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

struct mark_note {
	int64_t at_ns;
	double mib; /* negative: none of the program that runs from now on */
	int32_t process;
	uint32_t number; /* notes of one moment stay in order */
};

struct mark_list {
	struct mark_note *notes; /* by process and time, once it is sorted */
	size_t count, capacity;
};

/* A sample_visitor's visit_mark; @data is the list, zeroed at first. */
struct error *mark_list_add(void *data, int32_t process, int64_t time_ns, double mib) MUST_CHECK;
void mark_list_sort(struct mark_list *list);
void mark_list_deinit(struct mark_list *list);

/* The last mark read at @time_ns or before; negative: there is none. */
double mark_list_before(const struct mark_list *list, int32_t process, int64_t time_ns);

/* The first mark read at @time_ns or later, of the program that ran then; negative: there is none. */
double mark_list_after(const struct mark_list *list, int32_t process, int64_t time_ns);

#endif
