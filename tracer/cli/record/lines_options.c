/* Lines of functions; see lines_options.h. Cli layer. */
#include "tracer/cli/record/lines_options.h"

#include "symbols/pattern/pattern.h"
#include "tracer/base/quantity.h"

/* Keys of options without a letter; those of the commands and of other children lie elsewhere. */
enum { OPTION_LINES = 1536, OPTION_MAX_HITS };

static const uint64_t MAX_HITS_USUAL = 10000;

static const struct argp_option lines_argp_options[] = {
	{ "lines", OPTION_LINES, NULL, 0,
	  "Record what each line of these functions gained, too, for the lines command; needs "
	  "debugging information",
	  0 },
	{ "max-hits", OPTION_MAX_HITS, "N", 0,
	  "With lines: read the memory at the first N executions of a line (default 10000); "
	  "further ones are counted, and read now and then",
	  0 },
	{ 0 },
};

static error_t lines_parse(int key, char *arg, struct argp_state *state)
{
	struct lines_options *options = state->input;

	switch (key) {
	case OPTION_LINES:
		options->is_wanted = true;
		return 0;
	case OPTION_MAX_HITS:
		options->max_hits = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp lines_argp = { .options = lines_argp_options, .parser = lines_parse };

struct error *lines_options_apply(const struct lines_options *options,
				  struct session_options *session)
{
	session->wants_lines = options->is_wanted;
	session->max_line_hits = MAX_HITS_USUAL;
	if (options->max_hits != NULL &&
	    !quantity_parse_whole(options->max_hits, &session->max_line_hits))
		return error_new(ERR_USAGE, "--max-hits %s: give a whole number, 0 or more",
				 options->max_hits);
	if (!options->is_wanted)
		return NULL;
	if (pattern_set_count(session->patterns) == 0)
		return error_new(ERR_USAGE, "lines of which functions? Name them with -f");
	return session->traces ? NULL
			       : error_new(ERR_USAGE, "--lines needs probes: not --no-probes");
}
