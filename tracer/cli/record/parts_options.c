/* What is recorded of memory besides its amount; see parts_options.h. Cli layer. */
#include "tracer/cli/record/parts_options.h"

#include "tracer/base/memory/companion.h"

#include <string.h>

/* Keys of options without a letter; those of the commands and of other children lie elsewhere. */
enum { OPTION_SPLIT = 1280, OPTION_WITH };

static const struct argp_option parts_argp_options[] = {
	{ "split", OPTION_SPLIT, "maps", OPTION_ARG_OPTIONAL,
	  "Record what the memory is: anonymous, of files, shared, swapped out, huge pages; with "
	  "'maps' also heap, arenas, stacks, each library and file, now and then",
	  0 },
	{ "with", OPTION_WITH, "WHAT[,...]", 0,
	  "Record beside memory: cpu, faults, threads or limits; several with commas between", 0 },
	{ 0 },
};

/* False: a word of it is none. */
static bool parse_with(const char *text, unsigned *companions)
{
	static const struct {
		const char *word;
		unsigned set;
	} words[] = {
		{ "cpu", 1u << WITH_CPU },
		{ "faults", WITH_ALL_FAULTS },
		{ "threads", 1u << WITH_THREADS },
		{ "limits", WITH_LIMITS },
	};

	for (size_t bytes;; text += bytes + 1) {
		bool is_known = false;
		bytes = strcspn(text, ",");
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			if (strlen(words[i].word) != bytes ||
			    memcmp(words[i].word, text, bytes) != 0)
				continue;
			*companions |= words[i].set;
			is_known = true;
		}
		if (!is_known || text[bytes] == '\0')
			return is_known;
	}
}

static error_t parts_parse(int key, char *arg, struct argp_state *state)
{
	struct parts_options *options = state->input;

	if (key == OPTION_WITH) {
		if (!parse_with(arg, &options->companions))
			options->bad_with = arg;
		return 0;
	}
	if (key != OPTION_SPLIT)
		return ARGP_ERR_UNKNOWN;
	options->split = arg == NULL ? SPLIT_COUNTERS : SPLIT_MAPS;
	options->bad_split = arg != NULL && strcmp(arg, "maps") != 0 ? arg : NULL;
	return 0;
}

const struct argp parts_argp = { .options = parts_argp_options, .parser = parts_parse };

struct error *parts_options_check(const struct parts_options *options)
{
	if (options->bad_with != NULL)
		return error_new(ERR_USAGE, "--with %s: choose of cpu, faults, threads and limits",
				 options->bad_with);
	if (options->bad_split == NULL)
		return NULL;
	return error_new(ERR_USAGE, "--split=%s: say --split or --split=maps", options->bad_split);
}
