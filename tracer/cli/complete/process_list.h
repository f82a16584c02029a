/*
 * The processes that could be recorded, by pid and by name (cli layer).
 */
#ifndef CLI_COMPLETE_PROCESS_LIST_H
#define CLI_COMPLETE_PROCESS_LIST_H

#include "tracer/cli/complete/candidates.h"

/* Offers those that have memory of their own, but for ourselves: their command line describes them. */
void process_list_offer(struct candidates *candidates);

#endif
