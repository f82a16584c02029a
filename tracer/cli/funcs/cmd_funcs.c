/* funcs: lists the functions of a program that could be probed (cli layer). */
#include <argp.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "symbols/elf/debuginfod.h"
#include "symbols/pattern/pattern.h"
#include "tracer/arch/arch.h"
#include "tracer/base/log.h"
#include "tracer/base/machine.h"
#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/funcs/funcs_print.h"
#include "tracer/cli/record/program_path.h"
#include "tracer/cli/record/symbol_options.h"
#include "tracer/loop/survey.h"

enum { OPTION_STATIC = 256 }; /* the key of an option without a letter */

struct funcs_options {
	struct pattern_set *patterns;
	struct symbol_options symbols;
	bool is_static;
	char **argv; /* PROGRAM and its arguments, NULL: not given */
	struct error *err;
};

static const struct argp_option funcs_argp_options[] = {
	{ "functions", 'f', "PATTERN[,...]", 0,
	  "Only functions that match: a name, a C++ name, a glob such as 'parse_*', /REGEX/, "
	  "LIBRARY!PATTERN, FILE.c:NAME, FILE.c:LINE, 0xADDRESS; !PATTERN leaves out, @FILE lists; "
	  "may be repeated",
	  0 },
	{ "static", OPTION_STATIC, NULL, 0,
	  "Only read the file PROGRAM, which may be a library; do not start it", 0 },
	{ "verbose", 'v', NULL, 0, "Also say where the functions of each file come from", 0 },
	{ 0 },
};

static error_t funcs_parse(int key, char *arg, struct argp_state *state)
{
	struct funcs_options *options = state->input;

	switch (key) {
	case ARGP_KEY_INIT:
		state->child_inputs[0] = &options->symbols;
		return 0;
	case 'f':
		if (options->err == NULL)
			options->err = pattern_set_add(options->patterns, arg);
		return 0;
	case 'v':
		log_set_level(LOG_VERBOSE);
		return 0;
	case OPTION_STATIC:
		options->is_static = true;
		return 0;
	case ARGP_KEY_ARG:
		/* PROGRAM: the words behind it are its own. */
		options->argv = &state->argv[state->next - 1];
		state->next = state->argc;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp_child funcs_argp_children[] = { { .argp = &symbol_argp }, { 0 } };
static const struct argp funcs_argp = {
	.options = funcs_argp_options,
	.parser = funcs_parse,
	.children = funcs_argp_children,
	.args_doc = "PROGRAM [ARG...]",
	.doc = "Lists the functions that could be probed: name, module, size in bytes, and "
	       "where the source is known, file and line.\vThe columns are aligned on a "
	       "terminal, and separated by tabs elsewhere (cut -f1). Debug files are also asked "
	       "for from the servers in DEBUGINFOD_URLS, if that is set.",
};

static void paths_free(char **paths, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(paths[i]);
	free(paths);
}

static struct error *funcs_main(const struct funcs_options *options)
{
	char *program, **paths = NULL;
	size_t count = 0;

	if (options->argv == NULL)
		return error_new(ERR_USAGE, "a PROGRAM is missing");
	if (options->is_static && options->argv[1] != NULL)
		return error_new(ERR_USAGE,
				 "--static starts nothing: '%s' is not expected behind %s; options "
				 "stand in front",
				 options->argv[1], options->argv[0]);
	struct error *err = program_path_find(options->argv[0], &program);
	if (err != NULL)
		return err;
	struct symbol_sources sources = options->symbols.sources;
	/* Unlike in a recording, no program waits for the download. */
	sources.asks_servers |= debuginfod_is_configured();
	if (!arch_has_probes && !options->is_static)
		log_info("the functions of %s alone: its libraries are found by a probe, and there "
			 "are none on %s yet",
			 program, MACHINE_NAME);
	if (options->is_static || !arch_has_probes) {
		err = funcs_print(&program, 1, options->patterns, &sources);
	} else {
		err = survey_mapped_files(options->argv, &paths, &count);
		if (err == NULL)
			err = funcs_print(paths, count, options->patterns, &sources);
		paths_free(paths, count);
	}
	free(program);
	return err;
}

static struct error *funcs_run(int argc, char **argv, int *ret_status)
{
	struct funcs_options options = { 0 };
	struct error *err = pattern_set_create(&options.patterns);

	if (err != NULL)
		return err;
	err = command_options_parse(&funcs_argp, argc, argv, ARGP_IN_ORDER, &options);
	if (err == NULL)
		err = options.err;
	if (err == NULL)
		err = pattern_set_check(options.patterns);
	if (err == NULL)
		err = symbol_options_finish(&options.symbols);
	if (err == NULL)
		err = funcs_main(&options);
	pattern_set_destroy(options.patterns);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_funcs = {
	.name = "funcs",
	.summary = "List the functions of a program that could be probed",
	.run = funcs_run,
	.argp = &funcs_argp,
};
