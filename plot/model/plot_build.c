/* From profiles to curves, brackets, lines and words; see plot_build.h. Plot layer. */
#include "plot/model/plot_build.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/decimate.h"
#include "plot/model/palette.h"
#include "plot/model/plot_brackets.h"
#include "plot/model/plot_curves.h"
#include "plot/model/plot_legend.h"
#include "plot/model/plot_ticks.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_children.h"
#include "plot/profile/profile_peak.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

enum { DEFAULT_COLUMNS = 2000, X_TICKS = 8, Y_TICKS = 9 };

/* Legend entries of the children with the highest peaks, in order of their start. */
static struct error *add_children_legend(struct plot_model *model, const struct profile *profile,
					 size_t rows)
{
	size_t *children;
	size_t count;
	struct error *err = profile_rank_children(profile, &children, &count);

	if (err != NULL)
		return err;
	size_t named = count <= rows ? count : rows > 0 ? rows - 1 : 0;
	qsort(children, named, sizeof(*children), index_compare);
	for (size_t i = 0; err == NULL && i < named; i++)
		err = legend_add_child(model, profile, 0, children[i]);
	if (err == NULL && named < count)
		err = legend_add_more(model, count - named, "children");
	free(children);
	return err;
}

/* The child with the highest peak; -1: there is none. */
static ptrdiff_t find_highest_child(const struct profile *profile)
{
	ptrdiff_t highest = -1;

	for (size_t i = 1; i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->highest_ns != PROFILE_TIME_UNKNOWN &&
		    process->pid != PROFILE_PID_SUMMED &&
		    (highest < 0 || process->highest_mib > profile->processes[highest].highest_mib))
			highest = (ptrdiff_t)i;
	}
	return highest;
}

/* The peak of a process, if the window has it. */
static struct plot_peak find_peak(const struct plot_model *model, const struct profile *profile,
				  size_t index, bool *ret_exact)
{
	const struct profile_process *process = &profile->processes[index];
	double x = (double)(process->highest_ns - profile->first_ns) / model->x.per_unit;

	if (x < model->x.min || x > model->x.max)
		return (struct plot_peak){ 0 };
	double y = profile_peak_mib(profile, index, process->highest_mib, ret_exact);
	return (struct plot_peak){ .is_shown = true, .has_time = true, .x = x, .y = y };
}

/* Of the main process and of the highest child; of that one alone where main is not shown. */
static struct error *add_peaks(struct plot_model *model, const struct profile *profile)
{
	ptrdiff_t child = find_highest_child(profile);
	bool has_main = profile->processes[0].highest_ns != PROFILE_TIME_UNKNOWN;
	bool is_exact = false;
	size_t first = has_main || child < 0 ? 0 : (size_t)child;
	struct error *err = NULL;

	if (has_main || child > 0)
		model->peak = find_peak(model, profile, first, &is_exact);
	if (model->peak.is_shown)
		err = legend_add_peak(model, model->peak.y, is_exact,
				      profile->processes[first].highest_ns - profile->first_ns);
	if (err != NULL || !has_main || child < 0)
		return err;
	model->child_peak = find_peak(model, profile, (size_t)child, &is_exact);
	if (model->child_peak.is_shown)
		err = legend_add_child_peak(model, &profile->processes[child], model->child_peak.y,
					    profile->first_ns);
	return err;
}

/* One profile: its main curve, children, functions, peak. */
static struct error *add_single(struct plot_model *model, const struct profile *profile,
				const struct plot_options *options)
{
	size_t rows = PLOT_LEGEND_ROWS - 3; /* the main curve, the peaks */
	size_t children = profile->process_count - 1;
	size_t functions = 0;

	for (size_t i = 0; i < profile->function_count && !options->no_brackets; i++)
		functions += !profile->functions[i].is_hidden;
	size_t markers = options->no_brackets ? 0 : plot_ticks_shown(profile);
	markers = markers > rows / 3 ? rows / 3 : markers;
	rows -= markers;
	size_t function_rows = functions;

	if (children + functions > rows) {
		/* Both are cut; functions, which the user has asked for, keep the greater part. */
		size_t most = children < rows / 3 ? rows - children : rows - rows / 3;
		function_rows = functions < most ? functions : most;
	}
	struct error *err = NULL;
	if (profile->processes[0].highest_ns != PROFILE_TIME_UNKNOWN)
		err = legend_add_main(model, profile);
	if (err == NULL)
		err = add_children_legend(model, profile, rows - function_rows);
	if (err == NULL && !options->no_brackets)
		err = plot_model_add_functions(model, profile, options, function_rows, children);
	if (err == NULL && !options->no_brackets)
		err = plot_model_add_ticks(model, profile, markers, children + functions);
	if (err == NULL && !options->no_brackets)
		err = legend_add_left(model, profile);
	return err != NULL ? err : add_peaks(model, profile);
}

