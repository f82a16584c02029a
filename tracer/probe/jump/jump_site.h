/*
 * What the code around a site says about a jump there (probe layer).
 */
#ifndef PROBE_JUMP_JUMP_SITE_H
#define PROBE_JUMP_JUMP_SITE_H

#include "tracer/probe/code/jump_window.h"
#include "tracer/probe/image.h"

/* What is known of files, and of the function that was asked about last. Zeroed: nothing. */
struct jump_store {
	struct addr_map targets;	/* symbol_file -> its struct jump_targets, owned */
	const struct symbol_file *file; /* of @function */
	struct jump_function *function; /* owned; NULL: none */
};

void jump_store_deinit(struct jump_store *store);

/*
 * The window of @site, with the code that is there in memory. Where there is none, @site->heat.refusal says why;
 * that is no error.
 */
struct error *jump_site_window(struct jump_store *store, const struct image *image,
			       struct site *site, struct jump_window *ret) MUST_CHECK;

#endif
