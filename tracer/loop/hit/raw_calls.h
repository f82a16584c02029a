/*
 * What programs say to the kernel past libc's own functions for it, as far as we must hear it (loop
 * layer): by its syscall(2) and clone(2).
 */
#ifndef LOOP_HIT_RAW_CALLS_H
#define LOOP_HIT_RAW_CALLS_H

#include "tracer/probe/image.h"
#include "tracer/tracee/target.h"

/*
 * @tracee is at the first instruction of libc's syscall, or of its clone, where @site is. Programs for
 * which that is a way to something else, and a frequent one, lose the site.
 */
struct error *raw_calls_syscall(struct image *image, struct tracee *tracee,
				struct site *site) MUST_CHECK;
struct error *raw_calls_clone(struct image *image, struct tracee *tracee,
			      struct site *site) MUST_CHECK;

#endif
