/*
 * The profiles that plot, peak, list, rm and clean work on: words of the command line, files and
 * indices, turned into paths (cli layer).
 *
 * An index counts the current directory's mprofile_YYYYMMDDhhmmss.dat files, those of ranks too, in order of their
 * names from 0; -1 is the newest, as mprof has it.
 */
#ifndef CLI_PROFILES_PROFILE_FILES_H
#define CLI_PROFILES_PROFILE_FILES_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>

#include "plot/profile/profile.h"
#include "tracer/base/error.h"

struct profile_files {
	char **paths; /* owned, no path twice */
	size_t count, capacity;
	char **words;	   /* owned: the command line as argp has seen it */
	struct error *err; /* owned: why a word of it was refused, of profile_files_parse */
};

void profile_files_deinit(struct profile_files *files);

/* All profiles of the current directory, by name. */
struct error *profile_files_list(struct profile_files *files) MUST_CHECK;

/* All mprofile_* of the current directory that @is_wanted wants, by name. */
struct error *profile_files_list_named(struct profile_files *files,
				       bool (*is_wanted)(const char *name)) MUST_CHECK;

/*
 * The other profiles of the current directory, whatever their names are: run's -o. Files not called *.dat are opened
 * for their first word only.
 */
struct error *profile_files_list_others(struct profile_files *files) MUST_CHECK;

/* Adds the file or the index that @word names. Fails if there is none. */
struct error *profile_files_add(struct profile_files *files, const char *word) MUST_CHECK;

/* Adds a path that is not among them. */
struct error *profile_files_append(struct profile_files *files, const char *path) MUST_CHECK;

/* By name, numbers within it by what they count: strverscmp(3). */
void profile_files_sort(struct profile_files *files);

/* Adds the newest profile of the current directory. Fails if there is none. */
struct error *profile_files_add_newest(struct profile_files *files) MUST_CHECK;

/* The same for argp's parsers, which cannot fail with an error: profile_files_parse does then. */
void profile_files_add_argument(struct profile_files *files, const char *word);

/*
 * command_options_parse for a command line with indices: one such as -1 would look like an option. The
 * words that the parser gets are valid as long as @files.
 */
struct error *profile_files_parse(struct profile_files *files, const struct argp *argp, int argc,
				  char **argv, void *input) MUST_CHECK;

/*
 * Prints the path on a line: a script gets it as it is, people see no control characters.
 */
void profile_path_print(const char *path);

/* Says once how many lines of @profile were damaged, and that its format is a later one, if so. */
void profile_warn_damage(const struct profile *profile);

#endif
