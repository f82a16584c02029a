/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * In a process that is not ours no descriptors are kept in reserve; see base/reserve.h, which the library has
 * this in place of (api layer).
 */
#include "tracer/base/reserve.h"

#include "tracer/base/retry.h"

bool retry_from_reserve(int errnum, unsigned *tries)
{
	return retry_is_due(errnum, tries);
}

void reserve_fill(void)
{
}
