/* The words around a report's tables; see report_words.h. Plot layer. */
#include "plot/report/report_words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plot/parts/part_list.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_peak.h"
#include "plot/text/text.h"
#include "plot/text/text_columns.h"
#include "tracer/base/utf8.h"

/* Cut to the width, where there is one. Without memory nothing is written. */
static void put_fit(FILE *out, const char *text, size_t width)
{
	char *fit = width > 0 ? text_fit_columns(text, width) : NULL;

	if (width == 0 || fit != NULL)
		fputs(fit != NULL ? fit : text, out);
	free(fit);
}

static void put_command(FILE *out, const struct profile *profile, size_t width)
{
	const char *command = profile_command(profile);
	char *path = text_printable(profile->path, false);
	size_t used = path != NULL ? text_columns(path) : 0;

	if (path != NULL)
		fputs(path, out);
	free(path);
	if (command != NULL) {
		fputs(": ", out);
		put_fit(out, command, width > used + 2 ? width - used - 2 : width);
	}
	putc('\n', out);
}

static void put_times(FILE *out, const struct profile *profile,
		      const struct report_options *options)
{
	char date[TEXT_DATE_BYTES], duration[TEXT_FIGURE_BYTES], interval[TEXT_FIGURE_BYTES];

	text_format_date(date, profile->first_ns);
	text_format_duration(duration, profile->last_ns - profile->first_ns);
	fprintf(out, "  %s%srecorded for %s", date, date[0] != '\0' ? ", " : "", duration);
	if (profile->interval_ns > 0) {
		text_format_duration(interval, profile->interval_ns);
		fprintf(out, ", a sample every %s", interval);
	}
	if (options->has_window)
		fprintf(out, "; of it %.6g s to %.6g s", (double)options->from_ns / 1e9,
			(double)options->to_ns / 1e9);
	putc('\n', out);
}

/* The children, in one case at least two, are worth a sum. */
static size_t count_children(const struct profile *profile, const struct profile_totals *totals)
{
	size_t count = 0;

	for (size_t i = 1; i < profile->process_count; i++)
		count += !profile->processes[i].is_hidden &&
			 process_totals_has_memory(&totals->processes[i]);
	return count;
}

static void put_peak(FILE *out, const struct process_totals *totals, const char *metric)
{
	char memory[TEXT_FIGURE_BYTES];

	text_format_memory(memory, totals->peak_mib);
	fprintf(out, "%s%s%s%s", memory, metric[0] != '\0' ? " (" : "", metric,
		metric[0] != '\0' ? ")" : "");
}

/* What the main curve's memory was made of at its peak. */
static void put_parts(FILE *out, const struct profile *profile, const struct profile_totals *totals,
		      size_t width)
{
	enum { NAMED = 8 };
	static const char words[] = "  at the peak: ";
	struct part_list list = { 0 };
	const int64_t peak_ns = totals->processes[0].seen_ns;

	if (peak_ns == PROFILE_TIME_UNKNOWN || profile->processes[0].is_hidden)
		return;
	struct error *err = part_list_init(&list, profile, 0, peak_ns);
	char *text = err == NULL && list.count > 0 ? part_list_format(&list, NAMED) : NULL;
	if (text != NULL) {
		fputs(words, out);
		put_fit(out, text, width > strlen(words) ? width - strlen(words) : width);
		putc('\n', out);
	}
	error_free(err);
	free(text);
	part_list_deinit(&list);
}

static void put_peaks(FILE *out, const struct profile *profile, const struct profile_totals *totals,
		      size_t width)
{
	const struct process_totals *main_process = &totals->processes[0];
	size_t children = count_children(profile, totals);
	size_t highest = profile_totals_highest_child(totals, profile);
	char metric[METRIC_LABEL_BYTES], memory[TEXT_FIGURE_BYTES];
	bool is_least;

	if (process_totals_has_memory(main_process) && !profile->processes[0].is_hidden) {
		metric_label(profile, metric);
		fputs("  peak ", out);
		put_peak(out, main_process, metric);
		putc('\n', out);
	}
	put_parts(out, profile, totals, width);
	if (children == 0)
		return;
	metric_label_single(profile, metric);
	fprintf(out, "  highest of %zu child%s: ", children, children > 1 ? "ren" : "");
	put_peak(out, &totals->processes[highest], metric);
	fprintf(out, ", pid %" PRId32 "\n", totals->processes[highest].pid);
	if (totals->tree.peak_ns == PROFILE_TIME_UNKNOWN || profile->is_tree)
		return;
	text_format_memory(memory, profile_together_mib(profile, totals->tree.peak_mib, &is_least));
	if (is_least)
		fprintf(out, "  all together: at least %s\n", memory);
	else
		fprintf(out, "  all together: %s at %.3f s\n", memory,
			(double)(totals->tree.peak_ns - profile->first_ns) / 1e9);
}

