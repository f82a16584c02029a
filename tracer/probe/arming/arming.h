/*
 * The patches of sites that have been prepared are written, all at once (probe layer).
 *
 * No thread has been stopped meanwhile, so that libraries may have gone since their sites were prepared, and others
 * have come to where they were. Once image_arm_linker has been called, a dynamic linker stops at its site before it unmaps
 * anything: what the planner finds mapped then stays, but for what the program unmaps by itself.
 */
#ifndef PROBE_ARMING_ARMING_H
#define PROBE_ARMING_ARMING_H

#include "tracer/probe/image.h"

/* The dynamic linker's own site alone. */
struct error *image_arm_linker(struct image *image) MUST_CHECK;

/*
 * All of them, and the semaphores of static probes. A site whose code is gone is forgotten: *@ret_has_lost says that there were
 * such; the next planner_update looks at their modules again.
 */
struct error *image_arm(struct image *image, bool *ret_has_lost) MUST_CHECK;

#endif
