/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Calls that are made again; see retry.h. Base layer. */
#include "tracer/base/retry.h"

#include <errno.h>
#include <time.h>

enum {
	TRIES_MAX = 12,
	TRIES_AT_ONCE = 3,
};

bool retry_is_due(int errnum, unsigned *tries)
{
	static const struct timespec pause = { 0, 1000000 };

	switch (errnum) {
	case EINTR:
	case EAGAIN:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EIO:
		break;
	default:
		return false;
	}
	if (++*tries > TRIES_MAX)
		return false;
	if (*tries > TRIES_AT_ONCE)
		nanosleep(&pause, NULL);
	return true;
}