/* Of several profiles the highest peak of all, where they can be compared. */
static struct error *add_highest_peak(struct plot_model *model, const struct profile *profiles,
				      size_t count)
{
	const struct profile *highest = NULL;
	size_t process = 0;
	bool is_exact = false;

	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < profiles[i].process_count; k++) {
			const struct profile_process *one = &profiles[i].processes[k];
			bool counts = one->highest_ns != PROFILE_TIME_UNKNOWN &&
				      one->pid != PROFILE_PID_SUMMED;
			if (!counts ||
			    (highest != NULL &&
			     one->highest_mib <= highest->processes[process].highest_mib))
				continue;
			highest = &profiles[i];
			process = k;
		}
	}
	if (highest == NULL || metrics_differ(profiles, count))
		return NULL;
	model->peak = find_peak(model, highest, process, &is_exact);
	if (!model->peak.is_shown)
		return NULL;
	return legend_add_peak(model, model->peak.y, is_exact,
			       highest->processes[process].highest_ns - highest->first_ns);
}

/* The children too where the page has room for all of them. */
static struct error *add_files_legend(struct plot_model *model, const struct profile *profiles,
				      size_t count)
{
	struct error *err = NULL;
	static const size_t rows = PLOT_LEGEND_ROWS - 1; /* the peak */
	size_t named = count <= rows ? count : rows - 1;
	bool name_children = model->curve_count <= rows;
	char metric[METRIC_LABEL_BYTES];

	metric_label_common(profiles, count, metric);
	for (size_t i = 0; err == NULL && i < named; i++) {
		const struct legend_file file = {
			.color = i == 0 ? COLOR_MAIN : palette_cycle(i - 1),
			.counts_children = !name_children,
			.names_metric = metric[0] == '\0',
		};
		err = legend_add_file(model, &profiles[i], i, &file);
		for (size_t k = 0; name_children && err == NULL && k < model->curve_count; k++) {
			const struct plot_curve *curve = &model->curves[k];
			if (curve->profile == i && curve->process > 0)
				err = legend_add_child(model, &profiles[i], i, curve->process);
		}
	}
	if (err == NULL && named < count)
		err = legend_add_more(model, count - named, "profiles");
	return err != NULL ? err : add_highest_peak(model, profiles, count);
}

static double highest_mib(const struct plot_model *model)
{
	double max_mib = fmax(model->peak.y, model->child_peak.y);

	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		for (size_t k = 0; k < curve->count; k++)
			max_mib = fmax(max_mib, curve->points[k].y);
		if (curve->trend.is_shown)
			max_mib = fmax(max_mib, fmax(curve->trend.from.y, curve->trend.to.y));
	}
	for (size_t i = 0; i < model->bracket_count; i++)
		max_mib = fmax(max_mib, model->brackets[i].y);
	for (size_t i = 0; i < model->tick_count; i++)
		max_mib = fmax(max_mib, model->ticks[i].y);
	return max_mib;
}

static void convert_memory(struct plot_model *model)
{
	for (size_t i = 0; i < model->curve_count; i++) {
		for (size_t k = 0; k < model->curves[i].count; k++)
			model->curves[i].points[k].y /= model->y.per_unit;
		model->curves[i].trend.from.y /= model->y.per_unit;
		model->curves[i].trend.to.y /= model->y.per_unit;
	}
	for (size_t i = 0; i < model->bracket_count; i++)
		model->brackets[i].y /= model->y.per_unit;
	for (size_t i = 0; i < model->tick_count; i++)
		model->ticks[i].y /= model->y.per_unit;
	model->peak.y /= model->y.per_unit;
	model->child_peak.y /= model->y.per_unit;
}

/* Lines are cut at the frame when they are drawn; a bracket is there or not. */
static void drop_outside_memory(struct plot_model *model)
{
	size_t kept = 0;

	for (size_t i = 0; i < model->bracket_count; i++) {
		if (axis_has(&model->y, model->brackets[i].y))
			model->brackets[kept++] = model->brackets[i];
	}
	model->bracket_count = kept;
	model->peak.is_shown = model->peak.is_shown && axis_has(&model->y, model->peak.y);
	model->child_peak.is_shown =
		model->child_peak.is_shown && axis_has(&model->y, model->child_peak.y);
}

