/* From profiles to curves, brackets, lines and words; see plot_build.h. Plot layer. */
#include "plot/model/plot_build.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "plot/profile/decimate.h"
#include "plot/model/palette.h"
#include "plot/model/plot_brackets.h"
#include "plot/model/plot_children.h"
#include "plot/model/plot_curves.h"
#include "plot/model/plot_legend.h"
#include "plot/model/plot_peaks.h"
#include "plot/model/plot_subjects.h"
#include "plot/model/plot_ticks.h"
#include "plot/profile/metric_label.h"
#include "plot/text/text.h"

enum { DEFAULT_COLUMNS = 2000, X_TICKS = 8, Y_TICKS = 9 };

static struct error *name_curves(struct plot_model *model, const struct profile *profiles,
				 size_t count, const struct plot_options *options)
{
	for (size_t i = 0; i < model->curve_count; i++) {
		struct plot_curve *curve = &model->curves[i];
		curve->name =
			options->subjects != NULL ? strdup(options->subjects[curve->profile].name)
			: count > 1
				? legend_file_name(profiles, count, curve->profile)
				: legend_process_name(&profiles[curve->profile], curve->process);
		if (curve->name == NULL)
			return error_no_memory();
	}
	return NULL;
}

/* Shares the legend's rows out. Functions, which the user has asked for, keep the greater part. */
static size_t rows_of_functions(size_t rows, size_t children, size_t functions)
{
	if (children + functions <= rows)
		return functions;
	size_t most = children < rows / 3 ? rows - children : rows - rows / 3;
	return functions < most ? functions : most;
}

static struct error *add_calls_legend(struct plot_model *model, const struct profile *profile,
				      const struct plot_options *options, size_t rows,
				      size_t marker_rows, size_t first_color)
{
	struct error *err = plot_model_add_functions(model, profile, options, rows, first_color);

	if (err == NULL)
		err = plot_model_add_ticks(model, profile, marker_rows,
					   first_color + profile->function_count);
	return err != NULL ? err : legend_add_left(model, profile);
}

/* What the curve's memory was made of: its own, or that of the only one that is seen. */
static struct error *add_stack(struct plot_model *model, const struct profile *profile)
{
	enum { LAYERS = PALETTE_CYCLE };
	const struct plot_curve *curve = &model->curves[0];
	const struct part_stack_limits limits = {
		.from_ns = profile->zero_ns + llround(model->x.min * model->x.per_unit),
		.to_ns = profile->zero_ns + llround(model->x.max * model->x.per_unit),
		.points = DEFAULT_COLUMNS,
		.layers = LAYERS,
	};

	model->stack_zero_ns = profile->zero_ns;
	if (curve->is_child && model->curve_count > 1)
		return NULL;
	return part_stack_init(&model->stack, profile, curve->process, &limits);
}

/* Those that are recorded: of them those near to what is used are lines. */
static struct error *add_limits(struct plot_model *model, const struct profile *profile)
{
	struct error *err = NULL;

	for (enum companion kind = 0; err == NULL && kind < COMPANIONS; kind++) {
		const double mib =
			companion_traits(kind)->is_limit ? beside_limit_mib(profile, kind) : -1;
		if (mib < 0)
			continue;
		struct plot_limit *limit = &model->limits[model->limit_count++];
		*limit = (struct plot_limit){ mib, (int)model->limit_count };
		err = legend_add_limit(model, kind, limit);
	}
	return err;
}

static struct error *add_beside(struct plot_model *model, const struct profile *profile)
{
	return beside_create(profile, profile->zero_ns + llround(model->x.min * model->x.per_unit),
			     profile->zero_ns + llround(model->x.max * model->x.per_unit),
			     &model->beside, &model->beside_count);
}

