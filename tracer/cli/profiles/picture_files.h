/*
 * The pictures that plot has named itself, after the profile that is drawn in them (cli layer).
 */
#ifndef CLI_PROFILES_PICTURE_FILES_H
#define CLI_PROFILES_PICTURE_FILES_H

#include "tracer/cli/profiles/profile_files.h"

/*
 * Adds those of the current directory: mprofile_YYYYMMDDhhmmss.png, or of a rank, or with another suffix that plot knows. By its
 * content too each must be a picture of that kind; and a file of its name that is to be the profile, if there still
 * is one, must be one.
 */
struct error *picture_files_list(struct profile_files *pictures) MUST_CHECK;

#endif