/* They are a table of their own. */
static void put_lines(FILE *out, const struct profile *profile)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->lines.count; i++) {
		const struct line_block *block = &profile->lines.blocks[i];
		count += block->count > 0 && !profile->processes[block->process].is_hidden;
	}
	char *path = count > 0 ? text_printable(profile->path, false) : NULL;
	if (path != NULL)
		fprintf(out, "  lines were recorded: mprof-trace lines %s prints them\n", path);
	free(path);
}

void report_put_head(FILE *out, const struct profile *profile, const struct profile_totals *totals,
		     const struct report_options *options)
{
	put_command(out, profile, options->width);
	put_times(out, profile, options);
	put_peaks(out, profile, totals, options->width);
	put_lines(out, profile);
}

void report_put_json_head(struct json_writer *json, const struct profile *profile,
			  const struct profile_totals *totals, const struct report_options *options)
{
	bool has_tree = totals->tree.peak_ns != PROFILE_TIME_UNKNOWN, is_least;

	json_open_object(json, NULL);
	json_put_string(json, "profile", profile->path);
	json_put_string(json, "command", totals->command);
	json_put_string(json, "command_line", profile->command_line);
	json_put_string(json, "metric", profile->metric);
	json_put_bool(json, "main_is_sum", profile->is_tree);
	json_put_seconds(json, "start_epoch_s", profile->first_ns);
	json_put_seconds(json, "duration_s", profile->last_ns - profile->first_ns);
	json_put_seconds(json, "interval_s", profile->interval_ns);
	if (options->has_window) {
		json_put_seconds(json, "window_from_s", options->from_ns);
		json_put_seconds(json, "window_to_s", options->to_ns);
	}
	json_put_count(json, "damaged_lines", profile->damaged_lines);
	if (has_tree) {
		json_put_number(json, "together_peak_mib",
				profile_together_mib(profile, totals->tree.peak_mib, &is_least));
		if (is_least)
			json_put_null(json, "together_peak_at_s");
		else
			json_put_seconds(json, "together_peak_at_s",
					 totals->tree.peak_ns - profile->first_ns);
	}
}

static void put_marks(FILE *out, const struct report_one *one)
{
	if (one->has_held)
		fprintf(out,
			"%s memory that was held: not read then, but the last known of the "
			"process\n",
			REPORT_MARK_HELD);
	if (one->has_at_most)
		fprintf(out, "%s at most: condensed calls may have been within\n",
			REPORT_MARK_AT_MOST);
	if (one->has_at_least)
		fprintf(out, "%s still there when the recording ended\n", REPORT_MARK_AT_LEAST);
}

struct error *report_put_table(FILE *out, const struct report_one *one,
			       const struct report_options *options)
{
	if (one->table->row_count == 0)
		return NULL;
	putc('\n', out);
	struct error *err = table_print(one->table, out, options->width);
	if (err != NULL)
		return err;
	if (one->left_out > 0)
		fprintf(out, "… and %zu more %s\n", one->left_out,
			one->kind == REPORT_GROWTH ? "functions" : report_table_name(one->kind));
	put_marks(out, one);
	return NULL;
}

void report_put_missing(FILE *out, const struct profile *profile)
{
	static const size_t most = 5;

	for (size_t i = 0; i < profile->missed_count && i < most; i++)
		fprintf(out, "%sno calls of %s: %s\n", i == 0 ? "\n" : "",
			profile->missed[i].pattern, profile->missed[i].reason);
	if (profile->missed_count > most)
		fprintf(out, "nor of %zu other patterns\n", profile->missed_count - most);
	for (size_t i = 0; i < profile->left_count && i < most; i++) {
		if (profile_find_left(profile, profile->left[i].name) != &profile->left[i])
			continue;
		fprintf(out, "%s: not recorded any more from %.3f s on (--max-overhead)\n",
			profile->left[i].name,
			(double)(profile->left[i].at_ns - profile->first_ns) / 1e9);
	}
}
