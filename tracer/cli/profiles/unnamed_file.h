/*
 * A file without a name, for a recording that is read and goes: nothing is left of it whatever kills us (cli layer).
 */
#ifndef CLI_PROFILES_UNNAMED_FILE_H
#define CLI_PROFILES_UNNAMED_FILE_H

#include "tracer/base/error.h"

/* Open for reading and writing; the caller's to close. */
struct error *unnamed_file_open(int *ret) MUST_CHECK;

/* Where it is: what TMPDIR says, or /tmp. */
const char *unnamed_file_directory(void);

#endif
