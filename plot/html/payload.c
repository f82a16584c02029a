/* What a page carries; see payload.h (plot layer). */
#include "plot/html/payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/html/packer.h"
#include "plot/html/payload_calls.h"
#include "plot/html/payload_curves.h"
#include "plot/html/payload_differences.h"
#include "plot/html/payload_lines.h"
#include "plot/html/payload_parts.h"
#include "plot/html/payload_series.h"
#include "plot/html/payload_stacks.h"
#include "plot/html/payload_text.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_peak.h"
#include "plot/text/json_write.h"
#include "plot/text/text_brief.h"
#include "plot/totals/profile_totals.h"
#include "tracer/base/version.h"

/* Seconds since the profile's zero_ns; null where the file does not say. */
static void put_since(struct json_writer *json, const char *key, const struct profile *profile,
		      int64_t time_ns)
{
	if (time_ns == PROFILE_TIME_UNKNOWN)
		json_put_null(json, key);
	else
		json_put_number(json, key, (double)payload_elapsed_us(profile, time_ns) / 1e6);
}

static struct error *put_process(struct json_writer *json, const struct profile *profile,
				 const struct process_totals *totals)
{
	json_open_object(json, NULL);
	json_put_integer(json, "pid", totals->pid);
	json_put_integer(json, "parent", totals->parent_pid);
	struct error *err = payload_put_text(json, "command", totals->command);
	put_since(json, "start", profile, totals->start_ns);
	put_since(json, "end", profile, totals->end_ns);
	json_put_bool(json, "hasEnded", totals->has_ended);
	json_put_integer(json, "status", totals->status);
	json_put_count(json, "samples", totals->samples);
	json_put_number(json, "peak", totals->peak_mib);
	json_put_bool(json, "isPeakExact", totals->is_peak_exact);
	json_put_number(json, "seen", totals->seen_mib);
	put_since(json, "peakAt", profile, totals->seen_ns);
	json_put_number(json, "first", totals->first_mib);
	json_put_number(json, "last", totals->last_mib);
	if (totals->has_slope)
		json_put_number(json, "slope", totals->slope_mib_per_s);
	else
		json_put_null(json, "slope");
	json_close(json);
	return err;
}

/* A curve that is the sum of several processes, as if it were one more. */
static struct error *put_sum(struct json_writer *json, const struct profile *profile,
			     const struct tree_sum *sum, size_t others)
{
	char name[64];
	double peak_mib = sum->peak_mib;
	bool is_least = false;

	if (others == 0)
		peak_mib = profile_together_mib(profile, peak_mib, &is_least);
	if (others > 0)
		snprintf(name, sizeof(name), "%zu other children", others);
	else
		snprintf(name, sizeof(name), "all together");
	json_open_object(json, NULL);
	json_put_integer(json, "pid", 0);
	json_put_string(json, "command", name);
	json_put_bool(json, "isSum", true);
	json_put_bool(json, "isTotal", others == 0);
	json_put_number(json, "peak", peak_mib);
	put_since(json, "peakAt", profile, is_least ? PROFILE_TIME_UNKNOWN : sum->peak_ns);
	json_close(json);
	return NULL;
}

static struct error *put_processes(struct json_writer *json, const struct profile *profile,
				   const struct profile_totals *totals,
				   const struct payload_curves *curves)
{
	struct error *err = NULL;

	json_open_array(json, "processes");
	for (size_t i = 0; err == NULL && i < profile->process_count; i++)
		err = put_process(json, profile, &totals->processes[i]);
	if (err == NULL && curves->other_count > 0)
		err = put_sum(json, profile, &curves->others, curves->other_count);
	if (err == NULL && curves->has_tree)
		err = put_sum(json, profile, &totals->tree, 0);
	json_close(json);
	return err;
}

