/*
 * Whether a file is the one that a process has mapped (proc layer).
 *
 * /proc/PID/maps has the file's number, and a device that stat(2) does not know of overlayfs and btrfs: a container's
 * library and another one of ours may have the same number. Links of map_files lead to the file itself, and are for
 * root alone (CAP_CHECKPOINT_RESTORE).
 */
#ifndef PROC_MAPPED_FILE_H
#define PROC_MAPPED_FILE_H

#include <stdbool.h>

#include "tracer/proc/proc_maps.h"

/* The link of map_files of process @pid that leads to what is mapped at @m, removed or not. */
enum { MAPPED_LINK_BYTES = 80 };
void mapped_file_link(const struct mapping *m, pid_t pid, char ret[static MAPPED_LINK_BYTES]);

/*
 * The name that what is mapped at @m has for process @pid: maps gives it below our root, or below that of its mount
 * namespace, and after chroot(2) its own is another. Within @m's path.
 */
const char *mapped_file_name(const struct mapping *m, pid_t pid);

/* Whether the file at @path, as we see it, is what is mapped at @m in process @pid. */
bool mapped_file_is_at(const struct mapping *m, pid_t pid, const char *path);

#endif
