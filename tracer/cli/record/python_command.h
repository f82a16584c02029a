/* Which words start a Python program (cli layer). */
#ifndef CLI_RECORD_PYTHON_COMMAND_H
#define CLI_RECORD_PYTHON_COMMAND_H

#include <stdbool.h>

#include "tracer/base/error.h"

/* Whether it is the name of a Python script: *.py. */
bool python_command_is_script(const char *program);

/*
 * What `run --python @command` starts: a script or a module gets "python3" in front (for a module with
 * -m), and *@ret is a new array of the words, to be freed; NULL where @command can be executed as it
 * is. Fails with ERR_NOT_FOUND when the first word is nothing of this.
 */
struct error *python_command_create(char *const command[], char ***ret) MUST_CHECK;

#endif
