/*
 * Functions whose implementation is chosen at run time, STT_GNU_IFUNC (probe layer).
 *
 * The symbol is that of a resolver, which the dynamic linker (or a static program's start-up) calls
 * for an address, and stores that. A site at the resolver tells when; where it returns, the
 * address is known, and gets an entry site under the name that was asked for. What had been
 * resolved before there was a site is read from the words that the linker has filled.
 */
#ifndef PROBE_IFUNC_H
#define PROBE_IFUNC_H

#include "tracer/probe/image.h"
#include "tracer/probe/probe_set.h"

/* Watches the resolver at @address for @probe. @tracee as for image_insert; fails as that. */
struct error *ifunc_watch(struct image *image, struct tracee *tracee, taddr_t address,
			  struct probe *probe) MUST_CHECK;

/* @tracee, which is stopped, has called the function at @resolver, which has returned @address. */
struct error *ifunc_resolved(struct tracee *tracee, taddr_t resolver, taddr_t address) MUST_CHECK;

/* Finds what the dynamic linker has resolved in the modules of @image already. */
struct error *ifunc_find_resolved(struct image *image, struct tracee *tracee) MUST_CHECK;

#endif
