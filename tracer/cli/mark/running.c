/* Recordings that are being made; see running.h. Cli layer. */
#include "tracer/cli/mark/running.h"

#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/array.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/process_facts.h"

void running_deinit(struct running_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->all[i].path);
		free(list->all[i].named);
	}
	free(list->all);
	*list = (struct running_list){ 0 };
}

/* Of the descriptor, as proc(5) tells in fdinfo. */
static bool is_appended_to(pid_t pid, const char *descriptor)
{
	char text[256];
	unsigned flags = 0;

	struct error *err = proc_read(text, sizeof(text), "/proc/%d/fdinfo/%s", pid, descriptor);
	const char *at = err == NULL ? strstr(text, "flags:") : NULL;
	error_free(err);
	return at != NULL && sscanf(at, "flags: %o", &flags) == 1 &&
	       (flags & (O_APPEND | O_ACCMODE)) == (O_APPEND | O_WRONLY);
}

static struct error *running_add(struct running_list *list, pid_t pid, const char *descriptor)
{
	char named[PATH_MAX], path[64];
	struct stat status;

	if (!is_appended_to(pid, descriptor))
		return NULL;
	snprintf(path, sizeof(path), "/proc/%d/fd/%.16s", pid, descriptor);
	ssize_t got = readlink(path, named, sizeof(named) - 1);
	/* What has just begun is empty. */
	if (got <= 0 || stat(path, &status) < 0 || !S_ISREG(status.st_mode) ||
	    (status.st_size > 0 && !profile_is_profile(path)))
		return NULL;
	named[got] = '\0';
	struct error *err =
		array_reserve(&list->all, &list->capacity, list->count + 1, sizeof(*list->all));
	if (err != NULL)
		return err;
	struct running *running = &list->all[list->count++];
	*running = (struct running){ pid, strdup(path), strdup(named) };
	return running->path == NULL || running->named == NULL ? error_no_memory() : NULL;
}

/* A front end and its engine may both have the file open: a recording is counted once. */
static bool running_has_file(const struct running_list *list, size_t last)
{
	for (size_t i = 0; i < last; i++) {
		if (strcmp(list->all[i].named, list->all[last].named) == 0)
			return true;
	}
	return false;
}

static void running_drop_last(struct running_list *list)
{
	struct running *last = &list->all[--list->count];

	free(last->path);
	free(last->named);
}

static struct error *running_look(struct running_list *list, pid_t pid)
{
	const size_t count_before = list->count;
	struct dirent *entry;
	DIR *directory;

	struct error *err = proc_open_directory(&directory, "/proc/%d/fd", pid);
	if (err != NULL) { /* it has ended, or is another user's */
		error_free(err);
		return NULL;
	}
	while (err == NULL && (entry = readdir(directory)) != NULL) {
		if (isdigit((unsigned char)entry->d_name[0]))
			err = running_add(list, pid, entry->d_name);
	}
	closedir(directory);
	while (list->count > count_before && running_has_file(list, list->count - 1))
		running_drop_last(list);
	return err;
}

struct error *running_find(struct running_list *ret)
{
	char name[PROCESS_NAME_BYTES];
	struct dirent *entry;
	DIR *directory;

	*ret = (struct running_list){ 0 };
	struct error *err = proc_open_directory(&directory, "/proc");
	if (err != NULL)
		return err;
	while (err == NULL && (entry = readdir(directory)) != NULL) {
		if (!isdigit((unsigned char)entry->d_name[0]))
			continue;
		pid_t pid = (pid_t)strtol(entry->d_name, NULL, 10);
		process_name_read(pid, name);
		if (strncmp(name, "mprof-trace", strlen("mprof-trace")) == 0)
			err = running_look(ret, pid);
	}
	closedir(directory);
	if (err != NULL)
		running_deinit(ret);
	return err;
}
