/* Curves and their trends; see plot_curves.h. Plot layer. */
#include "plot/model/plot_curves.h"

#include <stdlib.h>

#include "plot/model/palette.h"
#include "plot/profile/profile_peak.h"
#include "plot/profile/trend.h"
#include "tracer/base/array.h"

/*
 * The memory seen at the starts and ends of calls, in groups by process: part of its curve. What was held was seen at
 * another time.
 */
struct call_samples {
	struct sample *samples;
	size_t *first; /* index of each process's first; process_count + 1 of them */
};

static void call_samples_deinit(struct call_samples *calls)
{
	free(calls->samples);
	free(calls->first);
}

static bool has_entry(const struct profile_call *call)
{
	return !(call->held & CALL_HELD_IN);
}

static bool has_end(const struct profile_call *call)
{
	return call->how != CALL_OPEN && !(call->held & CALL_HELD_OUT);
}

static void call_samples_fill(struct call_samples *calls, const struct profile *profile)
{
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			size_t *next = &calls->first[call->process + 1];
			if (has_entry(call))
				calls->samples[(*next)++] =
					(struct sample){ call->in_ns, call->mib_in };
			if (has_end(call))
				calls->samples[(*next)++] =
					(struct sample){ call->out_ns, call->mib_out };
		}
	}
}

/* A counting sort by process. In a sum over processes a call's own memory is no point. */
static struct error *call_samples_init(struct call_samples *calls, const struct profile *profile)
{
	size_t total = 0;

	calls->first = calloc(profile->process_count + 2, sizeof(*calls->first));
	calls->samples = NULL;
	if (calls->first == NULL)
		return error_no_memory();
	if (profile->is_tree)
		return NULL;
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		total += 2 * function->call_count;
		for (size_t k = 0; k < function->call_count; k++) {
			const struct profile_call *call = &function->calls[k];
			calls->first[call->process + 2] +=
				(size_t)has_entry(call) + (size_t)has_end(call);
		}
	}
	calls->samples = calloc(total + 1, sizeof(*calls->samples));
	if (calls->samples == NULL)
		return error_no_memory();
	/* first[p + 1] is where process p is filled next; afterwards it is its end. */
	for (size_t p = 2; p < profile->process_count + 2; p++)
		calls->first[p] += calls->first[p - 1];
	call_samples_fill(calls, profile);
	return NULL;
}

static struct error *add_curve(struct plot_model *model, struct sample *samples, size_t count,
			       const struct plot_curve *look)
{
	struct plot_point *points = calloc(count, sizeof(*points));
	struct error *err = points == NULL ? error_no_memory() : NULL;

	if (err == NULL)
		err = array_reserve(&model->curves, &model->curve_capacity, model->curve_count + 1,
				    sizeof(*model->curves));
	if (err != NULL) {
		free(points);
		return err;
	}
	for (size_t i = 0; i < count; i++)
		points[i] = (struct plot_point){ (double)samples[i].time_ns / model->x.per_unit,
						 samples[i].mib };
	struct plot_curve *curve = &model->curves[model->curve_count++];
	*curve = *look;
	curve->points = points;
	curve->count = count;
	curve->peak = points[0];
	for (size_t i = 1; i < count; i++) {
		if (points[i].y > curve->peak.y)
			curve->peak = points[i];
	}
	return NULL;
}

/* The points that a curve is made of, with times since the profile's start. */
struct curve_source {
	const struct series *series;
	const struct sample *calls;
	size_t call_count;
	int64_t zero_ns;
};

/* A reduced series was read for this window, and has summed up its samples on the way. */
static struct trend find_trend(const struct curve_source *source, const struct decimate *window)
{
	const struct series *series = source->series;
	int64_t start_ns = window->start_ns + source->zero_ns;
	int64_t end_ns = window->end_ns + source->zero_ns;
	struct trend trend = { 0 };

	if (series->is_reduced)
		trend = series->trend;
	for (size_t i = series_find(series, start_ns);
	     !series->is_reduced && i < series->count && series->time_ns[i] <= end_ns; i++)
		trend_add(&trend, series->time_ns[i], series->mib[i]);
	for (size_t i = 0; i < source->call_count; i++) {
		const struct sample *at = &source->calls[i];
		if (at->time_ns >= start_ns && at->time_ns <= end_ns)
			trend_add(&trend, at->time_ns, at->mib);
	}
	return trend;
}

