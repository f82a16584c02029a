/*
 * A core file of a process that stands still and lives on (tracee layer), as the kernel would write it: core(5).
 *
 * What is written of the memory: all that is private and can be written to, or is in no file; of what is mapped from files
 * otherwise, the first page, by which debuggers know the file, and those that differ from it. Pages that were never touched
 * are holes in the file.
 */
#ifndef TRACEE_CORE_FILE_H
#define TRACEE_CORE_FILE_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/proc/proc_maps.h"
#include "tracer/tracee/address_space.h"

/* What of the memory is ours. */
struct core_view {
	/* Whether the mapping that begins at @start is left out. */
	bool (*leaves_out)(void *context, uint64_t start);
	/* Whether anything of ours may be in [@start, @end), which may be executed or not. */
	bool (*is_touched)(void *context, uint64_t start, uint64_t end, bool is_executable);
	/* Then: puts the program's own bytes in place of ours in @code, which was read from @from on. */
	void (*own)(void *context, taddr_t from, uint8_t *code, size_t bytes);
	void *context;
};

/*
 * Writes @path, which must not be there yet. The threads @tids are all in stops; the first is shown first. Where it fails,
 * there is no file.
 */
struct error *core_file_write(const char *path, const struct address_space *space, pid_t pid,
			      const pid_t *tids, size_t count,
			      const struct core_view *view) MUST_CHECK;

#endif
