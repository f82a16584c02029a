/* Removing profiles; see profile_removal.h. Cli layer. */
#include "tracer/cli/profiles/profile_removal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "plot/profile/profile_reader.h"
#include "tracer/base/log.h"

struct error *profile_files_remove(const struct profile_files *files, bool dry_run)
{
	size_t kept = 0;

	if (dry_run)
		printf("Files to be removed: \n");
	for (size_t i = 0; i < files->count; i++) {
		const char *path = files->paths[i];
		if (!profile_is_profile(path)) {
			log_error("%s is no profile and stays: use rm(1) if it is to go", path);
			kept++;
		} else if (dry_run) {
			profile_path_print(path);
		} else if (unlink(path) != 0) {
			log_error("cannot remove %s: %s", path, strerror(errno));
			kept++;
		}
	}
	if (kept > 0)
		return error_new(ERR_FAILED, "%zu of %zu files not removed", kept, files->count);
	return NULL;
}
