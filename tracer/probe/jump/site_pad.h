/*
 * The pad of a site, and its jump there (probe layer). Whether that may be is decided elsewhere: promotion.h.
 */
#ifndef PROBE_JUMP_SITE_PAD_H
#define PROBE_JUMP_SITE_PAD_H

#include "tracer/probe/image.h"

/* The pad that records what all roles of @site need; false: there is none. */
bool site_pad_kind(const struct site *site, enum arch_pad_kind *ret);

/*
 * A pad for @site, which has none, that does what @window says; likewise, and what pads share is mapped. Fails
 * with ERR_FORMAT when the code cannot run elsewhere.
 */
struct error *image_make_pad(struct image *image, struct tracee *tracee, struct site *site,
			     const struct pad_window *window) MUST_CHECK;

/* The second step. Where the program has changed its code meanwhile, the heat of @site says so instead. */
struct error *image_write_jump(struct image *image, struct site *site) MUST_CHECK;

#endif
