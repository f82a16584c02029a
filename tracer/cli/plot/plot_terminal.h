/*
 * A plot on the terminal that stdout is, in pixels where it can show them (cli layer).
 */
#ifndef CLI_PLOT_PLOT_TERMINAL_H
#define CLI_PLOT_PLOT_TERMINAL_H

#include "plot/model/plot_model.h"
#include "tracer/cli/plot/plot_settings.h"

/* Gives the memory axis steps that suit the terminal. */
struct error *plot_terminal_draw(const struct plot_settings *settings,
				 struct plot_model *model) MUST_CHECK;

#endif
