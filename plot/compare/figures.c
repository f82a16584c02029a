/* The figures of one profile, taken from its totals; see figures.h. Plot layer. */
#include "plot/compare/figures.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/profile_peak.h"
#include "plot/totals/profile_totals.h"
#include "tracer/base/array.h"

int subject_compare(enum subject_kind kind, const char *name, enum subject_kind other_kind,
		    const char *other_name)
{
	if (kind != other_kind)
		return kind < other_kind ? -1 : 1;
	return strcmp(name, other_name);
}

static int compare_subjects(const void *a, const void *b)
{
	const struct subject *one = a, *other = b;

	return subject_compare(one->kind, one->name, other->kind, other->name);
}

/* The new one is the last; all its figures are unknown. */
static struct error *add_subject(struct figures *figures, enum subject_kind kind, const char *name,
				 struct subject **ret)
{
	struct error *err = array_reserve(&figures->subjects, &figures->capacity,
					  figures->count + 1, sizeof(*figures->subjects));
	if (err != NULL)
		return err;
	struct subject *subject = &figures->subjects[figures->count];
	*subject = (struct subject){ .kind = kind, .name = strdup(name) };
	if (subject->name == NULL)
		return error_no_memory();
	for (enum figure i = 0; i < FIGURE_COUNT; i++)
		subject->of[i] = NAN;
	figures->count++;
	*ret = subject;
	return NULL;
}

/*
 * The peak of one process. Where the main line is a sum, its samples are not the process's own; then only
 * the kernel's mark is, if the kernel keeps one of that metric.
 */
static double process_peak_mib(const struct profile *profile, const struct process_totals *totals,
			       size_t process)
{
	double exact_mib = profile->processes[process].exact_peak_mib;

	if (totals->is_sum)
		return exact_mib >= 0 && metric_has_peak(profile) ? exact_mib : NAN;
	return process_totals_has_memory(totals) ? totals->peak_mib : NAN;
}

/* As long as the main process is sampled: what its end takes off the sum is no trend. */
static double tree_slope(const struct profile *profile, const struct profile_totals *totals)
{
	const struct series *own = &profile->processes[0].series, *series = &totals->tree.series;
	int64_t last_ns = own->count > 0 ? own->time_ns[own->count - 1] : INT64_MIN;
	struct trend trend = { 0 };
	struct trend_line line;

	for (size_t i = 0; i < series->count && series->time_ns[i] <= last_ns; i++)
		trend_add(&trend, series->time_ns[i], series->mib[i]);
	return trend_line(&trend, &line) ? line.mib_per_s : NAN;
}

static struct error *add_run(struct figures *figures, const struct profile *profile,
			     const struct profile_totals *totals, double sampled_tree_mib)
{
	const struct process_totals *main_process = &totals->processes[0];
	struct subject *run;
	bool is_least;

	struct error *err = add_subject(figures, SUBJECT_RUN, "", &run);
	if (err != NULL)
		return err;
	run->of[FIGURE_PEAK] = process_peak_mib(profile, main_process, 0);
	run->of[FIGURE_TREE] = profile_together_mib(
		profile, isnan(sampled_tree_mib) ? totals->tree.peak_mib : sampled_tree_mib,
		&is_least);
	run->of[FIGURE_DURATION] = (double)main_process->end_ns - (double)main_process->start_ns;
	if (main_process->has_slope)
		run->of[main_process->is_sum ? FIGURE_TREE_SLOPE : FIGURE_SLOPE] =
			main_process->slope_mib_per_s;
	if (!main_process->is_sum)
		run->of[FIGURE_TREE_SLOPE] = tree_slope(profile, totals);
	return NULL;
}

static struct error *add_functions(struct figures *figures, const struct profile *profile,
				   const struct profile_totals *totals)
{
	for (size_t i = 0; i < profile->function_count; i++) {
		const char *name = profile->functions[i].name;
		struct subject *function;
		struct error *err = add_subject(figures, SUBJECT_FUNCTION, name, &function);
		if (err != NULL)
			return err;
		function->is_partial = profile_find_left(profile, name) != NULL;
		function->of[FIGURE_GAIN] = totals->functions[i].net_mib;
		function->of[FIGURE_CALLS] = (double)totals->functions[i].calls;
		function->of[FIGURE_TIME] = (double)totals->functions[i].total_ns;
	}
	return NULL;
}

static struct error *add_programs(struct figures *figures, const struct profile *profile,
				  const struct profile_totals *totals)
{
	for (size_t i = 0; i < profile->process_count; i++) {
		const char *command = profile->processes[i].command;
		struct subject *program;
		if (command == NULL)
			continue;
		struct error *err = add_subject(figures, SUBJECT_PROGRAM, command, &program);
		if (err != NULL)
			return err;
		program->of[FIGURE_PROCESSES] = 1;
		program->of[FIGURE_PROCESS_PEAK] =
			process_peak_mib(profile, &totals->processes[i], i);
	}
	return NULL;
}

/* Of sorted ones: processes of one program become one subject. */
static void join_equal(struct figures *figures)
{
	size_t kept = 0;

	for (size_t i = 0; i < figures->count; i++) {
		struct subject *next = &figures->subjects[i];
		struct subject *last = kept > 0 ? &figures->subjects[kept - 1] : NULL;
		if (last == NULL || compare_subjects(last, next) != 0) {
			figures->subjects[kept++] = *next;
			continue;
		}
		last->of[FIGURE_PROCESSES] += next->of[FIGURE_PROCESSES];
		last->of[FIGURE_PROCESS_PEAK] =
			fmax(last->of[FIGURE_PROCESS_PEAK], next->of[FIGURE_PROCESS_PEAK]);
		free(next->name);
	}
	figures->count = kept;
}

static struct error *take_totals(struct figures *figures, const struct profile *profile,
				 double sampled_tree_mib)
{
	struct profile_totals totals;
	struct error *err = profile_totals_init(&totals, profile);

	if (err != NULL)
		return err;
	err = add_run(figures, profile, &totals, sampled_tree_mib);
	if (err == NULL)
		err = add_functions(figures, profile, &totals);
	if (err == NULL)
		err = add_programs(figures, profile, &totals);
	profile_totals_deinit(&totals);
	return err;
}

struct error *figures_init(struct figures *figures, const struct profile *profile,
			   double sampled_tree_mib)
{
	*figures = (struct figures){ .path = strdup(profile->path) };
	struct error *err = figures->path == NULL ? error_no_memory()
						  : take_totals(figures, profile, sampled_tree_mib);

	if (err != NULL) {
		figures_deinit(figures);
		return err;
	}
	metric_label_single(profile, figures->metric);
	qsort(figures->subjects, figures->count, sizeof(*figures->subjects), compare_subjects);
	join_equal(figures);
	return NULL;
}

const struct subject *figures_find(const struct figures *figures, enum subject_kind kind,
				   const char *name)
{
	/* The name is only read. */
	const struct subject key = { .kind = kind, .name = (char *)name };

	return bsearch(&key, figures->subjects, figures->count, sizeof(key), compare_subjects);
}

void figures_deinit(struct figures *figures)
{
	for (size_t i = 0; i < figures->count; i++)
		free(figures->subjects[i].name);
	free(figures->subjects);
	free(figures->path);
	*figures = (struct figures){ 0 };
}
