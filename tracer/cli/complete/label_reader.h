/*
 * Reads the names of a file's functions (cli layer).
 */
#ifndef CLI_COMPLETE_LABEL_READER_H
#define CLI_COMPLETE_LABEL_READER_H

#include <stdio.h>

#include "tracer/base/error.h"

/* Writes them to @out as struct labels has them, @bytes_max at most. No server is asked. */
struct error *labels_write(const char *path, size_t bytes_max, FILE *out) MUST_CHECK;

#endif
