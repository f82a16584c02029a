/*
 * What a program has mapped before any of it runs (loop layer).
 */
#ifndef LOOP_SURVEY_H
#define LOOP_SURVEY_H

#include <stddef.h>

#include "tracer/base/error.h"

/*
 * Starts the program @argv (looked up in PATH) up to the point where all its libraries are mapped and
 * no constructor has run, lists the ELF files it has then, itself first, and kills it. *@ret_paths
 * and each path in it are returned owned. Fails with ERR_NOT_FOUND or ERR_NOT_EXEC when it cannot be
 * started.
 */
struct error *survey_mapped_files(char *const argv[], char ***ret_paths,
				  size_t *ret_count) MUST_CHECK;

#endif
