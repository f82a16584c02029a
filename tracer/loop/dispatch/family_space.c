/* Which memory a process has; see family_space.h. Loop layer. */
#include "tracer/loop/dispatch/family_space.h"

#include "tracer/base/log.h"
#include "tracer/loop/memory/process_memory.h"
#include "tracer/loop/stacks/stacks.h"
#include "tracer/loop/memory/start_mark.h"
#include "tracer/probe/image.h"

/* The memory of a new process: its parent's, or a copy of it. @maker: the parent's thread. */
struct error *family_give_space(struct process *child, const struct tracee *maker, bool is_vfork)
{
	struct process *parent = maker->process;

	child->shares_memory = processes_share_memory(child->pid, maker->tid, is_vfork);
	parent->lends_memory = parent->lends_memory || child->shares_memory;
	if (parent->space == NULL)
		return NULL;
	if (child->shares_memory) {
		process_enter_space(child, address_space_share(parent->space));
		return NULL;
	}
	struct address_space *space;
	struct error *err = address_space_open(child->pid, &space);
	if (err != NULL)
		return err;
	process_enter_space(child, space);
	if (parent->space->image == NULL)
		return NULL;
	return image_clone(parent->space->image, child->space);
}

/* Closes what is left of a process's memory for it: with its last process, the image and all. */
static void family_close_space(struct address_space *space)
{
	if (space != NULL && space->users == 1)
		image_destroy(space->image);
	address_space_close(space);
}

void family_release_space(struct session *session, struct process *process)
{
	process_memory_close(session, process);
	stacks_forget(session, process);
	family_close_space(process_leave_space(process));
}

static void children_inherit(const struct process *parent, struct process *child)
{
	if (child->parent_pid == parent->pid)
		child->shares_memory = false;
}

/* They are in the same space; where nothing is probed there is none. */
void family_inherit_memory(struct session *session, struct process *parent)
{
	size_t cursor = 0;
	struct process *child = parent->space == NULL ? NULL : parent->space->processes;

	for (; child != NULL; child = child->next_in_space)
		children_inherit(parent, child);
	while (parent->space == NULL && parent->lends_memory &&
	       (child = addr_map_next(&session->target.processes, &cursor)) != NULL)
		children_inherit(parent, child);
	parent->lends_memory = false;
}

struct error *family_new_image(struct session *session, struct process *process)
{
	family_inherit_memory(session, process);
	struct address_space *old = process_leave_space(process), *space;

	process->shares_memory = false;
	/*
	 * Attaching may have met this memory between the exec and its event: then there are traps of
	 * ours in it (busy -x in tests/e2e/attach/attach_family.sh). The memory before the exec is gone, and
	 * nothing is written there.
	 */
	if (old != NULL && old->users == 1 && old->image != NULL &&
	    session->options->attached_count > 0)
		error_free(image_restore(old->image));
	family_close_space(old);
	bool is_probed = (session_probes(session) || start_mark_is_due(session, process)) &&
			 !session->is_releasing;
	if (process->is_unfollowed || !is_probed)
		return NULL;
	struct error *err = address_space_open(process->pid, &space);
	if (err == NULL) {
		err = image_create(space);
		if (err != NULL)
			address_space_close(space);
	}
	if (error_take(&err, ERR_FAILED, log_warning, "process %d is recorded without probes",
		       process->pid) ||
	    err != NULL)
		return err;
	process_enter_space(process, space);
	space->image->trap_fallback.is_wanted = session->options->survives;
	space->image->is_waiting = session->is_waiting;
	return NULL;
}
