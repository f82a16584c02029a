/*
 * Calls that are made again (base layer).
 *
 * Threads of the target stand still while we work for them. A system call of ours that fails for a
 * passing reason is made again then, and what is opened for a short look at /proc does not fail for want
 * of a descriptor: a few are kept in reserve.
 */
#ifndef BASE_RETRY_H
#define BASE_RETRY_H

#include <stdbool.h>

/*
 * Whether a call that has failed with @errnum may be made again: an interrupted one (EINTR), and where
 * memory, descriptors or luck was short (EAGAIN, ENOMEM, EMFILE, ENFILE, EIO). *@tries counts, from 0 on;
 * there is an end to it, and the later ones come after a short sleep, milliseconds in all.
 */
bool retry_is_due(int errnum, unsigned *tries);

/*
 * The same for what is closed again at once: at EMFILE and ENFILE a descriptor of the reserve is given up.
 * The next call that needs none of them takes it back.
 */
bool retry_from_reserve(int errnum, unsigned *tries);

/* Makes the reserve full, as far as that is possible: at the start, and before each call as above. */
void reserve_fill(void);

/* Gives all of it up: in a child of ours that keeps nothing waiting. */
void reserve_release(void);

#endif