static void put_worst(struct json_writer *json, const struct profile *profile,
		      const struct worst_call *worst)
{
	if (!worst->is_known) {
		json_put_null(json, "worst");
		return;
	}
	json_open_object(json, "worst");
	json_put_number(json, "gained", worst->gained_mib);
	put_since(json, "at", profile, worst->in_ns);
	json_put_integer(json, "pid", worst->pid);
	json_put_integer(json, "tid", worst->tid);
	json_close(json);
}

/* @brief: NULL where the name is short enough. */
static struct error *put_function(struct json_writer *json, const struct profile *profile,
				  const struct profile_function *function, const char *brief,
				  const struct function_totals *totals)
{
	json_open_object(json, NULL);
	struct error *err = payload_put_text(json, "name", function->name);
	if (err == NULL && brief != NULL)
		err = payload_put_text(json, "brief", brief);
	json_put_count(json, "calls", totals->calls);
	json_put_count(json, "condensedCalls", totals->condensed_calls);
	json_put_count(json, "inherited", totals->inherited_calls);
	json_put_count(json, "open", totals->open_calls);
	json_put_count(json, "held", totals->held_calls);
	json_put_seconds(json, "total", totals->total_ns);
	json_put_seconds(json, "self", totals->self_ns);
	json_put_bool(json, "isSelfAtMost", totals->is_self_at_most);
	json_put_seconds(json, "mean", totals->mean_ns);
	json_put_seconds(json, "longest", totals->longest_ns);
	json_put_number(json, "gained", totals->gained_mib);
	json_put_number(json, "released", totals->released_mib);
	json_put_number(json, "net", totals->net_mib);
	json_put_number(json, "highest", totals->highest_mib);
	put_worst(json, profile, &totals->worst);
	json_close(json);
	return err;
}

/* What stands for a name that a legend has no room for. NULL: it has. */
static const char *brief_of(const char *name, const struct text_brief *brief)
{
	enum { LEGEND_COLUMNS = 28 };

	return strlen(name) > LEGEND_COLUMNS ? brief->text : NULL;
}

/* Of all functions, those that are hidden, too: what tells one from others takes a moment for thousands. */
static struct error *find_briefs(const struct profile *profile, struct text_brief **ret)
{
	const char **names = calloc(profile->function_count + 1, sizeof(*names));

	if (names == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->function_count; i++)
		names[i] = profile->functions[i].name;
	struct error *err = text_briefs_create(names, profile->function_count, ret);
	free(names);
	return err;
}

/* What is hidden is null: calls name functions by their places in this list. */
static struct error *put_functions(struct json_writer *json, const struct profile *profile,
				   const struct profile_totals *totals)
{
	struct text_brief *briefs = NULL;
	struct error *err = find_briefs(profile, &briefs);

	json_open_array(json, "functions");
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		if (function->is_hidden)
			json_put_null(json, NULL);
		else
			err = put_function(json, profile, function,
					   brief_of(function->name, &briefs[i]),
					   &totals->functions[i]);
	}
	json_close(json);
	text_briefs_free(briefs, profile->function_count);
	return err;
}

static struct error *put_missed(struct json_writer *json, const struct profile *profile)
{
	static const size_t most = 20;
	struct error *err = NULL;

	json_open_array(json, "missed");
	for (size_t i = 0; err == NULL && i < profile->missed_count && i < most; i++) {
		json_open_object(json, NULL);
		err = payload_put_text(json, "pattern", profile->missed[i].pattern);
		if (err == NULL)
			err = payload_put_text(json, "reason", profile->missed[i].reason);
		json_close(json);
	}
	json_close(json);
	return err;
}

static struct error *put_threads(struct json_writer *json, const struct profile *profile)
{
	struct error *err = NULL;

	json_open_array(json, "threads");
	for (size_t i = 0; err == NULL && i < profile->thread_count; i++) {
		const struct named_thread *thread = &profile->threads[i];
		json_open_object(json, NULL);
		json_put_integer(json, "process", thread->process);
		json_put_integer(json, "tid", thread->tid);
		err = payload_put_text(json, "name", thread->name);
		json_close(json);
	}
	json_close(json);
	return err;
}

