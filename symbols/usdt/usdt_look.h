/*
 * A look at a program's static probes, before anything else is read of it (symbols layer).
 */
#ifndef SYMBOLS_USDT_USDT_LOOK_H
#define SYMBOLS_USDT_USDT_LOOK_H

#include <stdbool.h>

/*
 * Whether the program at @path has marks of tracer/api/mprof_mark.h. False also of what cannot be read, or is no ELF
 * file.
 */
bool usdt_look_has_marks(const char *path);

#endif
