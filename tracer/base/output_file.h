/*
 * A file that is written whole or not at all (base layer).
 *
 * What is written goes to a file without a name, so that nothing is left of it when we are killed. It gets the target's when
 * it is whole. Where the file system has no such files (O_TMPFILE), it has a hidden name beside the target.
 */
#ifndef BASE_OUTPUT_FILE_H
#define BASE_OUTPUT_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdio.h>

#include "tracer/base/error.h"

struct output_file {
	FILE *out;     /* NULL: not open */
	bool is_named; /* it is called @temporary */
	char target[PATH_MAX], temporary[PATH_MAX + 48];
};

/*
 * Finds what cannot work before the long work begins: a target that is no regular file, cannot be
 * written, or is a profile, as @is_profile tells (NULL: that may be). A link stays a link: @target is the file that it names.
 */
struct error *output_file_check(const char *path, bool (*is_profile)(const char *path),
				char target[static PATH_MAX]) MUST_CHECK;

/* @target: of output_file_check. Then write to file->out, and either commit or discard. */
struct error *output_file_open(struct output_file *file, const char *target) MUST_CHECK;

/* Puts it into its place. When that fails, for one on a full disk, nothing is left of it. */
struct error *output_file_commit(struct output_file *file) MUST_CHECK;

/* Leaves nothing. One that is not open is accepted. */
void output_file_discard(struct output_file *file);

#endif
