/*
 * The options of mprof-trace plot, parsed (cli layer).
 */
#ifndef CLI_PLOT_PLOT_SETTINGS_H
#define CLI_PLOT_PLOT_SETTINGS_H

#include <argp.h>

#include "plot/layout/plot_page.h"
#include "plot/model/plot_model.h"
#include "plot/plplot/plot_backend.h"
#include "tracer/cli/profiles/align_option.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/profiles/profile_selection.h"

struct plot_settings {
	struct plot_options options;
	struct plot_page page;
	const char *output;		    /* NULL: a window, or a picture beside the profile */
	const struct plot_backend *backend; /* NULL: by the suffix of what is written */
	bool term;			    /* on the terminal, in characters */
	bool follows;			    /* a file that grows */
	bool list_backends;
	struct profile_selection selection;
	struct align_option align; /* without one all profiles are counted from their starts */
	bool sums_tree;		   /* the main curve is the sum of all processes */
	bool wants_children;	   /* --children is given: lines of their own, beside a sum too */
	size_t children;	   /* drawn each for itself, of one profile; the rest is summed */
	size_t samples;		   /* kept of a process; 0: as many as a picture needs */
	struct profile_files files;
	bool is_of_ranks;  /* the only one is a directory of them */
	bool by_host;	   /* of it the sums over hosts */
	bool by_rank;	   /* that was said */
	const char *job;   /* of it this one's; NULL: of the only one */
	struct error *err; /* the first that parsing met; the caller's */
};

/* Its parser's input is a zeroed struct plot_settings with @children set. */
enum { PLOT_CHILDREN_DEFAULT = 20 };
extern const struct argp plot_settings_argp;

/* Options that contradict each other; ERR_USAGE. */
struct error *plot_settings_check(const struct plot_settings *settings) MUST_CHECK;

void plot_settings_deinit(struct plot_settings *settings);

#endif
