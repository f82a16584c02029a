/*
 * Where the listed functions are written (cli layer).
 */
#ifndef CLI_FUNCS_FUNCS_LINES_H
#define CLI_FUNCS_FUNCS_LINES_H

#include "tracer/cli/funcs/funcs_list.h"

/* Sets FILE:LINE of the rows; warns once of each file whose DWARF cannot be read. */
void funcs_list_find_lines(struct funcs_list *list);

#endif
