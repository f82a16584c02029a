/*
 * A live view of a file that somebody else writes (cli layer).
 */
#ifndef CLI_LIVE_LIVE_LOOK_H
#define CLI_LIVE_LIVE_LOOK_H

#include <stdbool.h>

#include "tracer/base/error.h"

/* Returns when the user has left it; the terminal is as it was, whatever became of the view. */
struct error *live_look(const char *path, bool is_dark) MUST_CHECK;

#endif
