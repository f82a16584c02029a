/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Descriptors in reserve (base layer): what is opened for a short look at /proc does not fail for want of one.
 *
 * They belong to the process, as its descriptors do: a library of ours keeps none (tracer/api/no_reserve.c).
 */
#ifndef BASE_RESERVE_H
#define BASE_RESERVE_H

#include <stdbool.h>

/*
 * retry_is_due of retry.h, for what is closed again at once: at EMFILE and ENFILE a descriptor of the reserve is
 * given up. The next call that needs none of them takes it back.
 */
bool retry_from_reserve(int errnum, unsigned *tries);

/* Makes the reserve full, as far as that is possible: at the start, and before each call as above. */
void reserve_fill(void);

/* Gives all of it up: in a child of ours that keeps nothing waiting. */
void reserve_release(void);

#endif
