/*
 * The names of recordings that were given none: mprofile_YYYYMMDDhhmmss.dat, and mprofile_YYYYMMDDhhmmss.N.dat of rank N
 * (cli layer).
 */
#ifndef CLI_PROFILES_DEFAULT_NAME_H
#define CLI_PROFILES_DEFAULT_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* How much of @name, which has no folder, stands before the '.' of its suffix. 0: it is none of these names. */
size_t default_name_stem_bytes(const char *name);

/* Whether @name, without a folder, is that of a profile: what list counts, and clean removes. */
bool default_name_is_profile(const char *name);

#endif
