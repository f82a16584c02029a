/* What memit says to people; see usage.h. Plot layer. */
#include <assert.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/report/usage.h"
#include "plot/text/stream_check.h"
#include "plot/text/table.h"
#include "plot/text/text_columns.h"
#include "tracer/base/metric.h"

/* Names are as long as compilers like; the JSON has all of them. */
static void put_short(FILE *out, const char *text, const char *behind)
{
	enum { COLUMNS_MOST = 100 };
	char *fitted = text_fit_name(text, COLUMNS_MOST);

	fprintf(out, "%s%s", fitted != NULL ? fitted : "?", behind);
	free(fitted);
}

/* memory_profiler's own form. */
static void put_mib(FILE *out, double mib)
{
	if (isnan(mib))
		fputs("not known", out);
	else
		fprintf(out, "%.2f MiB", mib);
}

static void put_first_line(FILE *out, const struct usage_run *run)
{
	fputs("peak memory: ", out);
	put_mib(out, run->peak_mib);
	fputs(", increment: ", out);
	put_mib(out, usage_run_increment(run));
	fputc('\n', out);
}

static void put_median(FILE *out, double median_mib, double spread_mib)
{
	put_mib(out, median_mib);
	if (!isnan(median_mib))
		fprintf(out, " \xc2\xb1 %.2f", spread_mib);
}

static void put_runs(FILE *out, const struct usage *usage, const struct usage_summary *summary)
{
	if (usage->count > 1) {
		fprintf(out, "median of %zu runs: peak ", usage->count);
		put_median(out, summary->peak_median_mib, summary->peak_spread_mib);
		fputs(", increment ", out);
		put_median(out, summary->increment_median_mib, summary->increment_spread_mib);
		fputc('\n', out);
	}
	if (usage->count < usage->wanted)
		fprintf(out, "ended early: %zu of %zu runs\n", usage->count, usage->wanted);
	if (summary->failed > 0 && usage->wanted > 1) {
		fprintf(out, "%zu of %zu runs failed, with status", summary->failed, usage->count);
		for (size_t i = 0, said = 0; i < usage->count && said < 10; i++) {
			if (usage->runs[i].status > 0)
				fprintf(out, "%s %d (run %zu)", said++ > 0 ? "," : "",
					usage->runs[i].status, i + 1);
		}
		fputs(summary->failed > 10 ? ", \xe2\x80\xa6\n" : "\n", out);
	}
}

/* What the first line means, where it is not the resident set of one process, as the kernel kept it. */
static void put_meaning(FILE *out, const struct usage *usage, const struct usage_run *run)
{
	const char *metric = usage->metric;
	bool is_plain = metric[0] == '\0' || strcmp(metric, metric_traits(METRIC_RSS)->title) == 0;

	if (usage->is_tree && run->processes > 1) {
		fprintf(out, "sum of %zu processes, sampled every %g s", run->processes,
			usage->interval_s);
		if (!isnan(run->highest_one_mib))
			fprintf(out, "; highest single one, exact: %.2f MiB (%s%s%" PRId32 ")",
				run->highest_one_mib,
				run->highest_one != NULL ? run->highest_one : "",
				run->highest_one != NULL ? ", " : "", run->highest_one_pid);
		fputc('\n', out);
	} else if (!run->is_peak_exact) {
		fprintf(out, "peak: the highest of samples every %g s, not exact\n",
			usage->interval_s);
	}
	if (!is_plain)
		fprintf(out, "memory: %s\n", metric);
	if (isnan(run->baseline_mib))
		fputs("increment: where the program's own code begins was not seen\n", out);
}

static void put_bound(FILE *out, const struct usage_function *function)
{
	if (isnan(function->bound_mib))
		fputs(" (sampled)", out);
	else if (function->bound_mib <= function->highest_mib)
		fputs(" (exact)", out);
	else
		fprintf(out, " (sampled; at most %.2f)", function->bound_mib);
}

static void put_function(FILE *out, const struct usage_function *function)
{
	put_short(out, function->name, ": ");
	fprintf(out, "%" PRIu64 " call%s, ", function->calls, function->calls == 1 ? "" : "s");
	if (function->calls == 1) {
		fprintf(out, "increment %.2f MiB", function->highest_mib);
		put_bound(out, function);
	} else if (function->calls > 1) {
		fprintf(out, "highest increment %.2f MiB", function->highest_mib);
		put_bound(out, function);
		fprintf(out, ", mean %.2f MiB", function->mean_mib);
	} else {
		fputs("increment not known", out);
	}
	if (function->condensed_calls > 0)
		fprintf(out, "; %" PRIu64 " further calls are condensed, see --max-calls",
			function->condensed_calls);
	if (function->held_calls > 0)
		fprintf(out, "; memory of %" PRIu64 " was held, see --memory-age",
			function->held_calls);
	fputc('\n', out);
}

static void put_functions(FILE *out, const struct usage *usage, const struct usage_summary *summary)
{
	const struct usage_run *last = &usage->runs[usage->count - 1];

	for (size_t i = 0; i < summary->function_count; i++)
		put_function(out, &summary->functions[i]);
	for (size_t i = 0; i < last->missed_count; i++) {
		put_short(out, last->missed[i].pattern, ": no call: ");
		fprintf(out, "%s\n", last->missed[i].reason);
	}
}

