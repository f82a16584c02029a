/*
 * The functions that -f could mean (cli layer).
 */
#ifndef CLI_COMPLETE_FUNCTION_NAMES_H
#define CLI_COMPLETE_FUNCTION_NAMES_H

#include "tracer/cli/complete/candidates.h"
#include "tracer/cli/complete/line_place.h"

/*
 * Offers the functions of the program, or of the process, that the rest of the line names, or else of the program that
 * was recorded last here. Where it has none that
 * begins so, those of its libraries; behind `LIBRARY!` those of that library. A glob
 * is offered as it stands, if it matches any. Nothing is started for it.
 */
void function_names_offer(const struct line_place *place, struct candidates *candidates);

#endif
