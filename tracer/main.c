/*
 * mprof-trace: looks up the command, runs it, prints its error, exits with its status.
 * The only place that prints an error and the only one that knows all commands.
 */
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/edit_distance.h"
#include "tracer/base/log.h"
#include "tracer/cli/command.h"
#include "tracer/cli/complete/complete.h"
#include "tracer/cli/options/version_text.h"

static const struct command *const commands[] = {
	&cmd_run,    &cmd_attach, &cmd_live,  &cmd_plot, &cmd_peak,	&cmd_report,
	&cmd_diff,   &cmd_check,  &cmd_list,  &cmd_rm,	 &cmd_clean,	&cmd_funcs,
	&cmd_export, &cmd_memit,  &cmd_lines, &cmd_mark, &cmd_perfdata,
};
static const size_t command_count = sizeof(commands) / sizeof(commands[0]);

/* env(1)'s statuses, for failures that are ours and not the program's. */
enum { STATUS_FAILED = 125, STATUS_NOT_EXECUTABLE = 126, STATUS_NOT_FOUND = 127 };

static void print_help(void)
{
	printf("Usage: mprof-trace [run] [-f FUNCTION,...] [OPTION...] PROGRAM [ARG...]\n"
	       "  or:  mprof-trace attach [-f FUNCTION,...] [OPTION...] PID|NAME...\n"
	       "  or:  mprof-trace COMMAND [OPTION...] [ARG...]\n"
	       "Records a program's memory over time, and where chosen functions start and end;\n"
	       "then plots it.\n\nCommands:\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-8s %s\n", commands[i]->name, commands[i]->summary);
	printf("\nFirst steps:\n"
	       "  mprof-trace -f main,parse ./program    record; main and parse get brackets\n"
	       "  mprof-trace plot                       look at the newest recording\n"
	       "\n'mprof-trace COMMAND --help' lists a command's options; 'man mprof-trace' says "
	       "more,\nand 'man mprof-trace-tutorial' has stories to follow.\n");
}

static const struct command *command_find(const char *word)
{
	for (size_t i = 0; i < command_count; i++) {
		if (strcmp(commands[i]->name, word) == 0)
			return commands[i];
	}
	return NULL;
}

/* @word was taken for a program, and is none: perhaps a command was meant. NULL: none is called much like it. */
static const char *command_meant(const char *word)
{
	struct nearest_word nearest;

	nearest_word_init(&nearest, word, strlen(word));
	for (size_t i = 0; i < command_count; i++)
		nearest_word_offer(&nearest, commands[i]->name);
	return nearest.word;
}

static int status_of_error(const struct error *err)
{
	switch (error_code(err)) {
	case ERR_NOT_FOUND:
		return STATUS_NOT_FOUND;
	case ERR_NOT_EXEC:
		return STATUS_NOT_EXECUTABLE;
	default:
		return STATUS_FAILED;
	}
}

/*
 * Where stderr is closed, the next file that is opened would be it, and have our messages in it. The
 * program that is run finds closed what was closed.
 */
static void fill_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDWR | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

int main(int argc, char **argv)
{
	fill_standard_descriptors();
	setlocale(LC_CTYPE, "");
	if (argc < 2) {
		print_help();
		return STATUS_FAILED;
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		print_help();
		return EXIT_SUCCESS;
	}
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		version_text_print(stdout);
		return EXIT_SUCCESS;
	}
	if (strcmp(argv[1], "--complete") == 0) {
		complete_run(commands, command_count, argc, argv);
		return EXIT_SUCCESS;
	}

	/* A bare `mprof-trace [options] PROGRAM` is `run`; `./plot` runs a program of that name. */
	const struct command *command = command_find(argv[1]);
	int words = command == NULL ? 0 : 1;
	if (command == NULL)
		command = &cmd_run;

	char name[64];
	snprintf(name, sizeof(name), "mprof-trace%s%s", words ? " " : "",
		 words ? command->name : "");
	argv[words] = name;
	int status = EXIT_SUCCESS;
	struct error *err = command->run(argc - words, argv + words, &status);
	if (err != NULL) {
		const char *meant = words == 0 && error_code(err) == ERR_NOT_FOUND
					    ? command_meant(argv[1])
					    : NULL;
		log_error("%s%s%s%s%s", error_message(err),
			  error_code(err) == ERR_USAGE ? " (see --help)" : "",
			  meant ? "; did you mean 'mprof-trace " : "", meant ? meant : "",
			  meant ? "'?" : "");
		status = status_of_error(err);
		error_free(err);
	}
	return status;
}
