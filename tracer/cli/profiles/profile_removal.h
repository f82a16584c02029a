/*
 * Removing profiles, for rm and clean (cli layer).
 */
#ifndef CLI_PROFILES_PROFILE_REMOVAL_H
#define CLI_PROFILES_PROFILE_REMOVAL_H

#include <stdbool.h>

#include "tracer/cli/profiles/profile_files.h"

/* --dry-run: an option of rm and of clean. */
enum { KEY_DRY_RUN = 256 };
#define OPTION_DRY_RUN                                                                             \
	{                                                                                          \
		"dry-run", KEY_DRY_RUN, NULL, 0, "Print what would be removed and remove nothing", \
			0                                                                          \
	}

struct removal {
	bool is_dry;			      /* print what would be removed, and remove nothing */
	bool tells;			      /* each file that goes is printed */
	const struct profile_files *pictures; /* that go, too; NULL: none. Borrowed */
};

/*
 * Removes @files, each with what its program wrote beside a live view, and what else @how names. A file that is no profile is refused with a line and left alone; the
 * others go. Fails if any was refused or could not be removed.
 */
struct error *profile_files_remove(const struct profile_files *files,
				   const struct removal *how) MUST_CHECK;

#endif
