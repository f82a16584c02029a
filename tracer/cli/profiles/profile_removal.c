/* Removing profiles; see profile_removal.h. Cli layer. */
#include "tracer/cli/profiles/profile_removal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/log.h"
#include "tracer/cli/profiles/output_files.h"

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

/* With what its program wrote. Adds to *@count the files more that are meant, to *@kept those that stay. */
static struct error *remove_profile(const char *path, const struct removal *how, size_t *count,
				    size_t *kept)
{
	struct profile_files outputs = { 0 };

	/* It is told by when the profile was made: before that goes. */
	struct error *err = output_files_add(&outputs, path);
	bool has_gone = err == NULL && remove_file(path, how);
	*kept += !has_gone;
	for (size_t i = 0; has_gone && i < outputs.count; i++)
		*kept += !remove_file(outputs.paths[i], how);
	*count += has_gone ? outputs.count : 0;
	profile_files_deinit(&outputs);
	return err;
}

struct error *profile_files_remove(const struct profile_files *files, const struct removal *how)
{
	const size_t picture_count = how->pictures == NULL ? 0 : how->pictures->count;
	size_t kept = 0, count = files->count + picture_count;
	struct error *err = NULL;

	if (how->is_dry)
		printf("Files to be removed: \n");
	for (size_t i = 0; err == NULL && i < files->count; i++) {
		const char *path = files->paths[i];
		if (profile_is_profile(path)) {
			err = remove_profile(path, how, &count, &kept);
			continue;
		}
		log_error("%s is no profile and stays: use rm(1) if it is to go", path);
		kept++;
	}
	if (err != NULL)
		return err;
	for (size_t i = 0; i < picture_count; i++)
		kept += !remove_file(how->pictures->paths[i], how);
	if (kept > 0)
		return error_new(ERR_FAILED, "%zu of %zu files not removed", kept, count);
	return NULL;
}
