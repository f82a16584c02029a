/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The version, of the program as of libmprof (base layer). Semantic (semver.org): what it promises stands in
 * mprof-trace(1), COMPATIBILITY.
 */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define MPROF_TRACE_VERSION "1.0.0"

#endif
