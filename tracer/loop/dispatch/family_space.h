/*
 * Which memory a process has, from its birth to its end (loop layer): its address space, and the image that
 * is in it.
 */
#ifndef LOOP_DISPATCH_FAMILY_SPACE_H
#define LOOP_DISPATCH_FAMILY_SPACE_H

#include <stdbool.h>

#include "tracer/loop/state/session.h"

/* The memory of a new process: its parent's, or a copy of it. @maker: the parent's thread. */
struct error *family_give_space(struct process *child, const struct tracee *maker,
				bool is_vfork) MUST_CHECK;

/* @process runs another program: it leaves its memory for one of its own. */
struct error *family_new_image(struct session *session, struct process *process) MUST_CHECK;

/* @parent leaves its memory: children that have shared it have it alone. */
void family_inherit_memory(struct session *session, struct process *parent);

/* Closes what we hold of @process: its memory, with its last process the image, too, its files in /proc. */
void family_release_space(struct session *session, struct process *process);

#endif
