/* The options of mprof-trace plot; see plot_settings.h. Cli layer. */
#include "tracer/cli/plot/plot_settings.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/html/html_page.h"
#include "plot/plplot/plot_output.h"

#include "tracer/base/quantity.h"

enum {
	KEY_BACKEND = 256,
	KEY_FUNC,
	KEY_PID,
	KEY_SIZE,
	KEY_DPI,
	KEY_THEME,
	KEY_FONT,
	KEY_TERM,
	KEY_CHILDREN,
	KEY_ALIGN,
	KEY_CLOCK,
	KEY_FOLLOW,
	KEY_BY,
	KEY_JOB
};

static const struct argp_option argp_options[] = {
	{ "title", 't', "TITLE", 0, "Title of the plot, instead of the command line", 0 },
	{ "no-timestamps", 'n', NULL, 0, "Draw no brackets where functions start and end", 0 },
	{ "no-function-ts", 'n', NULL, OPTION_ALIAS, NULL, 0 },
	{ "output", 'o', "FILE", 0, "Write FILE (.png, .svg, .pdf or .html) and open no window",
	  0 },
	{ "window", 'w', "A,B", 0, "Plot from A to B only, in seconds from the start", 0 },
	{ "flame", 'f', NULL, 0, "Draw calls as bars, a lane for each thread, instead of brackets",
	  0 },
	{ "slope", 's', NULL, 0, "Draw a trend line through each curve and say its slope", 0 },
	{ "func", KEY_FUNC, "PATTERN[,...]", 0, "Only the functions that match, as in run -f", 0 },
	{ "pid", KEY_PID, "PID[,...]", 0, "Only these processes", 0 },
	{ "include-children", 'C', NULL, 0,
	  "Draw the sum of all processes as the main line, whatever the run was asked for", 0 },
	{ "children", KEY_CHILDREN, "N|all", 0,
	  "Draw the N largest children (default 20), and the sum of the others as one line", 0 },
	{ "align", KEY_ALIGN, "FUNC|start", 0,
	  "Count times from the first call of FUNC, or from each profile's start (default)", 0 },
	{ "clock", KEY_CLOCK, NULL, 0, "Times of the day, not since the start", 0 },
	{ "follow", KEY_FOLLOW, NULL, 0,
	  "Draw FILE while it is written, again and again; with --term as the live command does",
	  0 },
	{ "by", KEY_BY, "rank|host", 0,
	  "Of a directory of ranks: draw each (default), or the sum of those of each host", 0 },
	{ "job", KEY_JOB, "JOB", 0, "Of a directory of ranks: those of this job", 0 },
	{ "term", KEY_TERM, NULL, 0,
	  "Draw on the terminal: pixels where it can show them, else characters", 0 },
	{ "size", KEY_SIZE, "WIDTHxHEIGHT", 0, "Size of the page in units of 1/90 inch", 0 },
	{ "dpi", KEY_DPI, "N", 0, "Dots per inch of a PNG (default 90)", 0 },
	{ "theme", KEY_THEME, "light|dark", 0, "Colours for light (default) or dark paper", 0 },
	{ "font", KEY_FONT, "FAMILY", 0, "Font of all words", 0 },
	{ "backend", KEY_BACKEND, "DEVICE", 0,
	  "Draw with this device of PLplot's; 'list' shows those that work here", 0 },
	{ 0 },
};

static const char doc[] =
	"Draws memory over time, with a bracket pair where each call of a recorded function starts "
	"and ends.\vA profile is a file, or an index as 'mprof-trace list' shows it; -1 is the "
	"newest, which is also the default. Several profiles are overlaid. A directory holds those "
	"of "
	"the ranks of a parallel job, which are drawn together.\n\n"
	"Without -o the plot opens in a window; where there is no display it becomes a PNG named "
	"after the profile, whose path is printed.";

static struct error *parse_children(struct plot_settings *settings, const char *text)
{
	uint64_t number;

	if (strcmp(text, "all") == 0) {
		settings->children = SIZE_MAX - 1;
		return NULL;
	}
	if (!quantity_parse_whole(text, &number))
		return error_new(ERR_USAGE, "--children %s: give a number, or all", text);
	settings->children = (size_t)number;
	return NULL;
}

static struct error *parse_backend(struct plot_settings *settings, const char *name)
{
	settings->list_backends = strcmp(name, "list") == 0;
	settings->backend = plot_backend_find(name);
	if (settings->backend != NULL || settings->list_backends)
		return NULL;
	return error_new(ERR_USAGE, "--backend %s: no such device; '--backend list' shows them",
			 name);
}

static struct error *parse_size(struct plot_page *page, const char *text)
{
	static const double least_width = 320, least_height = 240, most = 20000;
	char *end;
	double width = strtod(text, &end), height = 0;

	if (end != text && (*end == 'x' || *end == ','))
		height = strtod(end + 1, &end);
	if (*end != '\0' || !(width >= least_width && width <= most) ||
	    !(height >= least_height && height <= most))
		return error_new(ERR_USAGE,
				 "--size %s: give a width from 320 and a height from 240 up to "
				 "20000, as in 1260x560",
				 text);
	page->width = floor(width);
	page->height = floor(height);
	return NULL;
}

static struct error *parse_dpi(struct plot_page *page, const char *text)
{
	char *end;
	double dpi = strtod(text, &end);

	if (end == text || *end != '\0' || !(dpi >= 30 && dpi <= 1200))
		return error_new(ERR_USAGE, "--dpi %s: give a number from 30 to 1200", text);
	page->dpi = dpi;
	return NULL;
}

