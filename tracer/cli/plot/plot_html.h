/*
 * A plot as a page to send (cli layer).
 */
#ifndef CLI_PLOT_PLOT_HTML_H
#define CLI_PLOT_PLOT_HTML_H

#include "tracer/cli/plot/plot_settings.h"

/* Reads the settings' files, one or two, and writes the page @settings->output. */
struct error *plot_html_write(const struct plot_settings *settings) MUST_CHECK;

#endif
