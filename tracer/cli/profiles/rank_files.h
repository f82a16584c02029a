/*
 * The profiles of a directory, each of one rank of a job (cli layer).
 */
#ifndef CLI_PROFILES_RANK_FILES_H
#define CLI_PROFILES_RANK_FILES_H

#include "plot/ranks/rank_job.h"
#include "tracer/cli/profiles/align_option.h"
#include "tracer/cli/profiles/profile_selection.h"

/* How to read them. */
struct rank_files {
	const char *directory;
	const char *job; /* only the ranks of this one; NULL: of all */
	const struct align_option
		*align; /* that call is 0 of their times; without one times are the clock's */
	const struct profile_selection *selection; /* its functions only */
	bool wants_calls;
};

/* Whether @path is a directory, or a link to one. */
bool rank_files_is_directory(const char *path);

/*
 * Reads one file after the other. What is no profile of the directory, or cannot be read, is said in one line, and
 * left out; so is what lacks the call to be aligned by. Fails where nothing is left.
 */
struct error *rank_files_read(const struct rank_files *files, struct rank_jobs *ret) MUST_CHECK;

#endif
