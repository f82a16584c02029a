/* Figures of runs of a program; see usage.h. Plot layer. */
#include "plot/report/usage.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_peak.h"
#include "plot/text/text.h"
#include "plot/totals/call_increase.h"
#include "plot/totals/median.h"
#include "plot/totals/tree_peak.h"
#include "tracer/base/array.h"
#include "tracer/base/clock.h"

static void run_deinit(struct usage_run *run)
{
	for (size_t i = 0; i < run->function_count; i++)
		free(run->functions[i].name);
	for (size_t i = 0; i < run->missed_count; i++) {
		free(run->missed[i].pattern);
		free(run->missed[i].reason);
	}
	free(run->functions);
	free(run->missed);
	free(run->highest_one);
	*run = (struct usage_run){ 0 };
}

void usage_deinit(struct usage *usage)
{
	for (size_t i = 0; i < usage->count; i++)
		run_deinit(&usage->runs[i]);
	free(usage->runs);
	free(usage->title);
	*usage = (struct usage){ 0 };
}

static double baseline_mib(const struct profile *profile)
{
	for (size_t i = 0; i < profile->marker_count; i++) {
		const struct marker *marker = &profile->markers[i];
		if (strcmp(marker->name, PROFILE_LOADED) == 0 && marker->count > 0 &&
		    marker->moments[0].process == 0)
			return marker->moments[0].mib;
	}
	return NAN;
}

static struct error *find_highest_one(const struct profile *profile, struct usage_run *run)
{
	size_t highest = SIZE_MAX;

	run->highest_one_mib = NAN;
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		run->processes += process->series.total > 0 || process->exact_peak_mib >= 0;
		if (process->exact_peak_mib >= 0 && metric_has_peak(profile) &&
		    !(process->exact_peak_mib <= run->highest_one_mib)) {
			run->highest_one_mib = process->exact_peak_mib;
			highest = i;
		}
	}
	if (highest == SIZE_MAX)
		return NULL;
	run->highest_one_pid = profile->processes[highest].pid;
	if (profile->processes[highest].command == NULL)
		return NULL;
	run->highest_one = text_program_name(profile->processes[highest].command);
	return run->highest_one == NULL ? error_no_memory() : NULL;
}

/* The sum is known at samples; the mark of a single one of them may be higher than all sums. */
static struct error *find_peak(const struct profile *profile, bool is_tree, struct usage_run *run)
{
	run->peak_mib = profile_peak_mib(profile, 0, profile->processes[0].highest_mib,
					 &run->is_peak_exact);
	if (!is_tree || run->processes < 2)
		return NULL;
	struct error *err = tree_peak_find(profile, NULL, NULL, &run->peak_mib);
	run->is_peak_exact = false;
	if (err == NULL && run->highest_one_mib > run->peak_mib)
		run->peak_mib = run->highest_one_mib;
	return err;
}

static struct error *take_functions(const struct profile *profile, const struct mark_list *marks,
				    struct usage_run *run)
{
	struct call_increase *increases;

	struct error *err = call_increases_create(profile, marks, &increases);
	if (err != NULL)
		return err;
	run->functions = calloc(profile->function_count + 1, sizeof(*run->functions));
	if (run->functions == NULL)
		err = error_no_memory();
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct call_increase *increase = &increases[i];
		char *name =
			text_clean(profile->functions[i].name, strlen(profile->functions[i].name));
		if (name == NULL) {
			err = error_no_memory();
			break;
		}
		run->functions[run->function_count++] = (struct usage_function){
			.name = name,
			.calls = increase->calls,
			.condensed_calls = increase->condensed_calls,
			.held_calls = increase->held_calls,
			.highest_mib = increase->highest_mib,
			.mean_mib = increase->mean_mib,
			.bound_mib = increase->bound_mib,
		};
	}
	free(increases);
	return err;
}

static struct error *take_missed(const struct profile *profile, struct usage_run *run)
{
	run->missed = calloc(profile->missed_count + 1, sizeof(*run->missed));
	if (run->missed == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->missed_count; i++) {
		const struct missed_pattern *missed = &profile->missed[i];
		struct usage_missed *one = &run->missed[run->missed_count++];
		one->pattern = text_clean(missed->pattern, strlen(missed->pattern));
		one->reason = text_clean(missed->reason, strlen(missed->reason));
		if (one->pattern == NULL || one->reason == NULL)
			return error_no_memory();
	}
	return NULL;
}

static struct error *take_title(struct usage *usage, const struct profile *profile)
{
	const char *line = profile->command_line != NULL ? profile->command_line : "";

	if (usage->title == NULL)
		usage->title = text_clean(line, strlen(line));
	return usage->title == NULL ? error_no_memory() : NULL;
}

