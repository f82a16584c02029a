/* Where symbols come from, as options; see symbol_options.h. Cli layer. */
#include "tracer/cli/record/symbol_options.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "symbols/elf/debuginfod.h"

/* Keys of options without a letter; those of the commands themselves lie below. */
enum { OPTION_DEBUGINFOD = 768, OPTION_DEBUG_DIR, OPTION_SYSROOT };

static const struct argp_option symbol_argp_options[] = {
	{ "debuginfod", OPTION_DEBUGINFOD, NULL, 0,
	  "Ask the servers in DEBUGINFOD_URLS for the debug files of stripped programs", 0 },
	{ "debug-dir", OPTION_DEBUG_DIR, "DIR[:DIR...]", 0,
	  "Look for debug files in DIR before /usr/lib/debug", 0 },
	{ "sysroot", OPTION_SYSROOT, "DIR", 0,
	  "Look for debug files, and for unstripped copies, in DIR as if it were /", 0 },
	{ 0 },
};

static error_t symbol_parse(int key, char *arg, struct argp_state *state)
{
	struct symbol_options *options = state->input;

	switch (key) {
	case OPTION_DEBUGINFOD:
		options->sources.asks_servers = true;
		return 0;
	case OPTION_DEBUG_DIR:
		options->sources.debug_dirs = arg;
		return 0;
	case OPTION_SYSROOT:
		options->sources.sysroot = arg;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

const struct argp symbol_argp = { .options = symbol_argp_options, .parser = symbol_parse };

static struct error *check_directory(const char *option, const char *path, size_t bytes)
{
	struct stat status;
	char *copy = strndup(path, bytes);

	if (copy == NULL)
		return error_no_memory();
	bool is_directory = stat(copy, &status) == 0 && S_ISDIR(status.st_mode);
	struct error *err =
		is_directory
			? NULL
			: error_new(ERR_USAGE, "--%s %s: there is no such directory", option, copy);
	free(copy);
	return err;
}

/* A download is over when all is done; the next one is another. */
static void show_progress(void *data, uint64_t done, uint64_t total)
{
	if (total > 0 && done >= total)
		progress_bar_end(data);
	else
		progress_bar_step(data, done, total);
}

struct error *symbol_options_finish(struct symbol_options *options)
{
	const char *next = options->sources.debug_dirs, *sysroot = options->sources.sysroot;
	struct error *err = NULL;

	while (err == NULL && next != NULL && *next != '\0') {
		size_t bytes = strcspn(next, ":");
		if (bytes > 0)
			err = check_directory("debug-dir", next, bytes);
		next += bytes + (next[bytes] == ':');
	}
	if (err == NULL && sysroot != NULL)
		err = check_directory("sysroot", sysroot, strlen(sysroot));
	if (err == NULL && options->sources.asks_servers && !debuginfod_is_configured())
		err = error_new(
			ERR_USAGE,
			"--debuginfod: DEBUGINFOD_URLS names no server; for Debian's: export "
			"DEBUGINFOD_URLS=https://debuginfod.debian.net");
	progress_bar_init(&options->bar, "from debuginfod servers");
	options->sources.progress = show_progress;
	options->sources.progress_data = &options->bar;
	return err;
}
