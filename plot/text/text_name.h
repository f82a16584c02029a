/*
 * What functions' names consist of (plot layer). Pure.
 */
#ifndef PLOT_TEXT_TEXT_NAME_H
#define PLOT_TEXT_TEXT_NAME_H

#include <stdbool.h>

/*
 * Behind what is at @at, which is less than @end, in a name or an argument that begins at @name: a bracket
 * with all that is in it (then *@ret_is_group is true), the signs of an operator, or a byte.
 */
const char *text_name_unit(const char *name, const char *at, const char *end, bool *ret_is_group);

#endif
