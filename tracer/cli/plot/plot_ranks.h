/*
 * The plot of a directory of ranks (cli layer).
 */
#ifndef CLI_PLOT_PLOT_RANKS_H
#define CLI_PLOT_PLOT_RANKS_H

#include "tracer/cli/plot/plot_settings.h"

/* Finds out whether the settings are of a directory, and what they ask then that is of single profiles; ERR_USAGE. */
struct error *plot_ranks_check(struct plot_settings *settings) MUST_CHECK;

/* Of the settings' only file, which is a directory. */
struct error *plot_ranks(const struct plot_settings *settings) MUST_CHECK;

#endif
