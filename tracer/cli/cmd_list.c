/* mprof-trace list: the profiles of the current directory, with their indices (cli layer). */
#include <argp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile.h"
#include "plot/text/table.h"
#include "tracer/base/log.h"
#include "tracer/base/metric.h"
#include "tracer/cli/command.h"
#include "tracer/cli/options/command_options.h"
#include "tracer/cli/profiles/profile_entry.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/terminal_width.h"

enum { KEY_JSON = 256 };

static const struct argp_option argp_options[] = {
	{ "json", KEY_JSON, NULL, 0, "Print an array of objects, for programs", 0 },
	{ 0 },
};

static const char doc[] =
	"Lists the profiles of the current directory: index, file, start, duration, peak memory of "
	"the main process, number of processes, and command line.\v"
	"The index can be given to plot, peak and rm; -1 is the newest. Profiles that run -o has "
	"called otherwise have none: give their names. Of a file above 16 MiB only the start and "
	"the "
	"end are read, and figures that may be higher are marked so.";

struct list {
	struct profile_entry *entries;
	size_t count;
	bool is_json;
	bool has_metric; /* some entry's memory is not the resident set */
	bool has_cut;	 /* some entry has no end */
};

enum list_column {
	LIST_INDEX,
	LIST_FILE,
	LIST_STARTED,
	LIST_START,
	LIST_DURATION,
	LIST_PEAK,
	LIST_METRIC,
	LIST_PROCESSES,
	LIST_STATE,
	LIST_PARTIAL,
	LIST_FAULT,
	LIST_COMMAND,
	LIST_COLUMNS,
};

static bool is_plain_metric(const struct profile_entry *entry)
{
	/* mprof knows resident memory only, or does not say. */
	return entry->metric[0] == '\0' ||
	       strcmp(entry->metric, metric_traits(METRIC_RSS)->title) == 0;
}

static void put_text(struct table_cell *cell, const char *text)
{
	cell->is_known = text != NULL && text[0] != '\0';
	cell->text = text;
}

static void fill_figures(const struct profile_entry *entry, struct table_cell *cells)
{
	const char *at_least = entry->is_partial ? "\xe2\x89\xa5" : NULL; /* U+2265 */

	cells[LIST_DURATION] = (struct table_cell){ .is_known = true, .ns = entry->duration_ns };
	cells[LIST_PEAK] = (struct table_cell){ .is_known = true,
						.mark = at_least,
						.number = entry->peak_mib };
	cells[LIST_PROCESSES] = (struct table_cell){ .is_known = true,
						     .mark = at_least,
						     .count = entry->process_count };
	put_text(&cells[LIST_STATE], entry->state);
	cells[LIST_PARTIAL] = (struct table_cell){ .is_known = true, .flag = entry->is_partial };
}

static void fill_row(void *data, size_t row, struct table_cell *cells)
{
	const struct list *list = data;
	const struct profile_entry *entry = &list->entries[row];

	cells[LIST_INDEX].is_known = entry->index >= 0;
	cells[LIST_INDEX].integer = entry->index;
	put_text(&cells[LIST_FILE], entry->path);
	put_text(&cells[LIST_STARTED], entry->started);
	cells[LIST_START].is_known = entry->start_ns != PROFILE_TIME_UNKNOWN;
	cells[LIST_START].ns = entry->start_ns;
	if (entry->fault == NULL)
		fill_figures(entry, cells);
	put_text(&cells[LIST_METRIC], entry->metric);
	put_text(&cells[LIST_FAULT], entry->fault);
	put_text(&cells[LIST_COMMAND],
		 entry->fault != NULL && !list->is_json ? entry->fault : entry->command);
}

static struct error *print_list(struct list *list)
{
	const struct table_column columns[LIST_COLUMNS] = {
		[LIST_INDEX] = { "", "index", TABLE_INTEGER, 0 },
		[LIST_FILE] = { "file", "file", TABLE_WHOLE, 0 },
		[LIST_STARTED] = { "started", "started", TABLE_WHOLE, 5 },
		[LIST_START] = { "start", "start_s", TABLE_MOMENT, TABLE_DATA_ONLY },
		[LIST_DURATION] = { "duration", "duration_s", TABLE_DURATION, 1 },
		[LIST_PEAK] = { "peak", "peak_mib", TABLE_MEMORY, 0 },
		[LIST_METRIC] = { "memory", "metric", TABLE_TEXT,
				  list->has_metric ? 3 : TABLE_DATA_ONLY },
		[LIST_PROCESSES] = { "processes", "processes", TABLE_COUNT, 2 },
		[LIST_STATE] = { "state", "state", TABLE_WHOLE,
				 list->has_cut ? 4 : TABLE_DATA_ONLY },
		[LIST_PARTIAL] = { "partial", "is_partial", TABLE_FLAG, TABLE_DATA_ONLY },
		[LIST_FAULT] = { "fault", "fault", TABLE_TEXT, TABLE_DATA_ONLY },
		[LIST_COMMAND] = { "command", "command", TABLE_TEXT, 0 },
	};
	const struct table table = {
		.columns = columns,
		.column_count = LIST_COLUMNS,
		.row_count = list->count,
		.fill = fill_row,
		.data = list,
	};
	struct json_writer json;

	if (!list->is_json)
		return table_print(&table, stdout, terminal_width());
	json_init(&json, stdout, 1);
	table_write_json(&table, &json, NULL);
	return json_finish(&json, "standard output");
}

static struct error *read_all(struct list *list, const struct profile_files *files,
			      bool have_indices)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < files->count; i++) {
		struct profile_entry *entry = &list->entries[list->count];
		err = profile_entry_read(entry, files->paths[i], have_indices ? (long)i : -1);
		if (err != NULL)
			break;
		list->count++;
		list->has_metric |= !is_plain_metric(entry);
		list->has_cut |= entry->state[0] != '\0' && strcmp(entry->state, "whole") != 0;
	}
	return err;
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct list *list = state->input;

	(void)arg;
	switch (key) {
	case KEY_JSON:
		list->is_json = true;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static const struct argp argp = { argp_options, parse_option, NULL, doc, NULL, NULL, NULL };

static struct error *list_run(int argc, char **argv, int *ret_status)
{
	struct profile_files files = { 0 }, others = { 0 };
	struct list list = { 0 };

	struct error *err = command_options_parse(&argp, argc, argv, 0, &list);
	if (err == NULL)
		err = profile_files_list(&files);
	if (err == NULL)
		err = profile_files_list_others(&others);
	list.entries = calloc(files.count + others.count + 1, sizeof(*list.entries));
	if (err == NULL && list.entries == NULL)
		err = error_no_memory();
	if (err == NULL)
		err = read_all(&list, &files, true);
	if (err == NULL)
		err = read_all(&list, &others, false);
	if (err == NULL && list.count == 0)
		log_info("no profile in the current directory: 'mprof-trace run' records one");
	if (err == NULL && (list.count > 0 || list.is_json))
		err = print_list(&list);
	for (size_t i = 0; i < list.count; i++)
		profile_entry_deinit(&list.entries[i]);
	free(list.entries);
	profile_files_deinit(&files);
	profile_files_deinit(&others);
	*ret_status = EXIT_SUCCESS;
	return err;
}

const struct command cmd_list = { "list", "List the profiles of this directory", list_run, &argp };
