/*
 * All that a profile holds, as one JSON object (plot layer).
 *
 * Lists that may be long are tables: the names of their columns, and rows. Times are seconds since "start",
 * which a double holds to the nanosecond.
 */
#include <string.h>

#include "plot/export/export_format.h"
#include "plot/export/row_text.h"
#include "plot/lines/line_table.h"
#include "plot/parts/part_view.h"
#include "plot/profile/metric_label.h"
#include "tracer/base/memory/companion.h"
#include "tracer/base/version.h"

/* The version of this format: raised when something gets another meaning. */
enum { EXPORT_JSON_VERSION = 1 };

/* null for a time that is not known. */
static void put_time(struct export_job *job, const char *key, int64_t time_ns)
{
	if (time_ns == PROFILE_TIME_UNKNOWN)
		json_put_null(&job->json, key);
	else
		json_put_seconds(&job->json, key, time_ns - job->zero_ns);
}

static void put_known(struct json_writer *json, const char *key, bool is_known, int64_t value)
{
	if (is_known)
		json_put_integer(json, key, value);
	else
		json_put_null(json, key);
}

static void put_process(struct export_job *job, const struct profile_process *process)
{
	struct json_writer *json = &job->json;

	json_open_object(json, NULL);
	put_known(json, "pid", process->pid != 0, process->pid);
	put_known(json, "parent_pid", process->parent_pid != 0, process->parent_pid);
	json_put_string(json, "command", process->command);
	put_time(job, "start", process->start_ns);
	put_time(job, "end", process->end_ns);
	put_known(json, "status", process->status >= 0, process->status);
	if (process->exact_peak_mib >= 0)
		json_put_number(json, "peak_mib", process->exact_peak_mib);
	else
		json_put_null(json, "peak_mib");
	json_put_count(json, "samples", process->series.total);
	if (process->series.total > 0)
		json_put_number(json, "highest_sample_mib", process->series.highest_mib);
	else
		json_put_null(json, "highest_sample_mib");
	put_time(job, "highest_sample_at",
		 process->series.total > 0 ? process->series.highest_ns : PROFILE_TIME_UNKNOWN);
	json_close(json);
}

static void put_recording(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct json_writer *json = &job->json;
	char start[NUMBER_TEXT_BYTES], metric[METRIC_LABEL_BYTES];

	number_text_seconds(start, job->zero_ns);
	metric_label_single(profile, metric);
	json_put_string(json, "format", "mprof-trace");
	json_put_integer(json, "version", EXPORT_JSON_VERSION);
	json_put_string(json, "program", "mprof-trace " MPROF_TRACE_VERSION);
	json_put_string(json, "command_line", profile->command_line);
	json_put_string(json, "metric", metric[0] != '\0' ? metric : NULL);
	json_put_bool(json, "main_is_sum_of_all", profile->is_tree);
	if (profile->interval_ns > 0)
		json_put_seconds(json, "interval", profile->interval_ns);
	else
		json_put_null(json, "interval");
	json_put_string(json, "start", start); /* too many digits for a double */
	json_put_seconds(json, "duration", profile->last_ns - job->zero_ns);
	json_put_count(json, "damaged_lines", profile->damaged_lines);
}

static void put_reduction(struct export_job *job)
{
	const struct export_reduction *reduction = job->reduction;
	struct json_writer *json = &job->json;

	if (!reduction->is_reduced) {
		json_put_null(json, "reduced");
		return;
	}
	json_open_object(json, "reduced");
	json_put_seconds(json, "column", reduction->column_ns);
	json_put_count(json, "dropped_calls", reduction->dropped_calls);
	json_put_seconds(json, "dropped_shorter_than", reduction->dropped_ns);
	json_put_count(json, "dropped_marks", reduction->dropped_marks);
	json_close(json);
}

static void put_threads(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct json_writer *json = &job->json;

	json_open_array(json, "threads");
	for (size_t i = 0; i < profile->thread_count; i++) {
		json_open_object(json, NULL);
		json_put_integer(json, "process", profile->threads[i].process);
		json_put_integer(json, "tid", profile->threads[i].tid);
		json_put_string(json, "name", profile->threads[i].name);
		json_close(json);
	}
	json_close(json);
}

static void put_names(struct export_job *job, const char *key, char *const *texts, size_t count)
{
	json_open_array(&job->json, key);
	for (size_t i = 0; i < count; i++) {
		json_begin_row(&job->json);
		row_put(job->out, texts[i]);
	}
	json_close(&job->json);
}

