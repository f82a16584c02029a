/* What programs wrote beside a live view; see output_files.h. Cli layer. */
#include "tracer/cli/profiles/output_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tracer/cli/profiles/default_name.h"

enum { NAMES_MOST = 1000 }; /* as live tries them */

/* A regular file, no link to one, and when it was made. */
static bool find_birth(const char *path, struct statx_timestamp *ret)
{
	struct statx status;

	if (statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_BTIME, &status) < 0 ||
	    (status.stx_mask & STATX_BTIME) == 0 || !S_ISREG(status.stx_mode))
		return false;
	*ret = status.stx_btime;
	return true;
}

static bool is_later(const struct statx_timestamp *a, const struct statx_timestamp *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec > b->tv_sec : a->tv_nsec > b->tv_nsec;
}

/* @stem_bytes: of @profile_path, without ".dat". */
static struct error *add_outputs(struct profile_files *outputs, const char *profile_path,
				 size_t stem_bytes)
{
	struct statx_timestamp profile_birth, birth;
	struct error *err = NULL;

	if (!find_birth(profile_path, &profile_birth))
		return NULL;
	for (int i = 1; err == NULL && i < NAMES_MOST; i++) {
		char number[16] = "", *path;
		if (i > 1)
			snprintf(number, sizeof(number), ".%d", i);
		if (asprintf(&path, "%.*s.out%s", (int)stem_bytes, profile_path, number) < 0)
			return error_no_memory();
		bool is_there = find_birth(path, &birth);
		/* live makes it before the recording begins. */
		if (is_there && !is_later(&birth, &profile_birth))
			err = profile_files_append(outputs, path);
		free(path);
		if (!is_there)
			break;
	}
	return err;
}

struct error *output_files_add(struct profile_files *outputs, const char *profile_path)
{
	const char *name = basename(profile_path);
	const size_t stem = default_name_stem_bytes(name);

	if (stem == 0 || strcmp(name + stem, ".dat") != 0)
		return NULL;
	return add_outputs(outputs, profile_path, (size_t)(name - profile_path) + stem);
}
