/*
 * Text in a terminal's columns (plot layer). Pure; returned strings are owned, NULL on lack of memory.
 */
#ifndef PLOT_TEXT_TEXT_COLUMNS_H
#define PLOT_TEXT_TEXT_COLUMNS_H

#include <stddef.h>

/* The columns of clean UTF-8: East Asian letters and pictures take two, combining marks none. */
size_t text_columns(const char *text);

/* A copy of at most @columns: what is too long loses its middle to an ellipsis. */
char *text_fit_columns(const char *text, size_t columns);

/* The same of a function's name, which loses template arguments and parameters first. */
char *text_fit_name(const char *name, size_t columns);

#endif
