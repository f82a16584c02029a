/*
 * Where a program is that a command line names (cli layer).
 */
#ifndef CLI_RECORD_PROGRAM_PATH_H
#define CLI_RECORD_PROGRAM_PATH_H

#include "tracer/base/error.h"

/*
 * The file of @program: itself where it has a slash, else the first executable one in PATH, as execvp(3) finds it.
 * *@ret is owned (free). Fails with ERR_NOT_FOUND, or ERR_NOT_EXEC where there is one in PATH that may not be executed.
 */
struct error *program_path_find(const char *program, char **ret) MUST_CHECK;

#endif
