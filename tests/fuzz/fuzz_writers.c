/*
 * Fuzzes what is written of a profile for other programs: each format of export, the page, reports as CSV and JSON,
 * lines as JSON, verdicts as XML and Markdown; whatever the profile holds, what comes out is well-formed
 * (libFuzzer, with ASan and UBSan). Built by tests/fuzz/build.sh.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plot/compare/verdict_files.h"
#include "plot/export/export.h"
#include "plot/html/html_page.h"
#include "plot/lines/line_table.h"
#include "plot/records/profile_reader.h"
#include "plot/report/report.h"
#include "plot/report/usage.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/sound.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

typedef const char *sound_check(const char *text, size_t bytes);

struct output {
	FILE *out;
	char *text;
	size_t bytes;
};

static void output_open(struct output *output)
{
	*output = (struct output){ 0 };
	output->out = open_memstream(&output->text, &output->bytes);
	require(output->out != NULL);
}

/* What failed has written nothing that anybody would read. */
static void output_check(struct output *output, struct error *err, sound_check *check)
{
	require(fclose(output->out) == 0);
	if (err == NULL && check != NULL)
		sound_require(check(output->text, output->bytes), output->text, output->bytes);
	error_free(err);
	free(output->text);
}

static void export(const char *path, unsigned choice)
{
	static sound_check *const checks[EXPORT_KINDS] = {
		[EXPORT_CSV_SAMPLES] = sound_csv,      [EXPORT_CSV_CALLS] = sound_csv,
		[EXPORT_CSV_PARTS] = sound_csv,	       [EXPORT_CSV_COMPANIONS] = sound_csv,
		[EXPORT_CSV_LINES] = sound_csv,	       [EXPORT_JSON] = sound_json,
		[EXPORT_CHROME] = sound_json,	       [EXPORT_SPEEDSCOPE] = sound_json,
		[EXPORT_FOLDED_TIME] = sound_folded,   [EXPORT_FOLDED_MEMORY] = sound_folded,
		[EXPORT_STACKS_TIME] = sound_folded,   [EXPORT_STACKS_MEMORY] = sound_folded,
		[EXPORT_FOLDED_GROWTH] = sound_folded,
	};
	const uint64_t most_bytes = choice & 16 ? 0 : choice & 32 ? 500 : 4000;
	struct export_reduction reduction = { 0 };
	struct export_source source;
	struct output output;
	const enum export_kind kind = (choice & 15) % EXPORT_KINDS;

	struct error *err = export_source_open(&source, path);
	if (err == NULL) {
		output_open(&output);
		err = export_write(&source, kind, most_bytes, output.out, &reduction);
		output_check(&output, err, checks[kind]);
		export_source_close(&source);
	} else {
		error_free(err);
	}
}

/* Begins and ends of scripts, in one number. */
static size_t count_scripts(const char *text, const char *end)
{
	size_t count = 0;

	for (; (text = memchr(text, '<', (size_t)(end - text))) != NULL; text++) {
		if (end - text > 7 && strncasecmp(text + 1, "script", 6) == 0)
			count += 1000;
		else if (end - text > 8 && strncasecmp(text + 1, "/script", 7) == 0)
			count++;
	}
	return count;
}

/* The data in the page is JSON, and nothing in it is markup; and all others have the page's own elements. */
static const char *check_page(const char *text, size_t bytes)
{
	static const char begin[] = "id=\"payload\">";
	static size_t scripts;
	const char *data = strstr(text, begin);

	if (strlen(text) != bytes || data == NULL)
		return "a page without data, or with a NUL";
	data += strlen(begin);
	const char *end = strstr(data, "</script");
	if (end == NULL || memchr(data, '<', (size_t)(end - data)) != NULL)
		return "data with markup in it";
	const char *why = sound_json(data, (size_t)(end - data));
	const size_t count = count_scripts(text, text + bytes);
	if (scripts == 0)
		scripts = count;
	if (why == NULL && scripts != count)
		return "a script too many";
	return why != NULL ? why : sound_utf8(text, bytes);
}

static void write_page(const struct profile *profiles, size_t count, unsigned choice)
{
	const struct html_source source = {
		.profiles = profiles,
		.count = count,
		.title = choice & 4 ? "</script><!--" : NULL,
		.children = choice & 8 ? 1 : SIZE_MAX - 1,
		.no_calls = choice & 16,
		.has_window = choice & 32,
		.window_end_ns = 2000000000,
		.zero = choice & 2 ? "</script>" : NULL,
	};
	struct output output;

	output_open(&output);
	struct error *err = html_page_write(&source, output.out);
	output_check(&output, err, check_page);
}