struct error *usage_print(const struct usage *usage, FILE *out)
{
	struct usage_summary summary;

	struct error *err = usage_summarize(usage, &summary);
	if (err != NULL)
		return err;
	put_first_line(out, summary.highest);
	put_runs(out, usage, &summary);
	put_meaning(out, usage, summary.highest);
	put_functions(out, usage, &summary);
	usage_summary_deinit(&summary);
	return stream_check(out, "stdout");
}

/* A row: two figures, and how they relate. */
struct pair {
	const char *name;
	double one_mib, other_mib;
};

enum { PAIRS_MOST = 64 };

struct pairs {
	struct pair rows[PAIRS_MOST];
	size_t count, left_out;
	char ratio[TABLE_FIGURE_BYTES];
};

static void add_pair(struct pairs *pairs, const char *name, double one_mib, double other_mib)
{
	if (pairs->count == PAIRS_MOST)
		pairs->left_out++;
	else
		pairs->rows[pairs->count++] = (struct pair){ name, one_mib, other_mib };
}

static void set_memory(struct table_cell *cell, double mib)
{
	cell->is_known = !isnan(mib);
	cell->number = mib;
}

static void fill_pair(void *data, size_t row, struct table_cell *cells)
{
	struct pairs *pairs = data;
	const struct pair *pair = &pairs->rows[row];
	double ratio = pair->other_mib / pair->one_mib;

	cells[0].is_known = true;
	cells[0].text = pair->name;
	set_memory(&cells[1], pair->one_mib);
	set_memory(&cells[2], pair->other_mib);
	cells[3].is_known = isfinite(ratio);
	snprintf(pairs->ratio, sizeof(pairs->ratio), "%.2f", ratio);
	cells[3].figure = pairs->ratio;
}

/* Those of both: by name, in the order of names. */
static void add_functions(struct pairs *pairs, const struct usage_summary *one,
			  const struct usage_summary *other)
{
	size_t i = 0, k = 0;

	while (i < one->function_count || k < other->function_count) {
		const struct usage_function *first =
			i < one->function_count ? &one->functions[i] : NULL;
		const struct usage_function *second =
			k < other->function_count ? &other->functions[k] : NULL;
		assert(first != NULL || second != NULL);
		int order = first == NULL    ? 1
			    : second == NULL ? -1
					     : strcmp(first->name, second->name);
		add_pair(pairs, order <= 0 ? first->name : second->name,
			 order <= 0 ? first->highest_mib : NAN,
			 order >= 0 ? second->highest_mib : NAN);
		i += order <= 0;
		k += order >= 0;
	}
}

static struct error *print_table(const struct usage_summary *one, const struct usage_summary *other,
				 bool is_several, FILE *out, size_t width)
{
	static const struct table_column columns[] = {
		{ "", "figure", TABLE_NAME, 0 },
		{ "PROGRAM", "one_mib", TABLE_MEMORY, 0 },
		{ "compared", "other_mib", TABLE_MEMORY, 0 },
		{ "ratio", "ratio", TABLE_FIGURE, 0 },
	};
	struct pairs pairs = { .count = 0 };
	const struct table table = {
		.columns = columns,
		.column_count = sizeof(columns) / sizeof(columns[0]),
		.fill = fill_pair,
		.data = &pairs,
	};

	add_pair(&pairs, "peak memory", one->highest->peak_mib, other->highest->peak_mib);
	add_pair(&pairs, "increment", usage_run_increment(one->highest),
		 usage_run_increment(other->highest));
	if (is_several) {
		add_pair(&pairs, "median peak", one->peak_median_mib, other->peak_median_mib);
		add_pair(&pairs, "median increment", one->increment_median_mib,
			 other->increment_median_mib);
	}
	add_functions(&pairs, one, other);
	struct table filled = table;
	filled.row_count = pairs.count;
	struct error *err = table_print(&filled, out, width);
	if (err == NULL && pairs.left_out > 0)
		fprintf(out, "and %zu more functions\n", pairs.left_out);
	return err;
}

struct error *usage_print_both(const struct usage *one, const struct usage *other, FILE *out,
			       size_t width)
{
	const struct usage *const both[] = { one, other };
	struct usage_summary summaries[2];

	struct error *err = usage_summarize(one, &summaries[0]);
	if (err != NULL)
		return err;
	err = usage_summarize(other, &summaries[1]);
	if (err != NULL) {
		usage_summary_deinit(&summaries[0]);
		return err;
	}
	for (size_t i = 0; i < 2; i++) {
		fputs(i == 0 ? "PROGRAM: " : "compared: ", out);
		put_short(out, both[i]->title, "\n");
		put_runs(out, both[i], &summaries[i]);
		put_meaning(out, both[i], summaries[i].highest);
	}
	fputc('\n', out);
	err = print_table(&summaries[0], &summaries[1], one->wanted > 1, out, width);
	usage_summary_deinit(&summaries[0]);
	usage_summary_deinit(&summaries[1]);
	return err != NULL ? err : stream_check(out, "stdout");
}
