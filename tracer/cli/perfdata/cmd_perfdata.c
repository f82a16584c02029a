/* mprof-trace perfdata: what perf record has recorded of a traced program, so that perf unwinds jump pads (cli layer). */
#include <argp.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plot/records/profile_reader.h"
#include "tracer/arch/arch.h"
#include "tracer/arch/pad_file.h"
#include "tracer/base/log.h"
#include "tracer/base/output_file.h"
#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/perf/perf_data.h"
#include "tracer/probe/patch/slot_arena.h"

struct perfdata_command {
	const char *input, *output; /* NULL: not said */
	bool is_several;	    /* recordings */
};

static const struct argp_option argp_options[] = {
	{ "output", 'o', "FILE", 0, "Write to FILE, and what perf needs to FILE.so", 0 },
	{ 0 },
};

static const char doc[] =
	"Copies what 'perf record --call-graph dwarf' has written while a program was traced, so "
	"that perf finds the callers of the jumps' code there.\v"
	"PERF.DATA is perf.data by default. Keep FILE.so, which the copy names, beside it.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct perfdata_command *command = state->input;

	switch (key) {
	case 'o':
		command->output = arg;
		return 0;
	case ARGP_KEY_ARG:
		command->is_several = command->input != NULL;
		command->input = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/*
 * Pads and copies of displaced code are in chunks, or in single pages (slot_arena.h). The kernel makes one mapping of several
 * that meet.
 */
static bool may_be_ours(const struct perf_nameless *code)
{
	enum { CHUNKS_MOST = 64, PAGES_MOST = 8 };

	return code->bytes > 0 && code->bytes <= (uint64_t)CHUNKS_MOST * SLOT_CHUNK_BYTES &&
	       code->bytes % SLOT_CHUNK_BYTES <= (uint64_t)PAGES_MOST * ARCH_PAGE_BYTES;
}

/* It is there already, from an earlier time. Something else that is called so is not lost. */
static struct error *check_pad_file(const char *path, const void *bytes, size_t count,
				    bool *ret_is_there)
{
	char found[ARCH_PAGE_BYTES];
	FILE *file = fopen(path, "re");

	*ret_is_there = file != NULL;
	if (file == NULL)
		return errno == ENOENT ? NULL : error_os(errno, "cannot read %s", path);
	const size_t got = fread(found, 1, sizeof(found), file);
	fclose(file);
	if (got == count && memcmp(found, bytes, count) == 0)
		return NULL;
	return error_new(ERR_FAILED, "cannot write %s: another file is there", path);
}

static struct error *write_pad_file(const char *path, const void *bytes, size_t count)
{
	struct output_file file;

	struct error *err = output_file_open(&file, path);
	if (err == NULL && fwrite(bytes, 1, count, file.out) != count) {
		err = error_os(errno, "write");
		output_file_discard(&file);
	} else if (err == NULL) {
		err = output_file_commit(&file);
	}
	return error_context(err, "cannot write %s", path);
}

static struct error *write_copy(FILE *in, const char *input, const char *target,
				struct perf_renaming *renaming)
{
	struct output_file file;

	struct error *err = output_file_open(&file, target);
	if (err != NULL)
		return error_context(err, "cannot write %s", target);
	err = error_context(perf_data_rename(in, file.out, renaming), "%s", input);
	if (err == NULL && renaming->count == 0)
		err = error_new(ERR_FAILED,
				"%s tells of no code that jumps of mprof-trace lead to: was the "
				"program traced meanwhile, with --call-graph dwarf of perf?",
				input);
	if (err != NULL) {
		output_file_discard(&file);
		return err;
	}
	return error_context(output_file_commit(&file), "cannot write %s", target);
}

/* For perf, wherever it is started. */
static struct error *make_absolute(char path[static PATH_MAX], const char *end)
{
	char directory[PATH_MAX], copy[PATH_MAX];

	memcpy(copy, path, PATH_MAX);
	if (copy[0] != '/' && getcwd(directory, sizeof(directory)) == NULL)
		return error_os(errno, "the current directory");
	const int bytes = copy[0] == '/'
				  ? snprintf(path, PATH_MAX, "%s%s", copy, end)
				  : snprintf(path, PATH_MAX, "%s/%s%s", directory, copy, end);
	return bytes >= PATH_MAX ? error_os(ENAMETOOLONG, "cannot write %s", copy) : NULL;
}

static bool is_same_file(FILE *in, const char *path)
{
	struct stat a, b;

	return fstat(fileno(in), &a) == 0 && stat(path, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static struct error *rewrite(FILE *in, const struct perfdata_command *command)
{
	struct perf_renaming renaming = { .is_wanted = may_be_ours,
					  .piece_bytes = ARCH_PAD_FILE_BYTES };
	char target[PATH_MAX], pads[PATH_MAX];
	bool is_there = false;
	size_t count;
	const void *bytes = arch_pad_file(&count);

	if (is_same_file(in, command->output))
		return error_new(ERR_USAGE, "%s is the recording itself: -o names another file",
				 command->output);
	struct error *err = output_file_check(command->output, profile_is_profile, target);
	if (err != NULL)
		return err;
	memcpy(pads, target, sizeof(pads));
	err = make_absolute(pads, ".so");
	if (err == NULL)
		err = check_pad_file(pads, bytes, count, &is_there);
	renaming.path = pads;
	if (err == NULL)
		err = write_copy(in, command->input, target, &renaming);
	if (err == NULL && !is_there)
		err = write_pad_file(pads, bytes, count);
	if (err == NULL)
		log_info("%s has the callers of what jumps lead to: perf report -i %s",
			 command->output, command->output);
	return err;
}

static struct error *check_command(struct perfdata_command *command)
{
	size_t count;

	if (arch_pad_file(&count) == NULL)
		return error_new(ERR_FAILED, "there are no jumps on this processor yet");
	if (command->is_several)
		return error_new(ERR_USAGE, "one recording at a time");
	if (command->output == NULL)
		return error_new(ERR_USAGE, "say with -o where to write to");
	if (command->input == NULL)
		command->input = "perf.data";
	return NULL;
}

static const struct argp argp = {
	argp_options, parse_option, "[PERF.DATA]", doc, NULL, NULL, NULL,
};

static struct error *perfdata_run(int argc, char **argv, int *ret_status)
{
	struct perfdata_command command = { 0 };

	struct error *err = command_options_parse(&argp, argc, argv, 0, &command);
	if (err == NULL)
		err = check_command(&command);
	if (err != NULL)
		return err;
	FILE *in = fopen(command.input, "re");
	if (in == NULL)
		return error_os(errno, "cannot read %s", command.input);
	/* As perf does: there are pieces of the program's memory in it. */
	umask(077);
	err = rewrite(in, &command);
	fclose(in);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_perfdata = { "perfdata", "Let perf unwind the code of jumps", perfdata_run,
				      &argp };
