/*
 * The patches of sites that have been prepared are written, all at once (probe layer).
 *
 * No thread has been stopped meanwhile, so that libraries may have gone since their sites were prepared, and others
 * have come to where they were. Once SITE_LINKER has come first (image_arm_first), a dynamic linker stops at its site before it unmaps
 * anything: what the planner finds mapped then stays, but for what the program unmaps by itself.
 */
#ifndef PROBE_ARMING_ARMING_H
#define PROBE_ARMING_ARMING_H

#include "tracer/probe/image.h"

/* Those alone that have one of @roles. */
struct error *image_arm_first(struct image *image, unsigned roles) MUST_CHECK;

/*
 * All of them, and the semaphores of static probes. A site whose code is gone is forgotten: *@ret_has_lost says that there were
 * such; the next planner_update looks at their modules again.
 */
struct error *image_arm(struct image *image, bool *ret_has_lost) MUST_CHECK;

#endif
