/*
 * Pages of slots in the target, near the code whose instructions run in them (probe layer).
 *
 * Mapped by an injected mmap(2), readable and executable, 256 KiB of address space at a time, of
 * which only the pages in use take memory.
 */
#ifndef PROBE_PATCH_SLOT_ARENA_H
#define PROBE_PATCH_SLOT_ARENA_H

#include "tracer/base/page_range.h"
#include "tracer/probe/image.h"

enum { SLOT_CHUNK_BYTES = 256 * 1024, SLOTS_PER_CHUNK = SLOT_CHUNK_BYTES / ARCH_SLOT_BYTES };

struct slot_chunk {
	taddr_t start;
	size_t used;	     /* slots given out; slot 0 holds a system call instruction */
	struct site **sites; /* SLOTS_PER_CHUNK, by slot; NULL: its site was forgotten */
	bool is_mapped;	     /* false: a place that was free when it was chosen, nothing more */
};

/*
 * A free slot within reach of @near, in an old chunk or a new one, which is not mapped if @tracee is
 * not stopped. The caller must call slot_arena_assign before the next alloc.
 */
struct error *slot_arena_alloc(struct image *image, struct tracee *tracee, taddr_t near,
			       taddr_t *ret_slot) MUST_CHECK;

/* Ties @slot to @site (NULL: to none any more). */
void slot_arena_assign(struct image *image, taddr_t slot, struct site *site);

/* Whether @slot is in memory that is mapped. */
bool slot_arena_is_mapped(const struct image *image, taddr_t slot);

/*
 * Maps what is not mapped yet; a chunk whose place has been taken moves. @tracee is stopped, outside
 * any system call. The caller writes the slots of these chunks then: their addresses may be new.
 */
struct error *slot_arena_map_rest(struct image *image, struct tracee *tracee) MUST_CHECK;

struct site *slot_arena_site(const struct image *image, taddr_t pc); /* NULL: pc is in no slot */

struct error *slot_arena_clone(struct image *to, const struct image *from) MUST_CHECK;

/* The pages of it that are written to, and so in memory. */
struct page_range slot_arena_chunk_range(const struct slot_chunk *chunk);

void slot_arena_verify(struct image *image); /* takes note of chunks that are not mapped here */

/* Finds a system call instruction in the program of thread @tid, if none is known yet. */
struct error *slot_arena_find_syscall(struct image *image, pid_t tid) MUST_CHECK;

/* Marks the chunks as left behind; takes over those that were, in a process with these mappings. */
void slot_arena_leave(struct image *image);
struct error *slot_arena_adopt(struct image *image, const struct proc_maps *maps) MUST_CHECK;

/*
 * Whether one of our own mappings may be @m or a part of it, for the kernel joins neighbours. They
 * begin at any page, and are looked for by steps of this length.
 */
bool mapping_may_be_ours(const struct mapping *m);
enum { PAGE_STEP_BYTES = 4096 };

/* Takes the chunks away from the program. No thread may be in a slot; @tracee as above. */
struct error *slot_arena_unmap(struct image *image, struct tracee *tracee) MUST_CHECK;

void slot_arena_deinit(struct image *image);

#endif
