/*
 * The notes of a core file: what is known of a process and its threads besides their memory (tracee layer).
 *
 * As the kernel writes them (fill_note_info, fs/binfmt_elf.c), for gdb and its like: registers by thread, the process, its
 * auxiliary vector, which files are mapped where.
 */
#ifndef TRACEE_CORE_NOTES_H
#define TRACEE_CORE_NOTES_H

#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/proc/proc_maps.h"

struct core_notes {
	char *data; /* owned */
	size_t bytes, capacity;
};

/*
 * Of process @pid. The threads @tids are in stops; the first is the one that debuggers show first. Those that have been
 * killed are left out. @ret is overwritten, and must be released also after an error.
 */
struct error *core_notes_take(pid_t pid, const pid_t *tids, size_t count,
			      const struct proc_maps *maps, struct core_notes *ret) MUST_CHECK;
void core_notes_deinit(struct core_notes *notes);

#endif
