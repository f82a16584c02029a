/*
 * Copies of its own code that a program has made, with our patches in them, and runs (probe layer).
 *
 * A trap in a copy is at no site of ours, and the thread that executes it would die. A jump in a copy leads as far
 * from its pad as the copy is from the site; with luck nothing can be executed there (slot_arena.h), and the thread
 * has done nothing else when it faults. Where the code around it tells what the patch stands for, the program gets
 * its own bytes back in its copy.
 */
#ifndef PROBE_COPIES_H
#define PROBE_COPIES_H

#include "tracer/probe/image.h"

enum copy_end {
	COPY_NONE, /* nothing that we have patched looks like this: the trap is the program's own */
	COPY_MENDED,  /* the program's own bytes are there: the thread is to execute it */
	COPY_UNCLEAR, /* it is a copy, but of which of several functions, cannot be told */
	COPY_PROBED, /* memory that is others', too, is not ours to write to: there is a site instead */
};

/* Whether the file that is mapped at @at has a trap there: it is the program's own, whatever it looks like. */
bool copies_is_of_file(const struct image *image, taddr_t at);

/*
 * @tracee, stopped, has executed a trap at @at, where there is no site but perhaps one of SITE_COPY: what
 * is there now counts, for copies are overwritten. Mends all that was copied together with it. With
 * COPY_PROBED *@ret_site is the site, whose block is ready.
 */
struct error *copies_mend(struct image *image, struct tracee *tracee, taddr_t at,
			  enum copy_end *ret, struct site **ret_site) MUST_CHECK;

/*
 * Likewise, of a jump: the thread has been led to @landed, and could not execute what is there. *@ret_at is the copy's
 * jump; nothing is said about it with COPY_NONE.
 */
struct error *copies_mend_jump(struct image *image, struct tracee *tracee, taddr_t landed,
			       enum copy_end *ret, taddr_t *ret_at,
			       struct site **ret_site) MUST_CHECK;

#endif
