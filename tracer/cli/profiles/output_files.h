/*
 * What programs wrote while a live view was on their terminal: live has put it beside the profile (cli layer).
 */
#ifndef CLI_PROFILES_OUTPUT_FILES_H
#define CLI_PROFILES_OUTPUT_FILES_H

#include "tracer/cli/profiles/profile_files.h"

/*
 * Adds what was written by the program that is recorded in @profile_path: mprofile_YYYYMMDDhhmmss.out, also .out.2 and so
 * on, of a mprofile_YYYYMMDDhhmmss.dat. It is a regular file, and older than the profile, which nothing is that was made
 * of it. Where the file system does not tell when files were made, and for other names, there is none.
 */
struct error *output_files_add(struct profile_files *outputs, const char *profile_path) MUST_CHECK;

#endif
