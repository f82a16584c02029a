/*
 * The profiles that plot, peak, list, rm and clean work on: words of the command line, files and
 * indices, turned into paths (cli layer).
 *
 * An index counts the current directory's mprofile_YYYYMMDDhhmmss.dat files in order of their
 * names from 0; -1 is the newest, as mprof has it.
 */
#ifndef CLI_PROFILES_PROFILE_FILES_H
#define CLI_PROFILES_PROFILE_FILES_H

#include <stddef.h>

#include "plot/profile/profile.h"
#include "tracer/base/error.h"

struct profile_files {
	char **paths; /* owned, no path twice */
	size_t count, capacity;
};

void profile_files_deinit(struct profile_files *files);

/* All profiles of the current directory, by name. */
struct error *profile_files_list(struct profile_files *files) MUST_CHECK;

/* Adds the file or the index that @word names. Fails if there is none. */
struct error *profile_files_add(struct profile_files *files, const char *word) MUST_CHECK;

/* Adds the newest profile of the current directory. Fails if there is none. */
struct error *profile_files_add_newest(struct profile_files *files) MUST_CHECK;

/*
 * An index such as -1 looks like an option: before argp sees @argv, such words get a space in
 * front, which profile_files_add ignores. Returns the changed copy, owned; its strings are
 * borrowed from @argv but for the changed ones, which live in the same allocation.
 */
struct error *profile_files_protect_indices(int argc, char **argv, char ***ret) MUST_CHECK;

/* Says once how many lines of @profile were damaged, if any. */
void profile_warn_damage(const struct profile *profile);

#endif
