/*
 * How pads read the memory of their program (probe layer): a descriptor of the program's own for its
 * /proc/self/statm, at the top of those it may have, where no open(2) of the program's comes to.
 *
 * What the program does with its descriptors is its own affair: it may close ours, or put another file there. So
 * what was read counts only while the descriptor is still the file that we have opened.
 */
#ifndef PROBE_JUMP_PAD_MEMORY_H
#define PROBE_JUMP_PAD_MEMORY_H

#include "tracer/probe/image.h"

/*
 * Opens it, by @tracee, which is stopped outside any system call, and lets the pads read memory that is older than
 * @ages say. Where there can be none, they read nothing. A program whose system calls are filtered gets none:
 * the filter might not let pread(2) pass.
 */
struct error *pad_memory_begin(struct image *image, struct tracee *tracee,
			       const struct memory_ages *ages) MUST_CHECK;

/*
 * Whether @image's descriptor, if pads read from one, still is what was opened. When it is not, pads read nothing any
 * more; when it cannot be looked at just now, what they have read does not count.
 */
bool pad_memory_is_ours(struct image *image);

/* Pads read nothing any more, and never will: their system calls might be filtered. */
struct error *pad_memory_forbid(struct image *image) MUST_CHECK;

/* An earlier mprof-trace has left descriptor @fd in the program, if it still is this file: it is ours now. */
void pad_memory_adopt(struct image *image, int fd, uint64_t device, uint64_t inode);

/*
 * @tracee, in its first stop, is of a process that was forked: its copy of its parent's descriptor is closed. Where it
 * shares the parent's descriptors (CLONE_FILES), or that is not known (kcmp(2)), it is left alone.
 */
struct error *pad_memory_close_inherited(struct image *image, struct tracee *tracee) MUST_CHECK;

/* Closes it, by @tracee, as above. */
struct error *pad_memory_close(struct image *image, struct tracee *tracee) MUST_CHECK;

#endif
