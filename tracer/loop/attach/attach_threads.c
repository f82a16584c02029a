/* Which processes and threads are attached to; see attach_threads.h. Loop layer. */
#include "tracer/loop/attach/attach_threads.h"

#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/loop/dispatch/untraced.h"
#include "tracer/proc/children.h"
#include "tracer/proc/thread_look.h"
#include "tracer/tracee/seize.h"
#include "tracer/tracee/seize_refusal.h"

bool attach_shares_memory(pid_t a, pid_t b)
{
	return processes_share_memory(thread_find_living(a), thread_find_living(b), false);
}

/*
 * A child that cannot be traced is only sampled; but one in its parent's memory would meet our traps
 * there.
 */
static struct error *attach_refused(struct session *session, struct process *process,
				    struct error *why)
{
	pid_t pid = process->pid;
	bool is_child = target_process(&session->target, process->parent_pid) != NULL;

	if (!is_child || attach_shares_memory(pid, process->parent_pid))
		return why;
	log_warning("%s; it is recorded without probes", error_message(why));
	error_free(why);
	return untraced_take(session, process);
}

struct error *attach_seize(struct session *session, struct process *process, bool *ret_found)
{
	struct error *err = NULL;

	*ret_found = false;
	if (!seize_is_supported(process->pid))
		err = error_new(ERR_FORMAT, "process %d does not run a 64-bit program",
				process->pid);
	else if (!seize_may_inject(process->pid))
		err = seize_refused_filtered(process->pid);
	else
		err = seize_threads(&session->target, process, ret_found);
	err = error_ignore(err, ERR_GONE);
	return err == NULL ? NULL : attach_refused(session, process, err);
}

/* Adds the children of @pid that are not known yet. */
static struct error *attach_add_children(struct session *session, pid_t pid, bool *ret_found)
{
	pid_t *children;
	size_t count;

	struct error *err = children_read(pid, 0, &children, &count);
	if (err != NULL)
		return err;
	for (size_t i = 0; err == NULL && i < count; i++) {
		struct process *process;
		bool is_wanted =
			session->options->follows || attach_shares_memory(children[i], pid);
		if (!is_wanted || target_process(&session->target, children[i]) != NULL)
			continue;
		struct error *gone = seize_check(children[i]);
		if (gone == NULL) {
			*ret_found = true;
			err = target_add_process(&session->target, children[i], pid, &process);
			if (err == NULL)
				process->is_unfollowed = !session->options->follows;
		}
		error_free(gone);
	}
	free(children);
	return err;
}

struct error *attach_list(const struct session *session, pid_t **ret, size_t *ret_count)
{
	size_t cursor = 0;
	const struct process *process;

	*ret_count = 0;
	*ret = malloc((session->target.processes.count + 1) * sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->is_untraced)
			continue;
		(*ret)[*ret_count] = process->pid;
		if (process->is_main) {
			(*ret)[*ret_count] = (*ret)[0];
			(*ret)[0] = process->pid;
		}
		++*ret_count;
	}
	return NULL;
}

/*
 * A thread that is not traced yet may make another one, or a process, while we look: so it is looked
 * again until there is nothing new. From then on the kernel tells us of each.
 */
struct error *attach_seize_all(struct session *session, bool *ret_found)
{
	struct error *err = NULL;

	*ret_found = false;
	for (bool is_new = true; err == NULL && is_new;) {
		pid_t *pids;
		size_t count;
		is_new = false;
		err = attach_list(session, &pids, &count);
		for (size_t i = 0; err == NULL && i < count; i++) {
			bool found = false;
			err = attach_seize(session, target_process(&session->target, pids[i]),
					   &found);
			is_new = is_new || found;
			if (err == NULL)
				err = attach_add_children(session, pids[i], &is_new);
		}
		*ret_found = *ret_found || is_new;
		free(pids);
	}
	return err;
}

void attach_drop_ended(struct session *session)
{
	size_t cursor = 0;
	struct process *process;

	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->is_untraced || process->thread_count > 0)
			continue;
		target_remove_process(&session->target, process);
		cursor--; /* addr_map_next: the next one may have its place now */
	}
}
