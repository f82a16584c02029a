/* Static probes (USDT): their sites (probe layer; for planner.c). */
#ifndef PROBE_USDT_SITES_H
#define PROBE_USDT_SITES_H

#include "symbols/usdt/usdt_match.h"
#include "tracer/probe/image.h"
#include "tracer/probe/probe_set.h"

/*
 * Inserts the site of @match in @module, and raises the program's counter of listeners. Fails with
 * ERR_FORMAT where no site can be.
 */
struct error *usdt_insert(struct image *image, struct tracee *tracee, struct probe_set *probes,
			  const struct module *module, const struct usdt_match *match) MUST_CHECK;

#endif
