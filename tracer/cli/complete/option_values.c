/* The values that an option may have; see option_values.h. Cli layer. */
#include "tracer/cli/complete/option_values.h"

#include <ctype.h>
#include <string.h>

#include "plot/plplot/plot_backend.h"
#include "plot/plplot/plot_output.h"
#include "tracer/base/metric.h"
#include "tracer/cli/complete/process_list.h"
#include "tracer/cli/record/backend_option.h"

/* What the parsers take that the usage does not spell out. The test of completion asks the parsers for the same. */
static const struct {
	const char *option;
	unsigned operands; /* of the commands that have it so */
	bool is_list;	   /* with commas */
	const char *words;
} known[] = {
	{ "probe", OPERAND_PROGRAM | OPERAND_PROCESS, false, "auto breakpoint pad" },
	{ "stacks", OPERAND_PROGRAM | OPERAND_PROCESS, true, "peak growth calls" },
	{ "with", OPERAND_PROGRAM | OPERAND_PROCESS, true, "cpu faults threads limits" },
	{ "on-break", OPERAND_PROGRAM | OPERAND_PROCESS, false, "stack stop core kill gdb" },
	{ "by", OPERAND_PROFILE, false, "time memory growth" },
};

/* The words of @words, with any of @separators between them. */
static void offer_words(struct candidates *candidates, const char *words, const char *separators)
{
	while (*words != '\0') {
		size_t bytes = strcspn(words, separators);
		if (bytes > 0)
			candidates_word(candidates, words, bytes, NULL);
		words += bytes;
		words += *words != '\0';
	}
}

/* `light|dark`, `N|all`: what is in small letters is meant as it stands. Whether there is such a word. */
static bool offer_spelled(struct candidates *candidates, const char *usage)
{
	bool is_spelled = false;

	while (*usage != '\0') {
		size_t bytes = strcspn(usage, "|");
		bool is_word = bytes > 0;
		for (size_t i = 0; i < bytes; i++)
			is_word &= islower((unsigned char)usage[i]) != 0;
		if (is_word)
			candidates_word(candidates, usage, bytes, NULL);
		is_spelled |= is_word;
		usage += bytes;
		usage += *usage != '\0';
	}
	return is_spelled;
}

static void offer_metrics(struct candidates *candidates)
{
	const char *alias;

	for (size_t i = 0; i < METRIC_COUNT; i++) {
		const struct metric_traits *traits = metric_traits((enum metric)i);
		candidates_word(candidates, traits->name, strlen(traits->name), traits->title);
	}
	for (size_t i = 0; (alias = backend_option_alias(i)) != NULL; i++)
		candidates_word(candidates, alias, strlen(alias), "memory_profiler's name");
}

static void offer_devices(struct candidates *candidates)
{
	const struct plot_backend *backend;

	candidates_word(candidates, "list", strlen("list"), "list them");
	for (size_t i = 0; (backend = plot_backend_at(i)) != NULL; i++) {
		if (plot_output_works(backend))
			candidates_word(candidates, backend->device, strlen(backend->device),
					backend->what);
	}
}

bool option_wants_functions(const struct line_place *place)
{
	/* Those of a profile are in no program. */
	return place->option != NULL && (place->operands & (OPERAND_PROGRAM | OPERAND_PROCESS)) &&
	       strncmp(place->option->arg, "PATTERN", strlen("PATTERN")) == 0;
}

void option_values_offer(const struct line_place *place, struct candidates *candidates)
{
	const char *usage = place->option->arg;
	const char *name = place->option->name != NULL ? place->option->name : "";

	if (strncmp(usage, "FILE", strlen("FILE")) == 0)
		candidates_files(candidates, "*");
	if (strncmp(usage, "DIR", strlen("DIR")) == 0)
		candidates_folders(candidates);
	if (strcmp(usage, "PID|NAME") == 0)
		process_list_offer(candidates);
	if (strcmp(name, "user") == 0)
		candidates_users(candidates);
	if (strcmp(name, "backend") == 0 && place->operands == OPERAND_PROFILE)
		offer_devices(candidates);
	else if (strcmp(name, "backend") == 0)
		offer_metrics(candidates);
	if (offer_spelled(candidates, usage))
		return;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(name, known[i].option) != 0 ||
		    (place->operands & known[i].operands) == 0)
			continue;
		const char *typed = candidates->word + candidates->kept_bytes;
		const char *comma = known[i].is_list ? strrchr(typed, ',') : NULL;
		if (comma != NULL)
			candidates->kept_bytes += (size_t)(comma - typed) + 1;
		offer_words(candidates, known[i].words, " ");
	}
}
