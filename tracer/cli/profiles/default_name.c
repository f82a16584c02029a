/* The names of recordings that were given none; see default_name.h. Cli layer. */
#include "tracer/cli/profiles/default_name.h"

#include <fnmatch.h>
#include <string.h>

/* mprof counts these: any 14 characters. */
static const char NAMES_OF_MPROF[] = "mprofile_??????????????.dat";
static const char PREFIX[] = "mprofile_";
static const char DIGITS[] = "0123456789";
enum { DATE_DIGITS = 14 };

size_t default_name_stem_bytes(const char *name)
{
	const size_t date = sizeof(PREFIX) - 1, stem = date + DATE_DIGITS;

	if (strncmp(name, PREFIX, date) != 0 || strspn(name + date, DIGITS) != DATE_DIGITS ||
	    name[stem] != '.')
		return 0;
	size_t rank_digits = strspn(name + stem + 1, DIGITS);
	const size_t behind_rank = stem + 1 + rank_digits;
	return rank_digits > 0 && name[behind_rank] == '.' ? behind_rank : stem;
}

bool default_name_is_profile(const char *name)
{
	const size_t stem = default_name_stem_bytes(name);

	return (stem > 0 && strcmp(name + stem, ".dat") == 0) ||
	       fnmatch(NAMES_OF_MPROF, name, 0) == 0;
}
