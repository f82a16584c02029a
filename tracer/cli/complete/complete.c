/* mprof-trace --complete; see complete.h. Cli layer. */
#include "tracer/cli/complete/complete.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/cli/complete/candidates.h"
#include "tracer/cli/complete/function_names.h"
#include "tracer/cli/complete/line_place.h"
#include "tracer/cli/complete/option_values.h"
#include "tracer/cli/complete/process_list.h"
#include "tracer/cli/complete/shell_line.h"

/* Offering options: the name of an alias is offered, too, with what it stands for. */
struct option_offer {
	struct candidates *candidates;
	const char *description; /* of the last one that was no alias */
};

static bool offer_option(void *data, const struct argp_option *option)
{
	struct option_offer *offer = data;
	char text[80];

	if ((option->flags & OPTION_ALIAS) == 0)
		offer->description = option->doc;
	if (option->name != NULL) {
		snprintf(text, sizeof(text), "--%s", option->name);
		candidates_word(offer->candidates, text, strlen(text), offer->description);
	}
	/* argp(3): a key that is no character is no letter. */
	if (option->key > ' ' && option->key < 0x7f) {
		snprintf(text, sizeof(text), "-%c", option->key);
		candidates_word(offer->candidates, text, strlen(text), offer->description);
	}
	return true;
}

static void offer_operands(const struct line_place *place, struct candidates *candidates)
{
	/* mark NAME [PID|FILE]: the first word is the user's own. */
	const char *usage = place->command->argp != NULL ? place->command->argp->args_doc : NULL;
	bool is_free = usage != NULL && strncmp(usage, "NAME", strlen("NAME")) == 0;

	if (is_free && place->operand_count == 0)
		return;
	if (place->operands & OPERAND_PROCESS)
		process_list_offer(candidates);
	if (place->operands & OPERAND_PROFILE)
		candidates_files(candidates, "*.dat");
	if (place->operands & OPERAND_PROGRAM)
		candidates_commands(candidates);
}

static void offer_all(const struct shell_line *line, const struct command *const *commands,
		      size_t count)
{
	struct line_place place;

	line_place_find(&place, line, commands, count);
	struct candidates candidates = { .line = line,
					 .word = line->words[line->current],
					 .kept_bytes = place.kept_bytes,
					 .out = stdout };
	if (place.program != 0) {
		candidates_program(&candidates, place.program);
		return;
	}
	if (option_wants_functions(&place)) {
		function_names_offer(&place, &candidates);
		return;
	}
	if (place.option != NULL) {
		option_values_offer(&place, &candidates);
		return;
	}
	if (candidates.word[0] == '-' && place.has_options) {
		struct option_offer offer = { .candidates = &candidates };
		line_place_options(&place, offer_option, &offer);
		return;
	}
	for (size_t i = 0; place.is_first && i < count; i++)
		candidates_word(&candidates, commands[i]->name, strlen(commands[i]->name),
				commands[i]->summary);
	offer_operands(&place, &candidates);
}

void complete_run(const struct command *const *commands, size_t count, int argc, char **argv)
{
	struct shell_line line = { 0 };
	struct error *err = NULL;
	bool is_there = false;

	log_set_level(LOG_QUIET);
	if (argc == 6 && strcmp(argv[2], "bash") == 0) {
		err = shell_line_of_text(&line, argv[5], strtoul(argv[3], NULL, 10), argv[4]);
		is_there = line.current > 0;
	} else if (argc > 4 && strcmp(argv[2], "words") == 0) {
		is_there = shell_line_of_words(&line, argv + 4, (size_t)argc - 4,
					       strtoul(argv[3], NULL, 10));
	}
	if (err == NULL && is_there)
		offer_all(&line, commands, count);
	error_free(err);
	shell_line_deinit(&line);
}
