/*
 * What lets a program outlive us (probe layer).
 *
 * When a tracer dies, a thread that executes one of its traps gets a SIGTRAP and dies of it. So, where
 * it is wanted, the program gets a handler for SIGTRAP, which no one sees as long as we live: every
 * SIGTRAP is ours first. It needs a mapping of its own in the program, with a table of all sites, and
 * the program can see both (sigaction(2), /proc/PID/maps). A program that has a handler of its own for
 * SIGTRAP, or ignores it, keeps that.
 */
#ifndef PROBE_PATCH_TRAP_FALLBACK_H
#define PROBE_PATCH_TRAP_FALLBACK_H

#include "tracer/probe/image.h"

/*
 * Installs it in @image's program, if that is wanted and has not been done or given up yet. @tracee is
 * a stopped thread of it. What fails is given up.
 */
struct error *trap_fallback_install(struct image *image, struct tracee *tracee) MUST_CHECK;

/* The kernel has reset the action for SIGTRAP: sets it again. */
struct error *trap_fallback_reinstall(const struct image *image, struct tracee *tracee) MUST_CHECK;

/* Makes @site, which has a slot, known to the handler; before its trap is written. */
struct error *trap_fallback_note(struct image *image, const struct site *site) MUST_CHECK;

/* Takes note when it is not in the memory: of a clone whose parent got it after the fork. */
void trap_fallback_verify(struct image *image);

/* Gives the program its own action back, and unmaps. No trap is left in it. */
struct error *trap_fallback_remove(struct image *image, struct tracee *tracee) MUST_CHECK;

/* The same, but nobody is stopped who could unmap: what is left behind is emptied. */
void trap_fallback_leave(struct image *image);

/*
 * Takes over what another mprof-trace has left in process @pid, whose mappings are @maps, and takes away its traps if it was
 * killed: *@ret_healed says how many. Nobody needs to be stopped.
 */
struct error *trap_fallback_adopt(struct image *image, pid_t pid, const struct proc_maps *maps,
				  size_t *ret_healed) MUST_CHECK;

/* The pages of its mapping that are written to, and so in memory; none without it. */
struct page_range trap_fallback_range(const struct image *image);

/* The highest slot in [@start, @end) that the handler knows; @start when it knows none. */
taddr_t trap_fallback_last_slot(const struct image *image, taddr_t start, taddr_t end);

#endif
