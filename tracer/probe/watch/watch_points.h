/*
 * Functions of a file that are watched for our own sake, whatever the user asks for (probe layer).
 */
#ifndef PROBE_WATCH_WATCH_POINTS_H
#define PROBE_WATCH_WATCH_POINTS_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/file/symbol_file.h"
#include "tracer/base/taddr.h"
#include "tracer/probe/image.h"

struct watch_point {
	taddr_t in_file;
	enum site_role role;
};

/* One for each that watch_points_find asks for. */
enum { WATCH_POINTS_MAX = 19 };
struct watch_points {
	struct watch_point points[WATCH_POINTS_MAX];
	size_t count;
};

/* What is wanted besides what always is. */
struct watch_wishes {
	bool is_program; /* the file is the program itself, no library */
	bool python;	 /* where a Python interpreter begins */
	bool mpi_init;	 /* where MPI is initialised */
	bool survival;	 /* where our being killed must be noticed (trap_fallback.h) */
};

/* Those that @file has. */
void watch_points_find(struct watch_points *ret, const struct symbol_file *file,
		       const struct watch_wishes *wishes);

#endif