/* What tables name by its index. */
static void put_tracks(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct json_writer *json = &job->json;

	json_open_array(json, "parts");
	for (size_t i = 0; i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		json_open_object(json, NULL);
		json_put_integer(json, "process", part->process);
		json_put_string(json, "kind", part_traits(part->kind)->word);
		json_put_string(json, "part", part_title(part));
		json_put_string(json, "path", part->name[0] != '\0' ? part->name : NULL);
		json_close(json);
	}
	json_close(json);
	json_open_array(json, "companions");
	for (size_t i = 0; i < profile->companions.count; i++) {
		const struct profile_track *track = &profile->companions.tracks[i];
		json_open_object(json, NULL);
		json_put_integer(json, "process", track->process);
		json_put_string(json, "name", companion_traits(track->kind)->word);
		json_close(json);
	}
	json_close(json);
}

/* What the table of lines names by its index. */
static void put_line_book(struct export_job *job)
{
	const struct line_book *book = &job->profile->lines;
	struct json_writer *json = &job->json;

	json_open_array(json, "line_functions");
	for (size_t i = 0; i < book->count; i++) {
		const struct line_block *block = &book->blocks[i];
		json_open_object(json, NULL);
		json_put_string(json, "name", book->names.items[block->name].text);
		json_put_integer(json, "process", block->process);
		line_function_put_json(json, book, block);
		json_close(json);
	}
	json_close(json);
	json_open_array(json, "line_files");
	for (size_t i = 0; i < book->sources.count; i++)
		json_put_string(json, NULL, book->sources.items[i].text);
	json_close(json);
}

static struct error *json_begin(struct export_job *job)
{
	const struct profile *profile = job->profile;
	struct json_writer *json = &job->json;

	json_init(json, job->out, 2);
	json_open_object(json, NULL);
	put_recording(job);
	put_reduction(job);
	json_open_array(json, "processes");
	for (size_t i = 0; i < profile->process_count; i++)
		put_process(job, &profile->processes[i]);
	json_close(json);
	put_threads(job);
	put_names(job, "functions", job->function_texts, profile->function_count);
	put_names(job, "markers", job->marker_texts, profile->marker_count);
	put_tracks(job);
	put_line_book(job);
	json_open_array(json, "not_found");
	for (size_t i = 0; i < profile->missed_count; i++) {
		json_open_object(json, NULL);
		json_put_string(json, "pattern", profile->missed[i].pattern);
		json_put_string(json, "reason", profile->missed[i].reason);
		json_close(json);
	}
	json_close(json);
	json_open_array(json, "too_costly");
	for (size_t i = 0; i < profile->left_count; i++) {
		json_open_object(json, NULL);
		json_put_string(json, "name", profile->left[i].name);
		put_time(job, "from", profile->left[i].at_ns);
		json_put_count(json, "calls_before", profile->left[i].calls);
		json_close(json);
	}
	json_close(json);
	return NULL;
}

static void json_open(struct export_job *job, enum export_part part)
{
	static const struct {
		const char *name;
		const char *columns[12];
	} tables[EXPORT_PARTS] = {
		[EXPORT_SAMPLES] = { "samples", { "time", "process", "mib" } },
		[EXPORT_CALLS] = { "calls",
				   { "function", "process", "tid", "level", "start", "end",
				     "mib_start", "mib_end", "how", "held" } },
		[EXPORT_WINDOWS] = { "condensed",
				     { "function", "process", "from", "to", "calls", "total",
				       "shortest", "longest", "mib_gained", "mib_highest",
				       "held" } },
		[EXPORT_MARKS] = { "marks", { "marker", "process", "time", "mib", "held" } },
		[EXPORT_MADE_OF] = { "part_values", { "time", "part", "mib" } },
		[EXPORT_BESIDE] = { "companion_values", { "time", "companion", "value" } },
		[EXPORT_LINES] = { "lines",
				   { "function", "file", "line", "is_inlined", "count",
				     "mib_gained", "mib_after", "held", "text" } },
	};

	json_open_object(&job->json, tables[part].name);
	json_open_array(&job->json, "columns");
	for (size_t i = 0; tables[part].columns[i] != NULL; i++)
		json_put_string(&job->json, NULL, tables[part].columns[i]);
	json_close(&job->json);
	json_open_array(&job->json, "rows");
}

static void json_close_part(struct export_job *job, enum export_part part)
{
	(void)part;
	json_close(&job->json);
	json_close(&job->json);
}