static struct error *parse_theme(struct plot_page *page, const char *text)
{
	page->is_dark = strcmp(text, "dark") == 0;
	if (!page->is_dark && strcmp(text, "light") != 0)
		return error_new(ERR_USAGE, "--theme %s: choose light or dark", text);
	return NULL;
}

static struct error *parse_font(struct plot_page *page, const char *text)
{
	/* In an environment variable, an SVG attribute and a fontconfig pattern. */
	if (text[0] == '\0' || strpbrk(text, "\"'<>&:,;\n") != NULL)
		return error_new(ERR_USAGE,
				 "--font %s: give a family's name; 'fc-list : family' "
				 "shows those installed",
				 text);
	page->font = text;
	return NULL;
}

static struct error *parse_by(struct plot_settings *settings, const char *text)
{
	settings->by_host = strcmp(text, "host") == 0;
	settings->by_rank = strcmp(text, "rank") == 0;
	if (settings->by_host || settings->by_rank)
		return NULL;
	return error_new(ERR_USAGE, "--by %s: say rank or host", text);
}

static error_t parse_page(struct plot_settings *settings, int key, const char *arg)
{
	struct plot_page *page = &settings->page;

	switch (key) {
	case KEY_SIZE:
		settings->err = parse_size(page, arg);
		return 0;
	case KEY_DPI:
		settings->err = parse_dpi(page, arg);
		return 0;
	case KEY_THEME:
		settings->err = parse_theme(page, arg);
		return 0;
	case KEY_FONT:
		settings->err = parse_font(page, arg);
		return 0;
	case KEY_BY:
		settings->err = parse_by(settings, arg);
		return 0;
	case KEY_JOB:
		settings->job = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct plot_settings *settings = state->input;

	if (settings->err != NULL)
		return 0;
	switch (key) {
	case 't':
		settings->options.title = arg;
		return 0;
	case 'n':
		settings->options.no_brackets = true;
		return 0;
	case 'f':
		settings->options.flame = true;
		return 0;
	case 's':
		settings->options.slope = true;
		return 0;
	case 'o':
		settings->output = arg;
		return 0;
	case 'w':
		settings->options.has_window = true;
		settings->err = time_window_parse(arg, &settings->options.window_start_ns,
						  &settings->options.window_end_ns);
		return 0;
	case KEY_TERM:
		settings->term = true;
		return 0;
	case KEY_FUNC:
		settings->err = profile_selection_add_functions(&settings->selection, arg);
		return 0;
	case 'C':
		settings->sums_tree = true;
		return 0;
	case KEY_CHILDREN:
		settings->wants_children = true;
		settings->err = parse_children(settings, arg);
		return 0;
	case KEY_PID:
		settings->err = profile_selection_add_pids(&settings->selection, arg);
		return 0;
	case KEY_BACKEND:
		settings->err = parse_backend(settings, arg);
		return 0;
	case KEY_ALIGN:
		settings->err = align_option_parse(&settings->align, arg);
		return 0;
	case KEY_FOLLOW:
		settings->follows = true;
		return 0;
	case KEY_CLOCK:
		settings->options.clock = true;
		return 0;
	case ARGP_KEY_ARG:
		settings->err = profile_files_add(&settings->files, arg);
		return 0;
	default:
		return parse_page(settings, key, arg);
	}
}

const struct argp plot_settings_argp = {
	argp_options, parse_option, "[FILE|INDEX|DIRECTORY...]", doc, NULL, NULL, NULL,
};

static bool can_follow(const struct plot_settings *settings)
{
	const struct plot_backend *backend = settings->backend;

	return settings->output == NULL && settings->align.functions == NULL &&
	       settings->files.count <= 1 &&
	       (backend == NULL || strcmp(backend->device, PLOT_BACKEND_WINDOW) == 0);
}

struct error *plot_settings_check(const struct plot_settings *settings)
{
	/* Cairo's pictures have no more; without a size a page is at most so wide and high. */
	static const double most_dots = 32000, usual_width = 1260, usual_height = 2000;
	struct error *err = profile_selection_check(&settings->selection);
	if (err != NULL)
		return err;
	double dpi = settings->page.dpi > 0 ? settings->page.dpi : PLOT_PAGE_UNITS_PER_INCH;
	double most = fmax(fmax(settings->page.width, usual_width),
			   fmax(settings->page.height, usual_height));

	if (most * dpi / PLOT_PAGE_UNITS_PER_INCH > most_dots)
		return error_new(ERR_USAGE,
				 "--size and --dpi make a picture of more than 32000 dots: choose "
				 "less of one");
	if (settings->options.clock && settings->align.functions != NULL)
		return error_new(ERR_USAGE,
				 "--clock shows when things were, and --align FUNC moves "
				 "them: choose one");
	if (settings->term && (settings->output != NULL || settings->backend != NULL))
		return error_new(ERR_USAGE,
				 "--term draws on the terminal: leave --output and --backend out");
	if (settings->follows && !can_follow(settings))
		return error_new(ERR_USAGE,
				 "--follow shows one file that grows, in a window or with "
				 "--term: leave --output, --backend, --align and other "
				 "files out");
	if (settings->output == NULL)
		return NULL;
	if (html_page_is_named(settings->output)) /* plot_html_write asks for the rest */
		return NULL;
	if (settings->backend == NULL)
		return plot_output_check_path(settings->output);
	if (settings->backend->suffix == NULL)
		return error_new(ERR_USAGE,
				 "-o %s: the backend %s draws in a window, not to a file",
				 settings->output, settings->backend->device);
	return NULL;
}

void plot_settings_deinit(struct plot_settings *settings)
{
	profile_files_deinit(&settings->files);
	profile_selection_deinit(&settings->selection);
	align_option_deinit(&settings->align);
}
