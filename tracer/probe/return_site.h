/*
 * Sites where the returns of calls are noticed (probe layer).
 */
#ifndef PROBE_RETURN_SITE_H
#define PROBE_RETURN_SITE_H

#include "tracer/probe/image.h"

/*
 * A call entered at @entry will return to @return_address: inserts a site there, or, where one
 * would do harm (a signal trampoline that unwinders recognise by its bytes, code made at run time
 * that its maker may move), at the function's own return instructions. @tracee is stopped, outside
 * any system call. Fails with ERR_FORMAT and the reason when neither can be done: the call's end
 * is then only known from later evidence.
 */
struct error *return_site_ensure(struct image *image, struct tracee *tracee, struct site *entry,
				 taddr_t return_address) MUST_CHECK;

/* A call entered at @entry will return to @behind, which has a SITE_RETURN: perhaps not the only function that does. */
void return_site_note(struct site *behind, const struct site *entry);

/* Looks, once, at the code of the function at @entry: sets its traits. */
void entry_site_scan(struct image *image, struct site *entry);

#endif
