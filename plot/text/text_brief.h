/*
 * What of functions' names tells them apart (plot layer). Pure.
 */
#ifndef PLOT_TEXT_TEXT_BRIEF_H
#define PLOT_TEXT_TEXT_BRIEF_H

#include <stddef.h>

#include "tracer/base/error.h"

/* Of one of several names. */
struct text_brief {
	size_t prefix_bytes; /* of the scope that all qualified names share: "mesh::Grid::" */
	/* Without it; of brackets only what tells the name from others of the same shape. Owned. */
	char *text;
};

/* *@ret: @count of them, in the names' order; for text_briefs_free. */
struct error *text_briefs_create(const char *const *names, size_t count,
				 struct text_brief **ret) MUST_CHECK;
void text_briefs_free(struct text_brief *briefs, size_t count);

/*
 * A copy of at most @width_em: the whole name, else without the prefix, else the brief form, whose middle
 * goes if need be. @brief: NULL where nothing is known of other names. Owned; NULL without memory.
 */
char *text_shorten_brief(const char *name, const struct text_brief *brief, double width_em);

#endif
