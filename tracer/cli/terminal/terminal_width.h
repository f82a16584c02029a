/*
 * How wide what is written may be (cli layer).
 */
#ifndef CLI_TERMINAL_TERMINAL_WIDTH_H
#define CLI_TERMINAL_TERMINAL_WIDTH_H

#include <stddef.h>

/*
 * $COLUMNS if that is set, else the width of the terminal that stdout is, 80 where it does not say; 0, any
 * width, where stdout is none: a file or a pipe is to have whole names. At least 40 otherwise.
 */
size_t terminal_width(void);

#endif
