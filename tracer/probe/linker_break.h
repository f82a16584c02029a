/*
 * Where a dynamic linker reports its libraries, when no symbol of it tells (probe layer).
 *
 * A debugger's way: the linker fills DT_DEBUG of the program with the address of a struct r_debug,
 * whose r_brk is a function that it calls after each change (link.h). That is there at the
 * program's entry point at the latest.
 */
#ifndef PROBE_LINKER_BREAK_H
#define PROBE_LINKER_BREAK_H

#include "tracer/probe/image.h"

/*
 * Puts a SITE_LINKER at r_brk, or, when a linker is there that has not told it yet, a SITE_START at the
 * program's entry point. *@ret_found: whether one of them could be put.
 */
struct error *linker_break_find(struct image *image, struct tracee *tracee,
				bool *ret_found) MUST_CHECK;

/* Where the program of process @pid begins, once its linker is done; 0: the kernel does not say. */
taddr_t program_entry_point(pid_t pid);

/* @tracee is at the SITE_START: puts a SITE_LINKER at r_brk, if there is one. */
struct error *linker_break_started(struct image *image, struct tracee *tracee) MUST_CHECK;

/*
 * Whether the linker of process @pid has announced that it unloads libraries, of any name space, and has not said yet
 * that it is done (link.h, RT_DELETE).
 */
bool linker_break_unloads(const struct image *image, pid_t pid);

#endif
