/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Errors as callers of the library get them (api layer). */
#ifndef API_API_ERROR_H
#define API_API_ERROR_H

#include "tracer/api/mprof.h"
#include "tracer/base/error.h"

/* Takes @err, NULL stays NULL: with the code that its kind and its errno ask for, or with @code. */
struct mprof_error *api_error(struct error *err) MUST_CHECK;
struct mprof_error *api_error_as(struct error *err, enum mprof_error_code code) MUST_CHECK;

#endif
