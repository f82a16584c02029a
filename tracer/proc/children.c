/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The children of a process; see children.h. Proc layer. */
#include "tracer/proc/children.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/proc/proc_file.h"

struct children {
	pid_t *pids;
	size_t count, capacity;
};

static struct error *children_add_of_thread(struct children *children, pid_t pid, pid_t tid)
{
	FILE *file;
	int child;

	struct error *err = proc_open(&file, "/proc/%d/task/%d/children", pid, tid);
	if (err != NULL)
		return error_ignore(err, ERR_GONE);
	while (err == NULL && fscanf(file, "%d", &child) == 1) {
		err = array_reserve(&children->pids, &children->capacity, children->count + 1,
				    sizeof(*children->pids));
		if (err == NULL)
			children->pids[children->count++] = child;
	}
	return error_first(err, proc_close(file));
}

static struct error *children_add_of_process(struct children *children, pid_t pid)
{
	const struct dirent *entry;
	DIR *threads;

	struct error *err = proc_open_directory(&threads, "/proc/%d/task", pid);
	if (err != NULL)
		return error_ignore(err, ERR_GONE);
	while (err == NULL && (entry = readdir(threads)) != NULL) {
		if (entry->d_name[0] != '.')
			err = children_add_of_thread(children, pid, atoi(entry->d_name));
	}
	closedir(threads);
	return err;
}

struct error *children_read(pid_t pid, pid_t tid, pid_t **ret, size_t *ret_count)
{
	struct children children = { 0 };

	struct error *err = tid == 0 ? children_add_of_process(&children, pid)
				     : children_add_of_thread(&children, pid, tid);
	if (err != NULL) {
		free(children.pids);
		return err;
	}
	*ret = children.pids;
	*ret_count = children.count;
	return NULL;
}
