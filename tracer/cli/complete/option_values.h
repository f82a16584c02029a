/*
 * The values that an option may have (cli layer).
 */
#ifndef CLI_COMPLETE_OPTION_VALUES_H
#define CLI_COMPLETE_OPTION_VALUES_H

#include <stdbool.h>

#include "tracer/cli/complete/candidates.h"
#include "tracer/cli/complete/line_place.h"

/* Whether the value of the option is a pattern of functions of a program; then nothing is offered here. */
bool option_wants_functions(const struct line_place *place);

/* Offers what the value of place->option may be. */
void option_values_offer(const struct line_place *place, struct candidates *candidates);

#endif
