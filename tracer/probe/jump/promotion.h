/*
 * Sites that are hit often get a jump instead of their trap (probe layer).
 *
 * In two steps, since other threads may be within the instructions that a jump displaces, or in the code block that
 * leads there. With the first, every thread that hits the trap runs on in the pad's displaced code, which leads
 * behind all of them; nothing of the program's code changes. When no thread can be within them any more, which the
 * caller must find out, the second writes the jump (image_write_jump).
 */
#ifndef PROBE_JUMP_PROMOTION_H
#define PROBE_JUMP_PROMOTION_H

#include "tracer/probe/image.h"
#include "tracer/probe/jump/jump_site.h"
#include "tracer/probe/jump/site_pad.h"

/* Whether a site may become a jump by its roles alone: pads know no others. */
bool site_may_jump(const struct site *site);

/*
 * The first step for @site, which is written as a trap. @tracee is stopped, outside any system call. Where the site
 * cannot become a jump, its heat says why, and it has no pad; that is no error.
 */
struct error *image_prepare_jump(struct image *image, struct tracee *tracee, struct site *site,
				 struct jump_store *store) MUST_CHECK;

/* Whether the second step is safe only when no thread can be within the window. */
bool site_wants_clear_window(const struct site *site);

/*
 * A pad of a punned jump for @site, in place of one that displaces several instructions and that no jump has led to:
 * nobody need be waited for. Where there can be none, @site is as it was.
 */
struct error *image_pun_jump(struct image *image, struct tracee *tracee, struct site *site,
			     struct jump_store *store) MUST_CHECK;

/* All jumps become traps again, and no site becomes a jump any more, because of @why, a literal. */
struct error *image_demote_all(struct image *image, const char *why) MUST_CHECK;

/*
 * Likewise, and unmaps what the pads share. @tracee is stopped, outside any system call, and no thread is in a pad;
 * what they have recorded was taken.
 */
struct error *image_end_jumps(struct image *image, struct tracee *tracee,
			      const char *why) MUST_CHECK;

#endif