/* All y so far are MiB: finds their range, chooses the unit, and converts them. */
static void scale_memory(struct plot_model *model, const struct plot_options *options)
{
	if (options->has_memory_range)
		axis_init_memory_range(&model->y, options->low_mib, options->high_mib, Y_TICKS);
	else
		axis_init_memory(&model->y, highest_mib(model), Y_TICKS);
	convert_memory(model);
	model->is_cut = options->has_memory_range;
	if (model->is_cut)
		drop_outside_memory(model);
}

/* "memory used (MiB, PSS)" */
static struct error *add_memory_labels(struct plot_model *model, const struct profile *profiles,
				       size_t count)
{
	char metric[METRIC_LABEL_BYTES];

	metric_label_common(profiles, count, metric);
	const char *comma = metric[0] != '\0' ? ", " : "";
	if (asprintf(&model->y_label, "memory used (%s%s%s)", model->y.unit, comma, metric) < 0)
		model->y_label = NULL;
	if (asprintf(&model->y_label_short, "%s%s%s", model->y.unit, comma, metric) < 0)
		model->y_label_short = NULL;
	return model->y_label == NULL || model->y_label_short == NULL ? error_no_memory() : NULL;
}

static struct error *add_words(struct plot_model *model, const struct profile *profiles,
			       size_t count, const struct plot_options *options)
{
	const char *title = options->title;

	if (title == NULL)
		title = count == 1 && profiles[0].command_line != NULL ? profiles[0].command_line
								       : "";
	model->title = text_clean(title, strlen(title));
	char start[TEXT_DATE_BYTES] = "";
	if (count == 1)
		text_format_date(start, profiles[0].first_ns);
	if (asprintf(&model->x_label, "time (%s)%s%s", model->x.unit,
		     start[0] != '\0' ? " from " : "", start) < 0)
		model->x_label = NULL;
	struct error *err = add_memory_labels(model, profiles, count);
	if (err == NULL && (model->title == NULL || model->x_label == NULL))
		err = error_no_memory();
	return err;
}

static void find_window(const struct profile *profiles, size_t count,
			const struct plot_options *options, int64_t *ret_start_ns,
			int64_t *ret_end_ns)
{
	static const int64_t least_ns = 1000000; /* one sample, or all at once */

	*ret_start_ns = options->has_window ? options->window_start_ns : 0;
	*ret_end_ns = options->has_window ? options->window_end_ns : 0;
	for (size_t i = 0; i < count && !options->has_window; i++) {
		if (profiles[i].last_ns - profiles[i].first_ns > *ret_end_ns)
			*ret_end_ns = profiles[i].last_ns - profiles[i].first_ns;
	}
	if (*ret_end_ns <= *ret_start_ns)
		*ret_end_ns = *ret_start_ns + least_ns;
}

static struct error *model_build(struct plot_model *model, const struct profile *profiles,
				 size_t count, const struct plot_options *options)
{
	struct decimate decimate;
	int64_t start_ns, end_ns;

	find_window(profiles, count, options, &start_ns, &end_ns);
	axis_init_time(&model->x, (double)start_ns, (double)end_ns, X_TICKS, !options->has_window);
	struct error *err =
		decimate_init(&decimate, start_ns, end_ns,
			      options->columns > 0 ? options->columns : DEFAULT_COLUMNS);
	for (size_t i = 0; err == NULL && i < count; i++)
		err = plot_model_add_curves(model, &profiles[i], i, count == 1, &decimate, options);
	decimate_deinit(&decimate);
	if (err != NULL)
		return err;
	if (model->curve_count == 0)
		return error_new(ERR_USAGE,
				 "nothing was recorded between %g and %g s: "
				 "choose another --window",
				 (double)start_ns / 1e9, (double)end_ns / 1e9);
	err = count == 1 ? add_single(model, &profiles[0], options)
			 : add_files_legend(model, profiles, count);
	if (err != NULL)
		return err;
	scale_memory(model, options);
	return add_words(model, profiles, count, options);
}

struct error *plot_build(struct plot_model *model, const struct profile *profiles,
			 size_t profile_count, const struct plot_options *options)
{
	*model = (struct plot_model){ 0 };
	struct error *err = model_build(model, profiles, profile_count, options);
	if (err != NULL)
		plot_model_deinit(model);
	return err;
}
