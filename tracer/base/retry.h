/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Calls that are made again (base layer).
 *
 * Threads of the target stand still while we work for them: a system call of ours that fails for a passing
 * reason is made again then.
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

#endif
