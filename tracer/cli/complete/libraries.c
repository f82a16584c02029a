/* The libraries of a program or of a process; see libraries.h. Cli layer. */
#include "tracer/cli/complete/libraries.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols/pattern/pattern.h"
#include "tracer/cli/complete/needed_libraries.h"
#include "tracer/proc/proc_maps.h"

/* Which libraries are wanted, and by whom. */
struct library_search {
	const struct pattern_set *module; /* NULL: all */
	library_visitor *take;
	void *data;
};

static bool is_wanted(const struct library_search *search, const char *path)
{
	return search->module == NULL || pattern_set_match_module(search->module, 0, path);
}

/* As the process has it for a path. */
static bool visit_mapped(const struct library_search *search, pid_t pid, const char *path)
{
	char own[PATH_MAX];
	int length = snprintf(own, sizeof(own), "/proc/%d/root%s", pid, path);

	return length < 0 || (size_t)length >= sizeof(own) || !is_wanted(search, path) ||
	       search->take(search->data, own);
}

static void visit_process(const struct library_search *search, pid_t pid)
{
	struct proc_maps maps;
	uint64_t last_inode = 0;
	struct error *err = proc_maps_read(&maps, pid);

	for (size_t i = 0; err == NULL && i < maps.count; i++) {
		const struct mapping *mapping = &maps.mappings[i];
		if (!mapping->executable || mapping->inode == 0 || mapping->path[0] != '/' ||
		    mapping->inode == last_inode)
			continue;
		last_inode = mapping->inode;
		if (!visit_mapped(search, pid, mapping->path))
			break;
	}
	if (err == NULL)
		proc_maps_deinit(&maps);
	error_free(err);
}

/* Puts the folder [@from, @from + @bytes) of a list into @ret, with the program's own for $ORIGIN. False: too long. */
static bool folder_of(const char *from, size_t bytes, const char *program, char ret[PATH_MAX])
{
	static const char *const words[] = { "$ORIGIN", "${ORIGIN}" };
	char own[PATH_MAX];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		size_t word_bytes = strlen(words[i]);
		if (bytes < word_bytes || strncmp(from, words[i], word_bytes) != 0)
			continue;
		if (realpath(program, own) == NULL)
			return false;
		*strrchr(own, '/') = '\0';
		int length = snprintf(ret, PATH_MAX, "%s%.*s", own, (int)(bytes - word_bytes),
				      from + word_bytes);
		return length >= 0 && length < PATH_MAX;
	}
	int length = snprintf(ret, PATH_MAX, "%.*s", (int)bytes, from);
	return bytes > 0 && length >= 0 && length < PATH_MAX;
}

/* Where a folder of the list @folders has the library @name. */
static bool find_in(const char *folders, const char *name, const char *program, char ret[PATH_MAX])
{
	for (size_t bytes; *folders != '\0'; folders += bytes + (folders[bytes] == ':')) {
		char folder[PATH_MAX];
		bytes = strcspn(folders, ":");
		if (!folder_of(folders, bytes, program, folder))
			continue;
		int length = snprintf(ret, PATH_MAX, "%s/%s", folder, name);
		if (length >= 0 && length < PATH_MAX && access(ret, R_OK) == 0)
			return true;
	}
	return false;
}

static void visit_needed(const struct library_search *search, const char *program)
{
	static const char usual[] =
		"/lib/x86_64-linux-gnu:/usr/lib/x86_64-linux-gnu:/lib/aarch64-linux-gnu:"
		"/usr/lib/aarch64-linux-gnu:/lib64:/usr/lib64:"
		"/usr/local/lib:/lib:/usr/lib";
	const char *environment = getenv("LD_LIBRARY_PATH");
	struct needed_libraries needed;

	bool is_read = needed_libraries_read(&needed, program);
	for (size_t i = 0; is_read && i < needed.count; i++) {
		const char *name = needed.names[i];
		char path[PATH_MAX];
		if (strchr(name, '/') != NULL ||
		    !(find_in(needed.run_path, name, program, path) ||
		      (environment != NULL && find_in(environment, name, program, path)) ||
		      find_in(usual, name, program, path)))
			continue;
		if (is_wanted(search, path) && !search->take(search->data, path))
			break;
	}
	needed_libraries_deinit(&needed);
}

void libraries_visit(const char *program, pid_t pid, const char *module, library_visitor *take,
		     void *data)
{
	struct library_search search = { .take = take, .data = data };
	struct pattern_set *set;
	char *pattern = NULL;

	struct error *err = pattern_set_create(&set);
	if (err == NULL && module[0] != '\0' && asprintf(&pattern, "%s!x", module) < 0)
		err = error_no_memory();
	if (err == NULL && pattern != NULL) {
		err = pattern_set_add(set, pattern);
		search.module = set;
	}
	if (err == NULL && pid > 0)
		visit_process(&search, pid);
	else if (err == NULL)
		visit_needed(&search, program);
	error_free(err);
	free(pattern);
	pattern_set_destroy(set);
}