static struct error *put_head(struct json_writer *json, const struct profile *profile,
			      const struct profile_totals *totals)
{
	char label[METRIC_LABEL_BYTES];

	metric_label(profile, label);
	struct error *err = payload_put_text(json, "file", basename(profile->path));
	if (err == NULL)
		err = payload_put_text(json, "command", profile_command(profile));
	json_put_string(json, "metric", label);
	json_put_bool(json, "isTree", profile->is_tree);
	json_put_number(json, "startMs", (double)profile->zero_ns / 1e6);
	put_since(json, "begin", profile, profile->first_ns);
	put_since(json, "end", profile, profile->last_ns);
	json_put_seconds(json, "interval", profile->interval_ns);
	json_put_count(json, "damagedLines", profile->damaged_lines);
	json_put_count(json, "highestChild", profile_totals_highest_child(totals, profile));
	if (err == NULL)
		err = put_missed(json, profile);
	if (err == NULL)
		err = put_threads(json, profile);
	return err;
}

static struct error *put_profile(struct json_writer *json, const struct profile *profile,
				 const struct profile_totals *totals,
				 const struct html_source *source, struct packer *packer)
{
	struct payload_curves curves;
	bool has_less_samples, has_less_calls;
	struct error *err = payload_curves_init(&curves, profile, totals, source->children);

	if (err != NULL)
		return err;
	json_open_object(json, NULL);
	err = put_head(json, profile, totals);
	if (err == NULL)
		err = put_processes(json, profile, totals, &curves);
	if (err == NULL)
		err = put_functions(json, profile, totals);
	if (err == NULL)
		err = payload_put_stacks(json, profile);
	if (err == NULL)
		err = payload_put_parts(json, profile);
	if (err == NULL && !source->no_calls)
		err = payload_put_lines(json, profile);
	if (err == NULL)
		err = payload_pack_series(packer, profile, curves.series, curves.count,
					  &has_less_samples);
	if (err == NULL)
		err = payload_pack_calls(packer, profile, &has_less_calls);
	if (err == NULL) {
		json_put_bool(json, "hasLessSamples", has_less_samples);
		json_put_bool(json, "hasLessCalls", has_less_calls);
	}
	json_close(json);
	payload_curves_deinit(&curves);
	return err;
}

static struct error *put_packed(struct json_writer *json, struct packer *packer)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	struct error *err = out == NULL ? error_no_memory() : packer_write(packer, out);

	if (out != NULL && fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err == NULL)
		json_put_string(json, "packed", text);
	free(text);
	return err;
}

struct error *payload_write(const struct html_source *source, FILE *out)
{
	struct json_writer json;
	struct packer packer = { 0 };

	json_init(&json, out, 0);
	json_open_object(&json, NULL);
	json_put_string(&json, "version", MPROF_TRACE_VERSION);
	struct error *err = payload_put_text(&json, "title", source->title);
	err = error_first(err, payload_put_text(&json, "zero", source->zero));
	json_put_bool(&json, "noCalls", source->no_calls);
	json_put_bool(&json, "isClock", source->is_clock);
	json_put_bool(&json, "isDark", source->is_dark);
	if (source->has_window) {
		json_open_array(&json, "window");
		json_put_seconds(&json, NULL, source->window_start_ns);
		json_put_seconds(&json, NULL, source->window_end_ns);
		json_close(&json);
	}
	json_open_array(&json, "profiles");
	for (size_t i = 0; err == NULL && i < source->count; i++) {
		struct profile_totals totals;
		err = profile_totals_init(&totals, &source->profiles[i]);
		if (err != NULL)
			break;
		err = put_profile(&json, &source->profiles[i], &totals, source, &packer);
		profile_totals_deinit(&totals);
	}
	json_close(&json);
	if (err == NULL && source->count == 2)
		err = payload_put_differences(&json, &source->profiles[0], &source->profiles[1]);
	if (err == NULL)
		err = put_packed(&json, &packer);
	json_close(&json);
	packer_deinit(&packer);
	return err != NULL ? err : json_finish(&json, "the page");
}