/* One profile: its main curve, children, functions. */
static struct error *add_single(struct plot_model *model, const struct profile *profile,
				const struct plot_options *options)
{
	size_t rows = PLOT_LEGEND_ROWS - 3; /* the main curve, the peaks */
	size_t functions = 0;
	struct plot_children children;

	for (size_t i = 0; i < profile->function_count && !options->no_brackets; i++)
		functions += !profile->functions[i].is_hidden;
	size_t markers = options->no_brackets ? 0 : plot_ticks_shown(profile);
	markers = markers > rows / 3 ? rows / 3 : markers;
	rows -= markers;
	struct error *err = plot_children_init(&children, model, profile, options);
	if (err != NULL)
		return err;
	size_t function_rows = rows_of_functions(rows, children.count, functions);
	err = add_stack(model, profile);
	if (err == NULL && !model->curves[0].is_child)
		err = legend_add_curve(model, profile, &model->curves[0]);
	if (err == NULL)
		err = legend_add_stack(model, profile);
	if (err == NULL)
		err = add_limits(model, profile);
	if (err == NULL)
		err = add_beside(model, profile);
	if (err == NULL)
		err = plot_children_add_legend(&children, model, profile, rows - function_rows);
	if (err == NULL && !options->no_brackets)
		err = add_calls_legend(model, profile, options, function_rows, markers,
				       children.color_count);
	plot_children_deinit(&children);
	if (err == NULL)
		err = stack_tips_init(&model->peak_stacks, profile);
	return err != NULL ? err : legend_add_endless(model, profile);
}

static struct error *add_files(struct plot_model *model, const struct profile *profiles,
			       size_t count)
{
	static const size_t rows = PLOT_LEGEND_ROWS - 1; /* the peak */
	size_t curves = model->curve_count, named = curves <= rows ? curves : rows - 1;
	char metric[METRIC_LABEL_BYTES];
	struct error *err = NULL;

	metric_label_common(profiles, count, metric);
	for (size_t i = 0; err == NULL && i < named; i++)
		err = legend_add_file(model, &profiles[model->curves[i].profile], &model->curves[i],
				      metric[0] == '\0');
	if (err == NULL && named < curves)
		err = legend_add_more(model, curves - named, "profiles");
	return err;
}

static double highest_mib(const struct plot_model *model)
{
	double max_mib = fmax(fmax(model->peak.y, model->other_peak.y), model->stack.top_mib);

	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		for (size_t k = 0; k < curve->count; k++)
			max_mib = fmax(max_mib, curve->points[k].y);
		if (curve->trend.is_shown)
			max_mib = fmax(max_mib, fmax(curve->trend.from.y, curve->trend.to.y));
	}
	for (size_t i = 0; i < model->band_count; i++)
		max_mib = fmax(max_mib, model->band[i].high);
	for (size_t i = 0; i < model->bracket_count; i++)
		max_mib = fmax(max_mib, model->brackets[i].y);
	for (size_t i = 0; i < model->tick_count; i++)
		max_mib = fmax(max_mib, model->ticks[i].y);
	/* A limit that is far away would leave the curve no room. */
	const double far_mib = max_mib * 1.6;
	for (size_t i = 0; i < model->limit_count; i++) {
		if (model->limits[i].y <= far_mib)
			max_mib = fmax(max_mib, model->limits[i].y);
	}
	return max_mib;
}

