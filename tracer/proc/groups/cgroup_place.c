/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where a control group is in a mount; see cgroup_place.h. Proc layer. */
#include "tracer/proc/groups/cgroup_place.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/proc/proc_file.h"

/* So many directories are looked at in a search: a busy machine has some thousands. */
enum { LOOKS_MAX = 20000, DEPTH_MAX = 16 };

/* The next component at @at, which is moved to it; its bytes, 0 at the end. */
static size_t component(const char **at)
{
	*at += strspn(*at, "/");
	return strcspn(*at, "/");
}

static bool is_upward(const char *at, size_t bytes)
{
	return bytes == 2 && memcmp(at, "..", 2) == 0;
}

static bool leads_upward(const char *path)
{
	for (size_t bytes; (bytes = component(&path)) > 0; path += bytes) {
		if (is_upward(path, bytes))
			return true;
	}
	return false;
}

bool cgroup_place_within(const char *path, const char *root, const char **ret_rest,
			 unsigned *ret_unknown)
{
	*ret_unknown = 0;
	for (;;) {
		const char *of_path = path, *of_root = root;
		const size_t bytes = component(&of_root);
		if (bytes == 0 || component(&of_path) != bytes ||
		    memcmp(of_path, of_root, bytes) != 0)
			break;
		path = of_path + bytes;
		root = of_root + bytes;
	}
	for (size_t bytes; (bytes = component(&root)) > 0; root += bytes) {
		if (!is_upward(root, bytes))
			return false;
		++*ret_unknown;
	}
	*ret_rest = strcmp(path, "/") == 0 ? "" : path;
	return !leads_upward(path);
}

struct search {
	const char *rest;
	char pid[16];
	unsigned looks;
	char *found; /* owned */
};

/* Whether a line of cgroup.procs in @directory is the process's. */
static bool has_process(const struct search *search, const char *directory)
{
	char *line = NULL;
	size_t capacity = 0;
	bool has = false;
	FILE *file;

	struct error *err = proc_open(&file, "%s/cgroup.procs", directory);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	while (!has && getline(&line, &capacity, file) > 0)
		has = strcmp(line, search->pid) == 0;
	free(line);
	fclose(file);
	return has;
}

static void look_at(struct search *search, const char *directory)
{
	char *whole;

	if (asprintf(&whole, "%s%s", directory, search->rest) < 0)
		return;
	if (has_process(search, whole))
		search->found = whole;
	else
		free(whole);
}

static void look_below(struct search *search, const char *directory, unsigned depth)
{
	const struct dirent *entry;
	DIR *entries;

	if (depth == 0)
		look_at(search, directory);
	if (depth == 0)
		return;
	struct error *err = proc_open_directory(&entries, "%s", directory);
	if (err != NULL) {
		error_free(err);
		return;
	}
	while (search->found == NULL && search->looks > 0 && (entry = readdir(entries)) != NULL) {
		char *inner;
		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    asprintf(&inner, "%s/%s", directory, entry->d_name) < 0)
			continue;
		search->looks--;
		look_below(search, inner, depth - 1);
		free(inner);
	}
	closedir(entries);
}

void cgroup_place_search(const char *point, unsigned unknown, const char *rest, pid_t pid,
			 char **ret)
{
	struct search search = { .rest = rest, .looks = LOOKS_MAX };

	snprintf(search.pid, sizeof(search.pid), "%d\n", pid);
	if (unknown <= DEPTH_MAX)
		look_below(&search, point, unknown);
	*ret = search.found;
}
