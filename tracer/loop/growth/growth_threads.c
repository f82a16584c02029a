/* The threads that are there when growth begins; see growth_threads.h. Loop layer. */
#include "tracer/loop/growth/growth_threads.h"

#include <dirent.h>
#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/proc/proc_file.h"

/*
 * A thread that is not looked at yet may make another one while we list them; one that is has its new ones looked at
 * by itself. So they are listed until there is no new one. *@ret_added: some are looked at now.
 */
static struct error *add_threads(struct fault_events *events, pid_t pid, struct addr_map *known,
				 bool *ret_added)
{
	const struct dirent *entry;
	struct error *err = NULL;
	bool is_new = true;

	while (err == NULL && is_new) {
		DIR *threads;
		is_new = false;
		err = proc_open_directory(&threads, "/proc/%d/task", pid);
		if (err != NULL)
			break;
		while (err == NULL && (entry = readdir(threads)) != NULL) {
			int tid = atoi(entry->d_name);
			if (tid <= 0 || addr_map_get(known, (uint64_t)tid) != NULL)
				continue;
			err = addr_map_put(known, (uint64_t)tid, events);
			if (err == NULL)
				err = fault_events_add(events, tid, false);
			is_new = is_new || err == NULL;
			err = error_ignore(err, ERR_GONE);
		}
		closedir(threads);
		*ret_added = *ret_added || is_new;
	}
	return error_ignore(err, ERR_GONE);
}

struct error *growth_threads_add(struct session *session, struct fault_events *events)
{
	struct addr_map known = { 0 };
	struct error *err = NULL;
	const struct process *process;
	bool is_added = false;
	size_t cursor = 0;

	while (err == NULL &&
	       (process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		if (process->is_unfollowed)
			continue;
		err = add_threads(events, process->pid, &known, &is_added);
		if (err == NULL || !is_added)
			continue;
		/* What is looked at already is better than nothing. */
		log_warning("--stacks=growth: not all threads of process %d are looked at: %s",
			    process->pid, error_message(err));
		error_free(err);
		err = NULL;
	}
	addr_map_deinit(&known);
	return err;
}
