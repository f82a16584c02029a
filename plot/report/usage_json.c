/* What memit says to programs; see usage.h. Plot layer. */
#include <math.h>

#include "plot/report/usage.h"

static void put_functions(struct json_writer *json, const struct usage_function *functions,
			  size_t count)
{
	json_open_array(json, "functions");
	for (size_t i = 0; i < count; i++) {
		const struct usage_function *function = &functions[i];
		json_open_object(json, NULL);
		json_put_string(json, "name", function->name);
		json_put_count(json, "calls", function->calls);
		json_put_count(json, "condensed_calls", function->condensed_calls);
		json_put_count(json, "held_calls", function->held_calls);
		json_put_number(json, "highest_increment_mib", function->highest_mib);
		json_put_number(json, "mean_increment_mib", function->mean_mib);
		json_put_number(json, "highest_increment_at_most_mib", function->bound_mib);
		json_close(json);
	}
	json_close(json);
}

static void put_run(struct json_writer *json, const struct usage *usage,
		    const struct usage_run *run)
{
	json_open_object(json, NULL);
	if (run->status >= 0)
		json_put_integer(json, "status", run->status);
	else
		json_put_null(json, "status");
	json_put_number(json, "peak_mib", run->peak_mib);
	json_put_bool(json, "is_peak_exact", run->is_peak_exact);
	json_put_number(json, "baseline_mib", run->baseline_mib);
	json_put_number(json, "increment_mib", usage_run_increment(run));
	json_put_count(json, "processes", run->processes);
	if (usage->is_tree)
		json_put_number(json, "highest_process_mib", run->highest_one_mib);
	put_functions(json, run->functions, run->function_count);
	json_open_array(json, "missed");
	for (size_t i = 0; i < run->missed_count; i++) {
		json_open_object(json, NULL);
		json_put_string(json, "pattern", run->missed[i].pattern);
		json_put_string(json, "reason", run->missed[i].reason);
		json_close(json);
	}
	json_close(json);
	json_close(json);
}

static void put_usage(struct json_writer *json, const struct usage *usage,
		      const struct usage_summary *summary)
{
	json_put_string(json, "command", usage->title);
	json_put_string(json, "metric", usage->metric);
	json_put_bool(json, "is_sum_of_processes", usage->is_tree);
	json_put_number(json, "interval_s", usage->interval_s);
	json_put_count(json, "runs_wanted", usage->wanted);
	json_put_count(json, "runs_failed", summary->failed);
	json_put_number(json, "peak_mib", summary->highest->peak_mib);
	json_put_number(json, "increment_mib", usage_run_increment(summary->highest));
	json_put_number(json, "median_peak_mib", summary->peak_median_mib);
	json_put_number(json, "spread_peak_mib", summary->peak_spread_mib);
	json_put_number(json, "median_increment_mib", summary->increment_median_mib);
	json_put_number(json, "spread_increment_mib", summary->increment_spread_mib);
	put_functions(json, summary->functions, summary->function_count);
	json_open_array(json, "runs");
	for (size_t i = 0; i < usage->count; i++)
		put_run(json, usage, &usage->runs[i]);
	json_close(json);
}

/* Of the other one: so many times as much. */
static void put_ratios(struct json_writer *json, const struct usage_summary *one,
		       const struct usage_summary *other)
{
	json_put_number(json, "peak_ratio", other->highest->peak_mib / one->highest->peak_mib);
	json_put_number(json, "increment_ratio",
			usage_run_increment(other->highest) / usage_run_increment(one->highest));
}

struct error *usage_write_json(const struct usage *one, const struct usage *other, FILE *out)
{
	enum { INDENTED_DEPTH = 5 };
	struct usage_summary summary, other_summary = { 0 };
	struct json_writer json;

	struct error *err = usage_summarize(one, &summary);
	if (err != NULL)
		return err;
	if (other != NULL)
		err = usage_summarize(other, &other_summary);
	if (err == NULL) {
		json_init(&json, out, INDENTED_DEPTH);
		json_open_object(&json, NULL);
		put_usage(&json, one, &summary);
		if (other != NULL) {
			json_open_object(&json, "compared");
			put_usage(&json, other, &other_summary);
			put_ratios(&json, &summary, &other_summary);
			json_close(&json);
		}
		json_close(&json);
		err = json_finish(&json, "stdout");
		usage_summary_deinit(&other_summary);
	}
	usage_summary_deinit(&summary);
	return err;
}
