/* --stacks and --step; see stacks_options.h. Cli layer. */
#include "tracer/cli/record/stacks_options.h"

#include <string.h>

#include "tracer/base/quantity.h"

/* Keys of options without a letter; those of other tables lie elsewhere. */
enum { OPTION_STACKS = 1280, OPTION_STEP };

static const double STEP_SHARE = 0.05, STEP_PERCENT_MIN = 0.1, STEP_PERCENT_MAX = 1000;

static const struct argp_option stacks_argp_options[] = {
	{ "stacks", OPTION_STACKS, "WHEN[,...]", 0,
	  "Record the stacks of threads: peak (of all, whenever their process has more memory than "
	  "ever before, by a step), growth (of page faults, for who grew it) or calls (where "
	  "chosen "
	  "functions are called, now and then)",
	  0 },
	{ "step", OPTION_STEP, "SIZE|PCT%", 0,
	  "With --stacks=peak: how much higher a peak must be than the last one (default 5%); with "
	  "--stacks=growth: of how much growth one stack is taken when it is fast (default 128KiB)",
	  0 },
	{ 0 },
};

static struct error *add_word(struct stack_wishes *wishes, const char *word, size_t bytes)
{
	const struct {
		const char *word;
		bool *wish;
	} words[] = {
		{ "peak", &wishes->at_peak },
		{ "growth", &wishes->by_growth },
		{ "calls", &wishes->at_entries },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strlen(words[i].word) != bytes || memcmp(words[i].word, word, bytes) != 0)
			continue;
		*words[i].wish = true;
		return NULL;
	}
	return error_new(ERR_USAGE, "--stacks %.*s: say peak, growth or calls", (int)bytes, word);
}

static struct error *parse_stacks(struct stack_wishes *wishes, const char *text)
{
	struct error *err = NULL;

	do {
		size_t bytes = strcspn(text, ",");
		err = add_word(wishes, text, bytes);
		text += bytes;
	} while (err == NULL && *text++ == ',');
	return err;
}

static error_t stacks_parse(int key, char *arg, struct argp_state *state)
{
	struct stacks_options *options = state->input;

	switch (key) {
	case OPTION_STACKS:
		if (options->err == NULL)
			options->err = parse_stacks(&options->wishes, arg);
		return 0;
	case OPTION_STEP:
		options->step = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp stacks_argp = { .options = stacks_argp_options, .parser = stacks_parse };

static struct error *parse_step(struct stack_wishes *wishes, const char *text)
{
	static const double BYTES_PER_MIB = 1 << 20;
	double number;

	if (quantity_parse_percent(text, &number)) {
		wishes->step_share = number / 100;
		if (number >= STEP_PERCENT_MIN && number <= STEP_PERCENT_MAX)
			return NULL;
		return error_new(ERR_USAGE, "--step %s: give %g%% to %g%%, or a size", text,
				 STEP_PERCENT_MIN, STEP_PERCENT_MAX);
	}
	struct error *err = quantity_parse(QUANTITY_MEMORY, text, &number);
	if (err != NULL)
		return error_context(err, "--step");
	if (number * BYTES_PER_MIB < 1 || number > 1e12)
		return error_new(ERR_USAGE, "--step %s: give more than 0", text);
	wishes->step_bytes = (uint64_t)(number * BYTES_PER_MIB);
	return NULL;
}

struct error *stacks_options_finish(struct stacks_options *options, struct session_options *session)
{
	struct stack_wishes *wishes = &options->wishes;
	struct error *err = options->err;

	options->err = NULL;
	wishes->step_share = STEP_SHARE;
	if (err == NULL && options->step != NULL)
		err = parse_step(wishes, options->step);
	if (err == NULL && options->step != NULL && !wishes->at_peak && !wishes->by_growth)
		err = error_new(ERR_USAGE, "--step is for --stacks=peak and --stacks=growth");
	if (err == NULL && options->step != NULL && wishes->step_bytes == 0 && !wishes->at_peak)
		err = error_new(ERR_USAGE,
				"--step %s: the step of --stacks=growth is a size, such as 1MiB",
				options->step);
	if (err == NULL && wishes->at_entries && pattern_set_count(session->patterns) == 0)
		err = error_new(ERR_USAGE, "--stacks=calls: choose functions with -f");
	session->stacks = *wishes;
	return err;
}
