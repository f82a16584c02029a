/* Which process is meant; see process_names.h. Cli layer. */
#include "tracer/cli/record/process_names.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/proc/container.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/process_facts.h"

/* Of the command line of one that fits a name, among others. */
enum { SHOWN_BYTES = 60 };

/* The words of /proc/PID/cmdline, each NUL-terminated. NULL, and *@ret_bytes is 0, when there are none. */
static char *read_command_line(pid_t pid, size_t *ret_bytes)
{
	enum { BYTES_MAX = 1 << 20 };
	char *text;

	struct error *err = proc_read_whole(&text, ret_bytes, BYTES_MAX, "/proc/%d/cmdline", pid);
	error_free(err); /* it has none, then */
	return text;
}

void process_names_free_command(char **command)
{
	for (size_t i = 0; command != NULL && command[i] != NULL; i++)
		free(command[i]);
	free(command);
}

static struct error *command_add(char ***command, size_t *count, size_t *capacity, const char *word)
{
	struct error *err = array_reserve(command, capacity, *count + 2, sizeof(**command));
	if (err != NULL)
		return err;
	(*command)[*count] = strdup(word);
	if ((*command)[*count] == NULL)
		return error_no_memory();
	(*command)[++*count] = NULL;
	return NULL;
}

struct error *process_names_command(pid_t pid, char ***ret)
{
	char name[PROCESS_NAME_BYTES], bracketed[PROCESS_NAME_BYTES + 2];
	size_t bytes, count = 0, capacity = 0;
	struct error *err = NULL;

	*ret = NULL;
	char *text = read_command_line(pid, &bytes);
	for (size_t at = 0; err == NULL && at < bytes; at += strlen(text + at) + 1)
		err = command_add(ret, &count, &capacity, text + at);
	free(text);
	if (err == NULL && count == 0) {
		process_name_read(pid, name);
		snprintf(bracketed, sizeof(bracketed), "[%s]", name);
		err = command_add(ret, &count, &capacity, bracketed);
	}
	if (err != NULL) {
		process_names_free_command(*ret);
		*ret = NULL;
	}
	return err;
}

static bool process_has_name(pid_t pid, const char *name)
{
	char comm[PROCESS_NAME_BYTES], path[64], file[PATH_MAX];
	size_t bytes;

	process_name_read(pid, comm);
	if (strcmp(comm, name) == 0)
		return true;
	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	ssize_t got = readlink(path, file, sizeof(file) - 1);
	file[got > 0 ? got : 0] = '\0';
	if (strcmp(basename(file), name) == 0)
		return true;
	char *text = read_command_line(pid, &bytes);
	bool is_same = bytes > 0 && strcmp(basename(text), name) == 0;
	free(text);
	return is_same;
}

/* "\n  4711  ./server --port 80  (pid 7 in container b3083155fbad)" */
static void append_process(char *ret, size_t bytes, pid_t pid)
{
	char place[CONTAINER_TEXT_BYTES];
	size_t used = strlen(ret), line_bytes;
	char *text = read_command_line(pid, &line_bytes);
	const bool is_elsewhere = container_describe(pid, place);

	for (size_t i = 0; i + 1 < line_bytes; i++) {
		if (text[i] == '\0' || iscntrl((unsigned char)text[i]))
			text[i] = ' ';
	}
	snprintf(ret + used, bytes - used, "\n  %7d  %.*s%s%s%s", pid, (int)SHOWN_BYTES,
		 line_bytes == 0 ? "" : text, is_elsewhere ? "  (" : "", place,
		 is_elsewhere ? ")" : "");
	free(text);
}

static struct error *process_find_by_name(const char *name, pid_t *ret)
{
	enum { LISTED_MAX = 20 };
	char list[LISTED_MAX * (SHOWN_BYTES + CONTAINER_TEXT_BYTES + 20)] = "";
	size_t count = 0;
	const struct dirent *entry;

	DIR *directory = opendir("/proc");
	if (directory == NULL)
		return error_os(errno, "read /proc");
	while ((entry = readdir(directory)) != NULL) {
		pid_t pid = atoi(entry->d_name);
		if (pid <= 0 || pid == getpid() || !process_has_name(pid, name))
			continue;
		*ret = pid;
		if (++count <= LISTED_MAX)
			append_process(list, sizeof(list), pid);
	}
	closedir(directory);
	if (count == 0)
		return error_new(ERR_GONE,
				 "no process is called %s: give a pid, or a name that ps(1) shows",
				 name);
	if (count > 1)
		return error_new(ERR_FAILED, "%zu processes are called %s; give the pid of one:%s",
				 count, name, list);
	return NULL;
}

struct error *process_names_find(const char *text, pid_t *ret)
{
	char *end;

	errno = 0;
	long pid = strtol(text, &end, 10);
	if (end == text || *end != '\0')
		return *text == '\0' ? error_new(ERR_USAGE, "an empty name is no process")
				     : process_find_by_name(text, ret);
	if (errno != 0 || pid <= 0 || pid > INT_MAX)
		return error_new(ERR_USAGE, "%s is no pid", text);
	*ret = (pid_t)pid;
	return NULL;
}
