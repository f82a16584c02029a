/*
 * Sites come into an image, and go (probe layer).
 */
#ifndef PROBE_SITE_H
#define PROBE_SITE_H

#include "tracer/probe/image.h"

/*
 * Adds @role to the site at @address, inserting it if it is not there. @tracee is a thread of the
 * space; when it is stopped, then outside any system call. When it is not, the code block is mapped at
 * the first hit (image_ready_slot): no thread needs to be stopped for a site. Fails with ERR_FORMAT
 * when no site can be there: the reason is for the user; with ERR_UNMAPPED when the code is gone.
 */
struct error *image_insert(struct image *image, struct tracee *tracee, taddr_t address,
			   enum site_role role, struct site **ret) MUST_CHECK;

/*
 * Our patch is at @address already: a copy that the program has made has it, of @code. @tracee is stopped
 * there, and no site is.
 */
struct error *image_insert_copy(struct image *image, struct tracee *tracee, taddr_t address,
				const uint8_t *code, size_t bytes, struct site **ret) MUST_CHECK;

/*
 * @tracee stands behind the patch of @site, or another thread of the space does: makes the code blocks
 * that are still missing, and takes note of a first hit. Fails with ERR_FORMAT when a block cannot be
 * made; the sites concerned are retired then.
 */
struct error *image_ready_slot(struct image *image, struct tracee *tracee,
			       struct site *site) MUST_CHECK;

/*
 * The two halves of it: what must be injected is, by @tracee, which is stopped; what is mapped is
 * written, of sites that have one of @roles.
 */
struct error *image_map_slots(struct image *image, struct tracee *tracee) MUST_CHECK;
struct error *image_fill_slots(struct image *image, unsigned roles) MUST_CHECK;

/* Writes the patch of @site, which is prepared. Fails with ERR_UNMAPPED when its code is gone. */
struct error *image_arm_site(struct image *image, struct site *site) MUST_CHECK;

/*
 * Brings a clone and the memory together, whose program does not run yet: when sites were inserted in
 * the parent between the fork and its event, by hits of other threads or at attach. What can be armed is;
 * other sites, and code blocks, that are not in the memory are forgotten.
 */
void image_verify(struct image *image);

/* Likewise, of one whose traps are to be taken away: it only makes no use of what is not mapped there. */
void image_verify_left(struct image *image);

/* Likewise for traps that have become jumps meanwhile, or were about to, or jumps that have become traps. */
struct error *image_settle(struct image *image) MUST_CHECK;

/* Takes @role away from @site; with the last one, its patch. */
struct error *image_remove_role(struct image *image, struct site *site,
				enum site_role role) MUST_CHECK;

#endif
