/*
 * mprof-trace --complete: what could stand where the cursor is, for the scripts in packaging (cli layer).
 *
 *   mprof-trace --complete bash POINT BREAKS LINE      POINT, LINE and BREAKS as bash has them (COMP_POINT, COMP_LINE, COMP_WORDBREAKS)
 *   mprof-trace --complete words INDEX WORD...         words without quotes, the first is our own name
 *
 * candidates.h says what it prints. Whatever goes wrong, nothing is said: the user is typing.
 */
#ifndef CLI_COMPLETE_COMPLETE_H
#define CLI_COMPLETE_COMPLETE_H

#include <stddef.h>

#include "tracer/cli/command.h"

/* @commands: all of them, the first is meant where none is named. @argv as main's. */
void complete_run(const struct command *const *commands, size_t count, int argc, char **argv);

#endif