/* From the curve's first point to its last, but not below zero: nothing is drawn there. */
static void add_trend(struct plot_model *model, const struct curve_source *source,
		      const struct decimate *window)
{
	struct plot_curve *curve = &model->curves[model->curve_count - 1];
	const struct trend trend = find_trend(source, window);
	struct trend_line line;

	if (!trend_line(&trend, &line))
		return;
	struct plot_point ends[2] = { curve->points[0], curve->points[curve->count - 1] };
	for (size_t i = 0; i < 2; i++) {
		double since_ns = ends[i].x * model->x.per_unit;
		ends[i].y = trend_line_mib(&line, source->zero_ns + (int64_t)since_ns);
	}
	for (size_t i = 0; i < 2; i++) {
		struct plot_point *below = &ends[i], *other = &ends[1 - i];
		if (below->y >= 0 || other->y <= 0)
			continue;
		below->x += (other->x - below->x) * -below->y / (other->y - below->y);
		below->y = 0;
	}
	curve->trend = (struct plot_trend){
		.is_shown = true,
		.from = ends[0],
		.to = ends[1],
		.mib_per_s = line.mib_per_s,
	};
}

/* The curve of one process, if it has a point in the window. Memory stays MiB for now. */
static struct error *add_process_curve(struct plot_model *model, const struct curve_source *source,
				       struct decimate *decimate,
				       const struct plot_options *options,
				       const struct plot_curve *look)
{
	const struct series *series = source->series;
	int64_t zero_ns = source->zero_ns;
	struct sample *samples;
	size_t count;

	decimate_clear(decimate);
	for (size_t i = 0; i < series->count; i++)
		decimate_add(decimate, series->time_ns[i] - zero_ns, series->mib[i]);
	for (size_t i = 0; i < source->call_count; i++)
		decimate_add(decimate, source->calls[i].time_ns - zero_ns, source->calls[i].mib);
	struct error *err = decimate_points(decimate, &samples, &count);
	if (err != NULL || count == 0)
		return err;
	err = add_curve(model, samples, count, look);
	free(samples);
	if (err == NULL && options->slope)
		add_trend(model, source, decimate);
	return err;
}

struct error *plot_model_add_curves(struct plot_model *model, const struct profile *profile,
				    size_t index, bool is_single, struct decimate *decimate,
				    const struct plot_options *options)
{
	struct call_samples calls;
	struct error *err = call_samples_init(&calls, profile);
	size_t before = model->curve_count;

	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		if (i > 0 && profile->processes[i].highest_ns == PROFILE_TIME_UNKNOWN)
			continue; /* without samples, or part of a sum */
		if (!is_single && model->curve_count > before)
			break; /* one curve a file */
		const size_t like =
			options->subjects != NULL ? options->subjects[index].look : index;
		struct plot_curve look = {
			.color = like == 0 ? COLOR_MAIN : palette_cycle(like - 1),
			.dash = like == 0 ? 0 : palette_dash(like - 1),
			.is_child = is_single && i > 0,
			.is_filled = is_single && i == 0,
			.profile = index,
			.process = i,
		};
		struct curve_source source = {
			.series = &profile->processes[i].series,
			.calls = calls.samples != NULL ? calls.samples + calls.first[i] : NULL,
			.call_count = calls.first[i + 1] - calls.first[i],
			.zero_ns = profile->zero_ns,
		};
		err = add_process_curve(model, &source, decimate, options, &look);
	}
	call_samples_deinit(&calls);
	return err;
}

const struct plot_curve *plot_model_find_curve(const struct plot_model *model, size_t index,
					       size_t process)
{
	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		if (curve->profile == index && curve->process == process)
			return curve;
	}
	return NULL;
}

/* Whether all that is known of the memory of a process is in the window. */
static bool is_all_seen(const struct plot_model *model, const struct profile *profile,
			size_t process)
{
	static const double rounding_ns = 1000;
	const struct series *series = &profile->processes[process].series;
	double from_ns = (double)(series->first_ns - profile->zero_ns);
	double to_ns = (double)(series->last_ns - profile->zero_ns);

	return series->total == 0 || (from_ns >= model->x.min * model->x.per_unit - rounding_ns &&
				      to_ns <= model->x.max * model->x.per_unit + rounding_ns);
}

double plot_curve_peak_mib(const struct plot_model *model, const struct profile *profile,
			   const struct plot_curve *curve, bool *ret_exact)
{
	*ret_exact = false;
	if (!is_all_seen(model, profile, curve->process))
		return curve->peak.y;
	double mib = profile_peak_mib(profile, curve->process, curve->peak.y, ret_exact);
	/* A sum's may be the mark of one of its processes. */
	*ret_exact = *ret_exact || mib > curve->peak.y;
	return mib;
}
