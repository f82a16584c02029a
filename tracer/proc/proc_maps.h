/*
 * The mappings of a process, from /proc/PID/maps (proc(5)) (proc layer).
 */
#ifndef PROC_PROC_MAPS_H
#define PROC_PROC_MAPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

struct mapping {
	uint64_t start, end; /* [start, end) in the target */
	uint64_t offset_bytes;
	bool readable, writable, executable, shared;
	uint64_t device, inode; /* 0, 0: no file behind it */
	bool is_ours;		/* as proc_maps_note_ours and _reserve were told */
	char *path;		/* "" when anonymous; "[stack]", "[heap]", "[vdso]" … */
};

struct proc_maps {
	struct mapping *mappings; /* in address order */
	size_t count, capacity;
};

/* Fails with ERR_GONE when the process has ended. @ret is overwritten. */
struct error *proc_maps_read(struct proc_maps *ret, pid_t pid) MUST_CHECK;
void proc_maps_deinit(struct proc_maps *maps);

/* NULL: nothing is mapped at @address. Valid as long as @maps. */
const struct mapping *proc_maps_find(const struct proc_maps *maps, uint64_t address);

/*
 * Where offset 0 of the file mapped at @address is mapped, with its ELF header; the vdso is a file
 * here. NULL: no file is mapped there, or not from its start.
 */
const struct mapping *proc_maps_elf_header(const struct proc_maps *maps, uint64_t address);

/*
 * A place for @bytes of new memory within @reach_bytes of @near on either side, where neither the
 * heap (brk), unless by hundreds of MiB, nor a stack will grow. Both page-aligned; false: there is none.
 */
bool proc_maps_find_room(const struct proc_maps *maps, uint64_t near, uint64_t bytes,
			 uint64_t reach_bytes, uint64_t *ret_start);

/* Whether nothing is in [@start, @start + @bytes) nor near it, and programs may map memory there. */
bool proc_maps_is_free(const struct proc_maps *maps, uint64_t start, uint64_t bytes);

/*
 * Whether [@start, @start + @bytes), whole pages, is free, at some distance from all that is not ours; neither the heap
 * nor the first thread's stack would ever grow to there; and no code that is not ours is within @far_bytes.
 */
bool proc_maps_is_out_of_the_way(const struct proc_maps *maps, uint64_t start, uint64_t bytes,
				 uint64_t far_bytes);

/* Notes that the mapping at @start is memory that we put there: no stack, it will not grow. */
void proc_maps_note_ours(struct proc_maps *maps, uint64_t start);

/* Notes that [@start, @start + @bytes) is going to be such memory, unless something is there. */
struct error *proc_maps_reserve(struct proc_maps *maps, uint64_t start, uint64_t bytes) MUST_CHECK;

#endif
