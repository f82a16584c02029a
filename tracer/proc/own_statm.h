/*
 * Whether a descriptor of a process tells of that very process (proc layer).
 *
 * What a program finds at /proc is not always the kernel's: a container may have none mounted there, or a copy of
 * files, or what somebody has made up.
 */
#ifndef PROC_OWN_STATM_H
#define PROC_OWN_STATM_H

#include <stdbool.h>
#include <sys/types.h>

/*
 * Whether descriptor @fd of thread @tid is statm of proc(5), of the process that the thread belongs to: by the number
 * that the process has in the pid namespace of that /proc, or in another one of those that it is in.
 */
bool descriptor_is_own_statm(pid_t tid, int fd);

/*
 * Pure. Whether @path, of which nothing but the end counts, is statm of a process that @status, the text of
 * /proc/PID/status, gives as one of its own numbers.
 */
bool own_statm_fits(const char *path, const char *status);

#endif
