/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The memory of a control group; see cgroup.h. Proc layer. */
#include "tracer/proc/groups/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/proc/groups/cgroup_place.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/proc_text.h"

static const char *const file_names[2][CGROUP_FIGURES] = {
	{ [CGROUP_USAGE] = "memory.usage_in_bytes",
	  [CGROUP_PEAK] = "memory.max_usage_in_bytes",
	  [CGROUP_LIMIT] = "memory.limit_in_bytes" },
	{ [CGROUP_USAGE] = "memory.current",
	  [CGROUP_PEAK] = "memory.peak",
	  [CGROUP_LIMIT] = "memory.max" },
};

/* Whether @word is one of the words in @list, which are separated by commas and end at one of @ends. */
static bool has_word(const char *list, const char *ends, const char *word)
{
	const size_t bytes = strlen(word);

	for (;;) {
		const size_t length = strcspn(list, ends);
		const size_t first = strcspn(list, ",");
		const size_t own = first < length ? first : length;
		if (own == bytes && memcmp(list, word, bytes) == 0)
			return true;
		if (first >= length)
			return false;
		list += first + 1;
	}
}

/* "4:memory:/a/b", "0::/a/b". */
const char *cgroup_parse_path(const char *text, bool *ret_is_v2)
{
	const char *v2 = NULL;

	for (const char *line = text; line != NULL && *line != '\0';) {
		const char *controllers = strchr(line, ':');
		const char *path = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
		const char *end = strchr(line, '\n');
		if (path != NULL && (end == NULL || path < end)) {
			*ret_is_v2 = false;
			if (has_word(controllers + 1, ":\n", "memory"))
				return path + 1;
			if (strncmp(line, "0::", 3) == 0)
				v2 = path + 1;
		}
		line = end != NULL ? end + 1 : NULL;
	}
	*ret_is_v2 = v2 != NULL;
	return v2;
}

/* "35 31 0:32 /root /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory": proc(5). */
bool cgroup_parse_mount(const char *line, bool is_v2, const char **ret_root, const char **ret_point)
{
	const char *at = line;

	for (int field = 0; field < 5; field++) {
		if (field == 3)
			*ret_root = at;
		if (field == 4)
			*ret_point = at;
		at = strchr(at, ' ');
		if (at == NULL)
			return false;
		at++;
	}
	const char *type = strstr(at - 1, " - ");
	if (type == NULL)
		return false;
	type += 3;
	if (is_v2)
		return strncmp(type, "cgroup2 ", 8) == 0;
	const char *options = strncmp(type, "cgroup ", 7) == 0 ? strchr(type + 7, ' ') : NULL;
	return options != NULL && has_word(options + 1, " \n", "memory");
}

/* A name in mountinfo has octal numbers for what would break its line. */
static void unescape(char *text)
{
	char *out = text;

	for (const char *in = text; *in != '\0'; in++) {
		if (in[0] == '\\' && in[1] >= '0' && in[1] <= '3' && in[2] >= '0' && in[2] <= '7' &&
		    in[3] >= '0' && in[3] <= '7') {
			*out++ = (char)((in[1] - '0') << 6 | (in[2] - '0') << 3 | (in[3] - '0'));
			in += 3;
		} else {
			*out++ = *in;
		}
	}
	*out = '\0';
}

/*
 * The directory of the group that counts the memory of one whose own is @cgroup's: version 2 need not have the controller in
 * each group, and then the next one above that has it counts. False: none does; the root of version 2 has no figures.
 */
static bool ascend_to_figures(struct cgroup *cgroup)
{
	char usage[CGROUP_PATH_BYTES];

	for (;;) {
		if (cgroup_path(cgroup, CGROUP_USAGE, usage) && access(usage, R_OK) == 0)
			return true;
		char *slash = strrchr(cgroup->directory, '/');
		if (!cgroup->is_v2 || slash == NULL ||
		    (size_t)(slash - cgroup->directory) < cgroup->root_bytes)
			return false;
		*slash = '\0';
	}
}

/* Takes the mount at @point, of @root, for the group of process @pid at @path; true: its figures are there. */
static bool mount_try(const char *path, const char *root, const char *point, pid_t pid,
		      struct cgroup *cgroup, bool *ret_is_within)
{
	const char *rest;
	unsigned unknown;

	if (!cgroup_place_within(path, root, &rest, &unknown))
		return false;
	if (unknown > 0)
		cgroup_place_search(point, unknown, rest, pid, &cgroup->directory);
	else if (asprintf(&cgroup->directory, "%s%s", point, rest) < 0)
		cgroup->directory = NULL;
	if (cgroup->directory == NULL)
		return false;
	*ret_is_within = true;
	cgroup->root_bytes = strlen(point);
	if (ascend_to_figures(cgroup))
		return true;
	free(cgroup->directory);
	cgroup->directory = NULL;
	return false;
}

