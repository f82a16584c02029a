/*
 * Which container a process is in, as far as /proc tells (proc layer): for messages. A kernel knows namespaces, roots
 * and control groups; what people call a container is made of them.
 */
#ifndef PROC_CONTAINER_H
#define PROC_CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { CONTAINER_TEXT_BYTES = 96, CONTAINER_ID_BYTES = 13 };

/*
 * "pid 7 in container b3083155fbad", "pid 7 in pid namespace 4026532181", "its root is /srv/jail": what sets process
 * @pid apart from us. False, and "": nothing does, or it has ended. What is shown is printable.
 */
bool container_describe(pid_t pid, char ret[static CONTAINER_TEXT_BYTES]);

/*
 * Pure. The first digits, as their tools show them, of the container that the control groups in @text, of
 * /proc/PID/cgroup, are named after: Docker, Podman, containerd and CRI-O give it 64 hexadecimal digits. The innermost
 * one counts. False: there is none.
 */
bool container_find_id(const char *text, char ret[static CONTAINER_ID_BYTES]);

#endif
