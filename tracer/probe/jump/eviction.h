/*
 * What a punned jump shares with an instruction behind it is changed (probe layer): that gets a jump of its own, to a
 * pad that records nothing. Where that jump leads nowhere either, one behind it makes way for it first.
 *
 * The idea is E9Patch's ("Binary Rewriting without Control Flow Recovery", Duck et al., PLDI 2020: successor eviction). The
 * instruction is evicted as a site of its own, of the role SITE_EVICTED, and alone, so that who branches to it does
 * the same as before. Its jump is written before the one that needs it, and goes after that (image_demote, image_disarm).
 */
#ifndef PROBE_JUMP_EVICTION_H
#define PROBE_JUMP_EVICTION_H

#include "tracer/probe/jump/jump_site.h"

/*
 * @window is that of a punned jump at @site, which is a trap, and leads nowhere. *@ret_is_evicted: it has another code
 * behind its instruction now, with which it leads to where a page is mapped. @tracee is stopped, outside any system call.
 */
struct error *image_evict(struct image *image, struct tracee *tracee, const struct site *site,
			  struct jump_store *store, struct jump_window *window,
			  bool *ret_is_evicted) MUST_CHECK;

#endif
