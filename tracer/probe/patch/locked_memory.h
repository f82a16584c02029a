/*
 * What our mappings are in a program that locks its memory, mlockall(2) (probe layer).
 *
 * The kernel then brings all pages of all mappings into memory, ours too, used or not, and counts them against
 * RLIMIT_MEMLOCK; those that are mapped later are, too, if the program wants it so. Therefore mappings in such a
 * program are as small as they can be, and are unlocked when they are new. Their pages are in our books, one and
 * all.
 */
#ifndef PROBE_PATCH_LOCKED_MEMORY_H
#define PROBE_PATCH_LOCKED_MEMORY_H

#include "tracer/probe/patch/injected.h"

/*
 * @mapping is about to be mapped in the program of thread @tid: makes it smaller if the program has locked
 * memory. *@ret_locked_bytes: how much.
 */
struct error *locked_memory_prepare(struct injected *injected, struct injected_mapping *mapping,
				    pid_t tid, uint64_t *ret_locked_bytes) MUST_CHECK;

/* @mapping has been mapped, when so much of the program's memory was locked. @tracee as for injected_map. */
struct error *locked_memory_release(const struct injected *injected,
				    struct injected_mapping *mapping, struct tracee *tracee,
				    uint64_t locked_bytes) MUST_CHECK;

/* The program is about to lock all its memory: gives back what is not in use. @tracee likewise. */
struct error *locked_memory_trim(struct injected *injected, struct tracee *tracee) MUST_CHECK;

/*
 * Brings all pages of @mapping, which pads write to, into memory as they are, so that our books hold whoever touches
 * them. Before Linux 5.14 that cannot be done.
 */
struct error *locked_memory_populate(const struct injected *injected,
				     struct injected_mapping *mapping,
				     struct tracee *tracee) MUST_CHECK;

#endif
