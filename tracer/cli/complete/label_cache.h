/*
 * The names of a file's functions, read once and kept for the next press of a key (cli layer).
 *
 * They are kept in ${XDG_CACHE_HOME:-~/.cache}/mprof-trace, a file of names for each ELF file, by its device, inode, time
 * and size. There are at most 64 of them and 32 MiB; those that were not asked for longest go first.
 */
#ifndef CLI_COMPLETE_LABEL_CACHE_H
#define CLI_COMPLETE_LABEL_CACHE_H

#include <stdbool.h>
#include <stddef.h>

/* Names without parameters, each with a newline behind it, sorted by bytes, each once. */
struct labels {
	char *text; /* owned; not terminated */
	size_t bytes;
};

/*
 * Those of the ELF file at @path. A file that is large takes longer to read than anybody waits for a key: false then, but it
 * is read to the end in the background, and the next call has it. False also for what is no ELF file.
 */
bool labels_read(struct labels *ret, const char *path);
void labels_deinit(struct labels *labels);

#endif