struct error *usage_add(struct usage *usage, const struct profile *profile,
			const struct mark_list *marks, int status)
{
	struct usage_run run = { .status = status, .baseline_mib = baseline_mib(profile) };

	struct error *err = array_reserve(&usage->runs, &usage->capacity, usage->count + 1,
					  sizeof(*usage->runs));
	if (err == NULL)
		err = find_highest_one(profile, &run);
	if (err == NULL)
		err = find_peak(profile, usage->is_tree, &run);
	if (err == NULL)
		err = take_functions(profile, marks, &run);
	if (err == NULL)
		err = take_missed(profile, &run);
	if (err == NULL)
		err = take_title(usage, profile);
	if (err != NULL) {
		run_deinit(&run);
		return err;
	}
	metric_label_single(profile, usage->metric);
	usage->interval_s = (double)profile->interval_ns / (double)NS_PER_S;
	usage->runs[usage->count++] = run;
	return NULL;
}

/* The median over runs of a figure, of which @take says NAN where it is not known. */
static struct error *take_median(const struct usage *usage,
				 double (*take)(const struct usage_run *run), double *ret_median,
				 double *ret_spread)
{
	double *values = calloc(usage->count + 1, sizeof(*values));
	size_t known = 0;

	if (values == NULL)
		return error_no_memory();
	for (size_t i = 0; i < usage->count; i++) {
		double value = take(&usage->runs[i]);
		if (!isnan(value))
			values[known++] = value;
	}
	median_find(values, known, ret_median, ret_spread);
	free(values);
	return NULL;
}

static double take_peak(const struct usage_run *run)
{
	return run->peak_mib;
}

static int compare_names(const void *a, const void *b)
{
	const struct usage_function *one = a, *other = b;

	return strcmp(one->name, other->name);
}

/* @to becomes what is known of both. A run without a figure does not count in it. */
static void join(struct usage_function *to, const struct usage_function *other)
{
	double calls = (double)to->calls, others = (double)other->calls;

	if (to->calls == 0 || other->calls == 0) {
		const struct usage_function *known = to->calls == 0 ? other : to;
		to->highest_mib = known->highest_mib;
		to->mean_mib = known->mean_mib;
		to->bound_mib = known->bound_mib;
	} else {
		to->highest_mib = fmax(to->highest_mib, other->highest_mib);
		to->mean_mib = (to->mean_mib * calls + other->mean_mib * others) / (calls + others);
		to->bound_mib = isnan(to->bound_mib) || isnan(other->bound_mib)
					? NAN
					: fmax(to->bound_mib, other->bound_mib);
	}
	to->calls += other->calls;
	to->condensed_calls += other->condensed_calls;
	to->held_calls += other->held_calls;
}

static struct error *join_functions(const struct usage *usage, struct usage_summary *ret)
{
	size_t count = 0, joined = 0;

	for (size_t i = 0; i < usage->count; i++)
		count += usage->runs[i].function_count;
	ret->functions = calloc(count + 1, sizeof(*ret->functions));
	if (ret->functions == NULL)
		return error_no_memory();
	count = 0;
	for (size_t i = 0; i < usage->count; i++) {
		for (size_t k = 0; k < usage->runs[i].function_count; k++)
			ret->functions[count++] = usage->runs[i].functions[k];
	}
	qsort(ret->functions, count, sizeof(*ret->functions), compare_names);
	for (size_t i = 0; i < count; i++) {
		if (joined > 0 &&
		    compare_names(&ret->functions[joined - 1], &ret->functions[i]) == 0)
			join(&ret->functions[joined - 1], &ret->functions[i]);
		else
			ret->functions[joined++] = ret->functions[i];
	}
	ret->function_count = joined;
	return NULL;
}

struct error *usage_summarize(const struct usage *usage, struct usage_summary *ret)
{
	*ret = (struct usage_summary){ .highest = &usage->runs[0] };
	for (size_t i = 0; i < usage->count; i++) {
		if (usage->runs[i].peak_mib > ret->highest->peak_mib)
			ret->highest = &usage->runs[i];
		ret->failed += usage->runs[i].status > 0;
	}
	struct error *err =
		take_median(usage, take_peak, &ret->peak_median_mib, &ret->peak_spread_mib);
	if (err == NULL)
		err = take_median(usage, usage_run_increment, &ret->increment_median_mib,
				  &ret->increment_spread_mib);
	if (err == NULL)
		err = join_functions(usage, ret);
	if (err != NULL)
		usage_summary_deinit(ret);
	return err;
}

void usage_summary_deinit(struct usage_summary *summary)
{
	free(summary->functions);
	summary->functions = NULL;
}
