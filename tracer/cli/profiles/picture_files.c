/* Pictures that plot has named itself; see picture_files.h. Cli layer. */
#include "tracer/cli/profiles/picture_files.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/plplot/plot_backend.h"
#include "plot/records/profile_reader.h"
#include "tracer/cli/profiles/default_name.h"

/* What the first bytes of a file of the suffix are. */
static const char *beginning_of(const char *suffix)
{
	static const struct {
		const char *suffix, *beginning;
	} kinds[] = { { ".png", "\x89PNG" }, { ".svg", "<?xml" }, { ".pdf", "%PDF" } };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strcmp(kinds[i].suffix, suffix) == 0)
			return kinds[i].beginning;
	}
	return NULL;
}

static bool begins_with(const char *path, const char *beginning)
{
	char start[8] = "";
	struct stat status;

	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW | O_NOCTTY);
	if (fd < 0)
		return false;
	bool is_so = fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
		     read(fd, start, strlen(beginning)) == (ssize_t)strlen(beginning) &&
		     memcmp(start, beginning, strlen(beginning)) == 0;
	close(fd);
	return is_so;
}

static bool is_plots_own(const char *name)
{
	const size_t stem = default_name_stem_bytes(name);
	char profile[NAME_MAX + 1];

	if (stem == 0 || plot_backend_of_path(name) == NULL)
		return false;
	const char *beginning = beginning_of(name + stem);
	if (beginning == NULL || !begins_with(name, beginning))
		return false;
	snprintf(profile, sizeof(profile), "%.*s.dat", (int)stem, name);
	return access(profile, F_OK) != 0 || profile_is_profile(profile);
}

struct error *picture_files_list(struct profile_files *pictures)
{
	return profile_files_list_named(pictures, is_plots_own);
}
