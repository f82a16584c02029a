/* Removing profiles; see profile_removal.h. Cli layer. */
#include "tracer/cli/profiles/profile_removal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/log.h"

/* Whether it has gone, or would. */
static bool remove_file(const char *path, const struct removal *how)
{
	if (how->is_dry) {
		profile_path_print(path);
		return true;
	}
	if (unlink(path) != 0) {
		log_error("cannot remove %s: %s", path, strerror(errno));
		return false;
	}
	if (how->tells) {
		printf("removed ");
		profile_path_print(path);
	}
	return true;
}

struct error *profile_files_remove(const struct profile_files *files, const struct removal *how)
{
	const size_t picture_count = how->pictures == NULL ? 0 : how->pictures->count;
	size_t kept = 0;

	if (how->is_dry)
		printf("Files to be removed: \n");
	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->paths[i];
		bool is_profile = profile_is_profile(path);
		if (!is_profile)
			log_error("%s is no profile and stays: use rm(1) if it is to go", path);
		kept += !is_profile || !remove_file(path, how);
	}
	for (size_t i = 0; i < picture_count; i++)
		kept += !remove_file(how->pictures->paths[i], how);
	if (kept > 0)
		return error_new(ERR_FAILED, "%zu of %zu files not removed", kept,
				 files->count + picture_count);
	return NULL;
}