/* "[FIRST,SECOND,": two indices */
static void begin_row(struct export_job *job, size_t first, int32_t second)
{
	json_begin_row(&job->json);
	row_put(job->out, "[");
	row_put_integer(job->out, (int64_t)first);
	row_put(job->out, ",");
	row_put_integer(job->out, second);
	row_put(job->out, ",");
}

static void json_sample(struct export_job *job, size_t process, int64_t time_ns, double mib)
{
	FILE *out = job->out;

	json_begin_row(&job->json);
	row_put(out, "[");
	row_put_seconds(out, time_ns - job->zero_ns);
	row_put(out, ",");
	row_put_integer(out, (int64_t)process);
	row_put(out, ",");
	row_put_mib(out, mib);
	row_put(out, "]");
}

/* "[TIME,TRACK,VALUE]" */
static void json_track(struct export_job *job, size_t track, int64_t time_ns, double value)
{
	json_sample(job, track, time_ns, value);
}

static void put_id(FILE *out, bool is_known, int32_t id)
{
	if (is_known)
		row_put_integer(out, id);
	else
		row_put(out, "null");
	row_put(out, ",");
}

static void json_call(struct export_job *job, size_t function, const struct profile_call *call)
{
	FILE *out = job->out;

	begin_row(job, function, call->process);
	put_id(out, call->tid != 0, call->tid);
	put_id(out, call->level >= 0, call->level);
	row_put_seconds(out, call->in_ns - job->zero_ns);
	row_put(out, ",");
	row_put_seconds(out, call->out_ns - job->zero_ns);
	row_put(out, ",");
	row_put_mib(out, call->mib_in);
	row_put(out, ",");
	row_put_mib(out, call->mib_out);
	row_put(out, ",\"");
	row_put(out, profile_how_words[call->how]);
	row_put(out, "\",\"");
	if (call->held != CALL_HELD_NONE)
		row_put(out, profile_held_words[call->held]);
	row_put(out, "\"]");
}

static void json_window(struct export_job *job, size_t function, const struct condensed_calls *many)
{
	FILE *out = job->out;
	const int64_t times_ns[] = { many->total_ns, many->shortest_ns, many->longest_ns };

	begin_row(job, function, many->process);
	row_put_seconds(out, many->from_ns - job->zero_ns);
	row_put(out, ",");
	row_put_seconds(out, many->to_ns - job->zero_ns);
	row_put(out, ",");
	row_put_count(out, many->count);
	row_put(out, ",");
	for (int i = 0; i < 3; i++) {
		row_put_seconds(out, times_ns[i]);
		row_put(out, ",");
	}
	row_put_mib(out, many->mib_gained);
	row_put(out, ",");
	row_put_mib(out, many->mib_max);
	row_put(out, ",");
	row_put_count(out, many->held_count);
	row_put(out, "]");
}

static void json_mark(struct export_job *job, size_t marker, const struct moment *moment)
{
	begin_row(job, marker, moment->process);
	row_put_seconds(job->out, moment->at_ns - job->zero_ns);
	row_put(job->out, ",");
	row_put_mib(job->out, moment->mib);
	row_put(job->out, moment->is_held ? ",\"held\"]" : ",\"\"]");
}

static void json_line(struct export_job *job, size_t block, bool is_inlined,
		      const struct line_figures *figures)
{
	const char *text = line_book_text(&job->profile->lines, figures->source, figures->line);
	FILE *out = job->out;

	begin_row(job, block, figures->source);
	row_put_count(out, figures->line);
	row_put(out, is_inlined ? ",true," : ",false,");
	row_put_count(out, figures->count);
	row_put(out, ",");
	row_put_mib(out, figures->gained_mib);
	row_put(out, ",");
	row_put_mib(out, figures->mib);
	row_put(out, ",");
	row_put_count(out, figures->held_count);
	row_put(out, ",");
	if (text != NULL)
		export_quote_json(out, text);
	else
		row_put(out, "null");
	row_put(out, "]");
}

static struct error *json_end(struct export_job *job)
{
	json_close(&job->json);
	row_put(job->out, "\n");
	return NULL;
}

const struct export_format export_json = {
	.quote = export_quote_json,
	.begin = json_begin,
	.open = json_open,
	.close = json_close_part,
	.sample = json_sample,
	.call = json_call,
	.window = json_window,
	.mark = json_mark,
	.made_of = json_track,
	.beside = json_track,
	.line = json_line,
	.end = json_end,
};