static void write_report(const struct profile *profile, unsigned choice)
{
	const enum report_format format = choice & 1   ? REPORT_JSON
					  : choice & 2 ? REPORT_CSV
						       : REPORT_TEXT;
	struct report_options options = { .format = format,
					  .top = choice & 4 ? 1 : 0,
					  .width = choice & 8 ? 80 : 0,
					  .names_file = choice & 16 };
	struct report report;
	struct output output;

	if (format == REPORT_CSV)
		options.wants[choice / 32 % REPORT_TABLES] = true;
	else
		memset(options.wants, 1, sizeof(options.wants));
	output_open(&output);
	report_begin(&report, &options, output.out);
	struct error *err = report_add(&report, profile);
	if (err == NULL)
		err = report_end(&report);
	output_check(&output, err,
		     format == REPORT_JSON  ? sound_json
		     : format == REPORT_CSV ? sound_csv
					    : sound_utf8);
}

static void write_lines(const struct profile *profile, unsigned choice)
{
	struct source_store *sources;
	struct output output;

	require(source_store_create(NULL, 0, &sources) == NULL);
	const struct line_table table = { .profile = profile,
					  .sources = sources,
					  .precision = choice & 7 };
	output_open(&output);
	struct error *err = line_table_write_json(&table, output.out, "text");
	output_check(&output, err, sound_json);
	source_store_destroy(sources);
}

static void write_usage(const struct profile *profile, unsigned choice)
{
	struct usage usage = { .wanted = 1, .interval_s = 0.1 };
	struct mark_list marks = { 0 };
	struct output output;

	struct error *err = usage_add(&usage, profile, &marks, 0);
	output_open(&output);
	if (err == NULL)
		err = usage_write_json(&usage, choice & 1 ? &usage : NULL, output.out);
	output_check(&output, err, sound_json);
	usage_deinit(&usage);
}

/* No line of a table is broken in two. */
static const char *check_markdown(const char *text, size_t bytes)
{
	for (const char *line = text; line < text + bytes; line++) {
		const char *end = memchr(line, '\n', (size_t)(text + bytes - line));
		if (end == NULL)
			return "a line without an end";
		if (*line == '|' && end[-1] != '|')
			return "a row of a table that is broken";
		line = end;
	}
	return sound_utf8(text, bytes);
}

static void write_verdicts(const struct profile *profile, unsigned choice)
{
	static const char *const texts[] = { "peak>1M",		"gain>+0.5M",	   "calls>=1",
					     "time>1us",	"processes:*>0",   "slope>1M/s",
					     "peak:python3<1M", "gain:</b>&\"'>1M" };
	struct conditions conditions = { 0 };
	struct figure_group group = { 0 };
	struct condition condition;
	struct verdicts verdicts;
	struct figures figures;
	struct output output;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		require_none(condition_parse(texts[i], &condition));
		require(conditions_add(&conditions, &condition) == NULL);
	}
	struct error *err = figures_init(&figures, profile, 12.5);
	if (err == NULL)
		err = figure_group_add(&group, &figures);
	if (err == NULL)
		err = figure_group_finish(&group);
	if (err == NULL)
		err = verdicts_init(&verdicts, &conditions, NULL, &group);
	if (err == NULL) {
		output_open(&output);
		err = choice & 1 ? verdicts_write_junit(&verdicts, &group, "a<b", output.out)
				 : verdicts_write_markdown(&verdicts, &group, "a<b", output.out);
		output_check(&output, err, choice & 1 ? sound_xml : check_markdown);
		verdicts_deinit(&verdicts);
	} else {
		error_free(err);
	}
	figure_group_deinit(&group);
	conditions_deinit(&conditions);
}

static void write_profile(struct profile *profile, unsigned how, unsigned choice)
{
	switch (how) {
	case 0:
		write_page(profile, 1, choice);
		break;
	case 1:
		write_report(profile, choice);
		break;
	case 2:
		write_lines(profile, choice);
		break;
	case 3:
		write_usage(profile, choice);
		break;
	default:
		write_verdicts(profile, choice);
	}
}

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	sound_test();
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	static int fd = -1; /* one file for all inputs */
	static char path[64];
	struct profile profile;

	if (bytes < 2)
		return 0;
	if (fd < 0) {
		fd = memfd_create("profile", MFD_CLOEXEC);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	/* The first byte chooses what is written, the second how. */
	const unsigned what = data[0], choice = data[1];
	require(ftruncate(fd, 0) == 0 &&
		pwrite(fd, data + 2, bytes - 2, 0) == (ssize_t)(bytes - 2));
	if (what & 1) {
		export(path, choice);
		return 0;
	}
	struct error *err = profile_read(&profile, path);
	if (err == NULL) {
		write_profile(&profile, what / 2 % 5, choice);
		profile_deinit(&profile);
	}
	error_free(err);
	return 0;
}