static void convert_memory(struct plot_model *model)
{
	for (size_t i = 0; i < model->curve_count; i++) {
		for (size_t k = 0; k < model->curves[i].count; k++)
			model->curves[i].points[k].y /= model->y.per_unit;
		model->curves[i].peak.y /= model->y.per_unit;
		model->curves[i].trend.from.y /= model->y.per_unit;
		model->curves[i].trend.to.y /= model->y.per_unit;
	}
	plot_model_convert_band(model);
	for (size_t i = 0; i < model->bracket_count; i++)
		model->brackets[i].y /= model->y.per_unit;
	for (size_t i = 0; i < model->tick_count; i++)
		model->ticks[i].y /= model->y.per_unit;
	for (size_t i = 0; i < model->limit_count; i++)
		model->limits[i].y /= model->y.per_unit;
	model->peak.y /= model->y.per_unit;
	model->other_peak.y /= model->y.per_unit;
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
	model->other_peak.is_shown =
		model->other_peak.is_shown && axis_has(&model->y, model->other_peak.y);
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

/* The files' names, where there are several. Owned. */
static char *make_title(const struct plot_model *model, const struct profile *profiles,
			size_t count, const struct plot_options *options)
{
	const char *title = options->title;
	char *text = NULL;
	size_t bytes;

	if (title == NULL && count == 1)
		title = profiles[0].command_line != NULL ? profiles[0].command_line : "";
	if (title != NULL)
		return text_clean(title, strlen(title));
	FILE *out = open_memstream(&text, &bytes);
	for (size_t i = 0; out != NULL && i < model->curve_count; i++)
		fprintf(out, "%s%s", i > 0 ? ", " : "", model->curves[i].name);
	return out != NULL && fclose(out) == 0 ? text : NULL;
}

/* What the axis of time counts from. Owned. */
static char *make_time_label(const struct plot_model *model, const struct profile *profiles,
			     size_t count, const struct plot_options *options)
{
	char days[AXIS_LABEL_BYTES], date[TEXT_DATE_BYTES];

	if (options->clock) {
		axis_format_days(&model->x, days);
		return legend_format("time of day, %s (%s)", days, model->x.zone);
	}
	if (options->origin != NULL)
		return legend_format("time (%s) from %s", model->x.unit, options->origin);
	if (count > 1)
		return legend_format("time (%s) from the start of each", model->x.unit);
	text_format_date(date, profiles[0].first_ns);
	return legend_format("time (%s)%s%s", model->x.unit, date[0] != '\0' ? " from " : "", date);
}

static struct error *add_words(struct plot_model *model, const struct profile *profiles,
			       size_t count, const struct plot_options *options)
{
	model->title = make_title(model, profiles, count, options);
	model->x_label = make_time_label(model, profiles, count, options);
	model->x_label_short =
		legend_format("time (%s)", options->clock ? model->x.zone : model->x.unit);
	struct error *err = add_memory_labels(model, profiles, count);
	if (err == NULL &&
	    (model->title == NULL || model->x_label == NULL || model->x_label_short == NULL))
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
		if (profiles[i].last_ns - profiles[i].zero_ns > *ret_end_ns)
			*ret_end_ns = profiles[i].last_ns - profiles[i].zero_ns;
	}
	if (*ret_end_ns <= *ret_start_ns)
		*ret_end_ns = *ret_start_ns + least_ns;
}

static void make_time_axis(struct axis *axis, const struct profile *profiles, int64_t start_ns,
			   int64_t end_ns, const struct plot_options *options)
{
	if (options->clock) {
		axis_init_clock(axis, (double)start_ns, (double)end_ns, profiles[0].zero_ns,
				X_TICKS);
		return;
	}
	axis_init_time(axis, (double)start_ns, (double)end_ns, X_TICKS, !options->has_window);
	if (options->origin_ns != 0)
		axis_set_origin(axis, (double)options->origin_ns, X_TICKS);
}

/* In the words of the one who has chosen it: the axis's. */
static struct error *nothing_seen(const struct plot_options *options, int64_t start_ns,
				  int64_t end_ns)
{
	return error_new(ERR_USAGE,
			 "nothing was recorded between %g and %g s: "
			 "choose another --window",
			 (double)(start_ns - options->origin_ns) / 1e9,
			 (double)(end_ns - options->origin_ns) / 1e9);
}

static struct error *model_build(struct plot_model *model, const struct profile *profiles,
				 size_t count, const struct plot_options *options)
{
	struct decimate decimate;
	int64_t start_ns, end_ns;

	find_window(profiles, count, options, &start_ns, &end_ns);
	make_time_axis(&model->x, profiles, start_ns, end_ns, options);
	struct error *err =
		decimate_init(&decimate, start_ns, end_ns,
			      options->columns > 0 ? options->columns : DEFAULT_COLUMNS);
	for (size_t i = 0; err == NULL && i < count; i++)
		err = plot_model_add_curves(model, &profiles[i], i, count == 1, &decimate, options);
	decimate_deinit(&decimate);
	if (err == NULL && model->curve_count == 0)
		err = nothing_seen(options, start_ns, end_ns);
	if (err == NULL)
		err = name_curves(model, profiles, count, options);
	if (err == NULL)
		err = plot_model_add_band(model, &profiles[0], options);
	if (err == NULL)
		err = options->subjects != NULL ? plot_model_add_subjects(model, profiles, options)
		      : count == 1		? add_single(model, &profiles[0], options)
						: add_files(model, profiles, count);
	if (err == NULL)
		err = plot_model_add_peaks(model, profiles, count);
	if (err == NULL)
		err = legend_find_briefs(model);
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
