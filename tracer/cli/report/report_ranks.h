/*
 * The report of a directory of ranks (cli layer).
 */
#ifndef CLI_REPORT_REPORT_RANKS_H
#define CLI_REPORT_REPORT_RANKS_H

#include "tracer/cli/report/report_settings.h"

/* Of the settings' only file, which is a directory. */
struct error *report_ranks(const struct report_settings *settings) MUST_CHECK;

#endif