static struct error *find_mount(const char *path, pid_t pid, struct cgroup *cgroup)
{
	bool is_found = false, is_within = false;
	char *line = NULL;
	size_t capacity = 0;
	FILE *file;

	struct error *err = proc_open(&file, "/proc/self/mountinfo");
	if (err != NULL)
		return err;
	while (!is_found && getline(&line, &capacity, file) > 0) {
		const char *root, *point;
		if (!cgroup_parse_mount(line, cgroup->is_v2, &root, &point))
			continue;
		char *own_root = strndup(root, strcspn(root, " "));
		char *own_point = strndup(point, strcspn(point, " "));
		if (own_root != NULL && own_point != NULL) {
			unescape(own_root);
			unescape(own_point);
			is_found = mount_try(path, own_root, own_point, pid, cgroup, &is_within);
		}
		free(own_root);
		free(own_point);
	}
	free(line);
	err = proc_close(file);
	if (err == NULL && !is_found)
		err = is_within ? error_new(ERR_FAILED, "the cgroup %s does not count memory", path)
				: error_new(ERR_FAILED, "the cgroup %s is not mounted here%s", path,
					    strncmp(path, "/..", 3) == 0
						    ? ", as it is outside of our cgroup namespace"
						    : "");
	return err;
}

struct error *cgroup_find(pid_t pid, struct cgroup *ret)
{
	char text[16 * 1024];
	struct error *err = proc_read(text, sizeof(text), "/proc/%d/cgroup", pid);

	*ret = (struct cgroup){ 0 };
	if (err != NULL)
		return err;
	const char *path = cgroup_parse_path(text, &ret->is_v2);
	if (path == NULL)
		return error_new(ERR_FAILED, "process %d is in no cgroup that counts memory", pid);
	text[path - text + (ptrdiff_t)strcspn(path, "\n")] = '\0';
	err = find_mount(path, pid, ret);
	if (err != NULL)
		cgroup_deinit(ret);
	return err;
}

void cgroup_deinit(struct cgroup *cgroup)
{
	free(cgroup->directory);
	*cgroup = (struct cgroup){ 0 };
}

static bool path_in(const struct cgroup *cgroup, size_t directory_bytes, enum cgroup_figure figure,
		    char ret[static CGROUP_PATH_BYTES])
{
	const int bytes = snprintf(ret, CGROUP_PATH_BYTES, "%.*s/%s", (int)directory_bytes,
				   cgroup->directory, file_names[cgroup->is_v2][figure]);

	return bytes > 0 && bytes < CGROUP_PATH_BYTES;
}

bool cgroup_path(const struct cgroup *cgroup, enum cgroup_figure figure,
		 char ret[static CGROUP_PATH_BYTES])
{
	return path_in(cgroup, strlen(cgroup->directory), figure, ret);
}

/* "max", and what version 1 has for it: the largest number of whole pages. */
static uint64_t parse_figure(const char *text)
{
	static const uint64_t v1_most = UINT64_C(1) << 62;
	const uint64_t bytes = text[0] == 'm' ? CGROUP_NO_LIMIT : proc_text_number(text);

	return bytes >= v1_most ? CGROUP_NO_LIMIT : bytes;
}

static struct error *read_path(const char *path, uint64_t *ret_bytes)
{
	char text[64];
	int fd = proc_openat_soon(AT_FDCWD, path, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	const int errnum = errno;

	if (fd >= 0)
		close(fd);
	if (got <= 0)
		return error_os(errnum, "read %s", path);
	text[got] = '\0';
	*ret_bytes = parse_figure(text);
	return NULL;
}

struct error *cgroup_read(const struct cgroup *cgroup, enum cgroup_figure figure,
			  uint64_t *ret_bytes)
{
	char path[CGROUP_PATH_BYTES];

	*ret_bytes = 0;
	if (!cgroup_path(cgroup, figure, path))
		return error_new(ERR_FAILED, "the name of a cgroup is too long");
	return read_path(path, ret_bytes);
}

uint64_t cgroup_limit(const struct cgroup *cgroup)
{
	uint64_t lowest = CGROUP_NO_LIMIT;

	for (size_t bytes = strlen(cgroup->directory); bytes >= cgroup->root_bytes;) {
		char path[CGROUP_PATH_BYTES];
		uint64_t own;
		/* The root of version 2 has none. */
		struct error *err = path_in(cgroup, bytes, CGROUP_LIMIT, path)
					    ? read_path(path, &own)
					    : error_new(ERR_FAILED, "too long");
		if (err == NULL && own < lowest)
			lowest = own;
		error_free(err);
		while (bytes > 0 && cgroup->directory[--bytes] != '/')
			;
		if (bytes == 0)
			break;
	}
	return lowest;
}
