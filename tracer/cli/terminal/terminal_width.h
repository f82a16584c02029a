/*
 * How wide the terminal is (cli layer).
 */
#ifndef CLI_TERMINAL_TERMINAL_WIDTH_H
#define CLI_TERMINAL_TERMINAL_WIDTH_H

#include <stddef.h>

/* The columns of the terminal that stdout is; 0 if it is none, or does not say. */
size_t terminal_width(void);

#endif
