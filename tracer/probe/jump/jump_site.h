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
	struct symbol_store *vdsos;	/* that have got jumps; owned; NULL: none */
};

void jump_store_deinit(struct jump_store *store);

/*
 * The window of @site, with the code that is there in memory, at which no other site is. Where there is none,
 * *@ret_refusal says why, a literal; that is no error. With @is_punned, the window of a punned jump.
 */
struct error *jump_site_window(struct jump_store *store, const struct image *image,
			       const struct site *site, bool is_punned, struct jump_window *ret,
			       const char **ret_refusal) MUST_CHECK;

/* Likewise the window of a whole jump, in which other sites may be; *@ret_is: there is one. */
struct error *jump_site_window_shared(struct jump_store *store, const struct image *image,
				      const struct site *site, struct jump_window *ret,
				      bool *ret_is) MUST_CHECK;

#endif
