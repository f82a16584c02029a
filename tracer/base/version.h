/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The program's name and version (base layer). */
#ifndef BASE_VERSION_H
#define BASE_VERSION_H

#define MPROF_TRACE_VERSION "0.1.0"

#endif
