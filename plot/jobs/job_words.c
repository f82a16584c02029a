/* The words around the tables of a job; see job_words.h. Plot layer. */
#include "plot/jobs/job_words.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "plot/report/process_table.h"
#include "plot/text/text.h"
#include "plot/text/text_columns.h"
#include "tracer/base/utf8.h"

/* Of a list of ranks. */
enum { NAMED_MOST = 8 };

/* "1 rank", "8 ranks". */
static void put_count(FILE *out, size_t count, const char *what)
{
	fprintf(out, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* "runs: job 4711, 8 ranks on 2 hosts: ./solver --grid 512" */
static void put_title(FILE *out, const struct job_view *view,
		      const struct job_report_options *options)
{
	const struct rank_job *job = view->job;
	const char *command = rank_text(job, job->ranks[0].command);
	char *place = text_printable(options->place, false), *title = NULL, *fit = NULL;
	size_t bytes;
	FILE *text = open_memstream(&title, &bytes);

	if (text != NULL) {
		fprintf(text, "%s: ", place != NULL ? place : "");
		if (job->name != NULL)
			fprintf(text, "job %s, ", job->name);
		put_count(text, job->count, "rank");
		if (view->hosts.count > 1 || view->hosts.hosts[0].name != NULL) {
			fputs(" on ", text);
			put_count(text, view->hosts.count, "host");
		}
		fprintf(text, "%s%s", command != NULL ? ": " : "", command != NULL ? command : "");
		fclose(text);
	}
	if (title != NULL && options->width > 0)
		fit = text_fit_columns(title, options->width);
	fprintf(out, "%s\n", fit != NULL ? fit : title != NULL ? title : "");
	free(place);
	free(title);
	free(fit);
}

static void put_times(FILE *out, const struct job_view *view,
		      const struct job_report_options *options)
{
	const struct rank_job *job = view->job;
	char date[TEXT_DATE_BYTES], duration[TEXT_FIGURE_BYTES], metric[METRIC_LABEL_BYTES];

	text_format_date(date, job->start_epoch_ns);
	text_format_duration(duration, job->end_ns - job->start_ns);
	job_metric(view, metric);
	fprintf(out, "  %s%srecorded for %s%s%s\n", date, date[0] != '\0' ? ", " : "", duration,
		metric[0] != '\0' ? ", memory is " : "", metric);
	if (options->origin != NULL)
		fprintf(out, "  times are from %s in each rank\n", options->origin);
}

/* "  highest: 347.0 MiB at 8.123 s, rank 3 (node1)" */
static void put_rank(FILE *out, const struct job_view *view, const char *what, double mib,
		     size_t index)
{
	const struct rank *rank = &view->job->ranks[index];
	const char *host = rank_text(view->job, rank->host);
	char memory[TEXT_FIGURE_BYTES];

	text_format_memory(memory, mib);
	fprintf(out, "  %s %s", what, memory);
	if (rank->seen_ns != PROFILE_TIME_UNKNOWN)
		fprintf(out, " at %.3f s", (double)(rank->seen_ns - view->zero_ns) / 1e9);
	fprintf(out, ", rank %" PRId64 "%s%s%s\n", rank->number, host != NULL ? " (" : "",
		host != NULL ? host : "", host != NULL ? ")" : "");
}

static void put_peaks(FILE *out, const struct job_view *view)
{
	const struct spread *peaks = &view->peaks;
	const struct rank_host *all = &view->hosts.all;
	char memory[TEXT_FIGURE_BYTES];

	put_rank(out, view, "highest peak", peaks->high, peaks->high_at);
	if (view->job->count < 2)
		return;
	put_rank(out, view, "median peak ", view->job->ranks[peaks->median_at].peak_mib,
		 peaks->median_at);
	put_rank(out, view, "lowest peak ", peaks->low, peaks->low_at);
	text_format_memory(memory, peaks->mean);
	fprintf(out, "  mean of peaks %s", memory);
	if (!isnan(peaks->imbalance_percent))
		fprintf(out, "; imbalance %.*f %%: the highest is so much above it",
			peaks->imbalance_percent < 9.95 ? 1 : 0, peaks->imbalance_percent);
	putc('\n', out);
	if (all->peak_ns == PROFILE_TIME_UNKNOWN)
		return;
	text_format_memory(memory, all->peak_mib);
	fprintf(out, "  all together: %s%s at %.3f s\n", view->job->is_reduced ? "about " : "",
		memory, (double)(all->peak_ns - view->zero_ns) / 1e9);
}

/* "  2 ranks failed: 3 (SIGKILL), 7 (1)" */
static void put_failed(FILE *out, const struct rank_job *job)
{
	size_t failed = 0, named = 0;

	for (size_t i = 0; i < job->count; i++)
		failed += rank_has_failed(&job->ranks[i]);
	if (failed == 0)
		return;
	fputs("  ", out);
	put_count(out, failed, "rank");
	fputs(" failed:", out);
	for (size_t i = 0; i < job->count && named < NAMED_MOST; i++) {
		char ended[PROCESS_ENDED_BYTES];
		if (!rank_has_failed(&job->ranks[i]))
			continue;
		process_format_ended(job->ranks[i].status, ended);
		fprintf(out, "%s %" PRId64 " (%s)", named++ > 0 ? "," : "", job->ranks[i].number,
			ended);
	}
	fprintf(out, "%s\n", failed > named ? ", …" : "");
}

static void put_endless(FILE *out, const struct rank_job *job)
{
	size_t going = 0, broken = 0;

	for (size_t i = 0; i < job->count; i++) {
		const struct rank *rank = &job->ranks[i];
		going += !rank->has_end && rank->is_recent;
		broken += !rank->has_end && !rank->is_recent;
	}
	if (going > 0) {
		fputs("  still recording: ", out);
		put_count(out, going, "rank");
		putc('\n', out);
	}
	if (broken > 0) {
		fputs("  the recording broke off: ", out);
		put_count(out, broken, "rank");
		putc('\n', out);
	}
}

static uint64_t job_size(const struct rank_job *job)
{
	uint64_t size = 0;

	for (size_t i = 0; i < job->count; i++)
		size = job->ranks[i].size > size ? job->ranks[i].size : size;
	return size;
}

/* Ranks are in the order of their numbers: those that the job had, between two of them, and that have no file. */
static void put_missing(FILE *out, const struct rank_job *job)
{
	const uint64_t size = job_size(job);
	uint64_t missing = 0, named = 0, next = 0;

	for (size_t i = 0; i <= job->count; i++) {
		const uint64_t number = i < job->count ? (uint64_t)job->ranks[i].number : size;
		if (number >= next)
			missing += number - next;
		for (; next < number && named < NAMED_MOST; next++)
			fprintf(out, "%s %" PRIu64,
				named++ == 0 ? "  no profile of these ranks:" : ",", next);
		next = number >= next ? number + 1 : next;
	}
	if (named > 0)
		fprintf(out, "%s\n", missing > named ? ", …" : "");
}

/* Of a rank that has run several times. */
static void put_repeated(FILE *out, const struct rank_job *job)
{
	size_t repeated = 0;

	for (size_t i = 1; i < job->count; i++)
		repeated += job->ranks[i].number == job->ranks[i - 1].number;
	if (repeated > 0)
		fprintf(out, "  %zu of the profiles %s of a rank that has another one, too\n",
			repeated, repeated == 1 ? "is" : "are");
}

void job_put_head(FILE *out, const struct job_view *view, const struct job_report_options *options)
{
	put_title(out, view, options);
	put_times(out, view, options);
	put_peaks(out, view);
	put_failed(out, view->job);
	put_endless(out, view->job);
	if (job_size(view->job) > 0)
		put_missing(out, view->job);
	put_repeated(out, view->job);
}

static void put_json_rank(struct json_writer *json, const struct job_view *view, const char *key,
			  size_t index)
{
	json_put_integer(json, key, view->job->ranks[index].number);
}

void job_put_json_head(struct json_writer *json, const struct job_view *view)
{
	const struct rank_job *job = view->job;
	const struct rank_host *all = &view->hosts.all;
	const struct spread *peaks = &view->peaks;
	const uint64_t size = job_size(job);

	json_put_string(json, "job", job->name);
	json_put_string(json, "command_line", rank_text(job, job->ranks[0].command));
	json_put_string(json, "metric", job->metric);
	json_put_seconds(json, "start_epoch_s", job->start_epoch_ns);
	json_put_seconds(json, "duration_s", job->end_ns - job->start_ns);
	json_put_count(json, "rank_count", job->count);
	if (size > 0)
		json_put_count(json, "job_size", size);
	else
		json_put_null(json, "job_size");
	json_put_count(json, "host_count", view->hosts.count);
	put_json_rank(json, view, "highest_rank", peaks->high_at);
	json_put_number(json, "highest_mib", peaks->high);
	put_json_rank(json, view, "median_rank", peaks->median_at);
	json_put_number(json, "median_mib", peaks->median);
	put_json_rank(json, view, "lowest_rank", peaks->low_at);
	json_put_number(json, "lowest_mib", peaks->low);
	json_put_number(json, "mean_mib", peaks->mean);
	json_put_number(json, "imbalance_percent", peaks->imbalance_percent);
	json_put_number(json, "together_peak_mib", all->peak_mib);
	if (all->peak_ns != PROFILE_TIME_UNKNOWN)
		json_put_seconds(json, "together_peak_at_s", all->peak_ns - view->zero_ns);
	else
		json_put_null(json, "together_peak_at_s");
	json_put_bool(json, "sums_are_reduced", job->is_reduced);
}
