/*
 * What all commands' option parsers share: -h/--help, --usage, -V/--version, and the exit status
 * of a wrong command line (cli layer).
 */
#ifndef CLI_OPTIONS_COMMAND_OPTIONS_H
#define CLI_OPTIONS_COMMAND_OPTIONS_H

#include <argp.h>

#include "tracer/base/error.h"

/* Those three: what completion offers besides a command's own. */
extern const struct argp_option command_common_options[];

/*
 * Parses as argp_parse(3) does, with the three options added to those of @argp, which may have
 * one child. @flags are argp's. On help and on an unknown option argp prints and exits, with 0 or
 * with 125. What the parser of @argp returns in another case becomes the error.
 */
struct error *command_options_parse(const struct argp *argp, int argc, char **argv, unsigned flags,
				    void *input) MUST_CHECK;

#endif
