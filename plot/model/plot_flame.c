/* Lanes of calls; see plot_flame.h. Plot layer. */
#include "plot/model/plot_flame.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/call_tip.h"
#include "plot/model/palette.h"
#include "plot/model/plot_curves.h"
#include "plot/model/plot_legend.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* Calls shorter than a column are drawn together; deeper ones than rows are only counted. */
enum { COLUMNS = 1200, LANE_ROWS = 24, ALL_ROWS = 64 };

struct lane_call {
	const struct profile_call *call; /* NULL: condensed */
	int64_t start_ns, end_ns;
	int64_t thread; /* condensed calls have none, and come behind all threads of their process */
	uint64_t count;
	double busy_ns;
	int32_t process, function;
	int32_t level; /* -1: unknown */
};

/* What falls into one column of one row. */
struct pending {
	int64_t start_ns, end_ns;
	uint64_t count;
	double busy_ns;
	const struct lane_call *longest;
	int64_t longest_ns;
};

struct lane_fill {
	struct plot_model *model;
	const struct profile *profile;
	const int *colors;
	int64_t start_ns, end_ns; /* the window, since the epoch */
	double column_ns;
	struct pending rows[LANE_ROWS];
	int64_t row_end_ns[LANE_ROWS];
	size_t rows_used;
	uint64_t too_deep;
};

static struct lane_call lane_call_single(const struct profile_call *call, size_t function)
{
	return (struct lane_call){
		.call = call,
		.start_ns = call->in_ns,
		.end_ns = call->out_ns,
		.thread = call->tid,
		.count = 1,
		.busy_ns = (double)(call->out_ns - call->in_ns),
		.process = call->process,
		.function = (int32_t)function,
		.level = call->level,
	};
}

static struct lane_call lane_call_condensed(const struct condensed_calls *many, size_t function)
{
	return (struct lane_call){
		.start_ns = many->from_ns,
		.end_ns = many->to_ns,
		.thread = INT64_MAX,
		.count = many->count,
		.busy_ns = (double)many->total_ns,
		.process = many->process,
		.function = (int32_t)function,
	};
}

/* By process, thread and start, the outer call first. */
static int lane_call_compare(const void *a, const void *b)
{
	const struct lane_call *one = a, *other = b;

	if (one->process != other->process)
		return one->process < other->process ? -1 : 1;
	if (one->thread != other->thread)
		return one->thread < other->thread ? -1 : 1;
	if (one->start_ns != other->start_ns)
		return one->start_ns < other->start_ns ? -1 : 1;
	if (one->end_ns != other->end_ns)
		return one->end_ns > other->end_ns ? -1 : 1;
	if (one->level != other->level)
		return one->level < other->level ? -1 : 1;
	return one->function < other->function ? -1 : one->function > other->function;
}

/* "37 calls, most of the time in parse". */
static char *pending_tip(const struct lane_fill *fill, const struct pending *pending)
{
	const struct lane_call *one = pending->longest;
	const struct profile_function *function = &fill->profile->functions[one->function];
	char count[TEXT_FIGURE_BYTES], busy[TEXT_FIGURE_BYTES], *tip;
	char start[AXIS_LABEL_BYTES], end[AXIS_LABEL_BYTES];

	if (pending->count == 1 && one->call != NULL)
		return call_tip(fill->profile, &fill->model->x, function, one->call);
	text_format_count(count, (double)pending->count);
	text_format_duration(busy, llround(pending->busy_ns));
	axis_format_moment(&fill->model->x, pending->start_ns - fill->profile->zero_ns, start);
	axis_format_moment(&fill->model->x, pending->end_ns - fill->profile->zero_ns, end);
	if (asprintf(&tip, "%s calls%s %s\n%s in all, from %s to %s", count,
		     one->call != NULL ? ", the longest of" : " of", function->name, busy, start,
		     end) < 0)
		return NULL;
	return tip;
}

static struct error *flush(struct lane_fill *fill, size_t row)
{
	struct pending *pending = &fill->rows[row];
	struct plot_model *model = fill->model;

	if (pending->count == 0)
		return NULL;
	struct error *err = array_reserve(&model->bars, &model->bar_capacity, model->bar_count + 1,
					  sizeof(*model->bars));
	if (err != NULL)
		return err;
	const struct profile_function *function =
		&fill->profile->functions[pending->longest->function];
	double length_ns = (double)(pending->end_ns - pending->start_ns);
	struct plot_bar *bar = &model->bars[model->bar_count++];
	*bar = (struct plot_bar){
		.x1 = (double)(pending->start_ns - fill->profile->zero_ns) / model->x.per_unit,
		.x2 = (double)(pending->end_ns - fill->profile->zero_ns) / model->x.per_unit,
		.row = model->lane_row_count + row,
		.color = fill->colors[pending->longest->function],
		.strength = length_ns > 0 ? fmin(pending->busy_ns / length_ns, 1) : 1,
		.name = strdup(pending->count == 1 || pending->longest->call == NULL
				       ? function->name
				       : ""),
		.tip = pending_tip(fill, pending),
	};
	bar->x1 = fmax(bar->x1, model->x.min);
	bar->x2 = fmin(bar->x2, model->x.max);
	*pending = (struct pending){ 0 };
	return bar->name == NULL || bar->tip == NULL ? error_no_memory() : NULL;
}

/* The row of a call: its level's, unless another call is there; without a level, above all open. */
static size_t find_row(const struct lane_fill *fill, const struct lane_call *one)
{
	size_t row = 0;

	if (one->level >= 0) {
		row = one->level < LANE_ROWS ? (size_t)one->level : LANE_ROWS;
		while (row < LANE_ROWS && fill->row_end_ns[row] > one->start_ns)
			row++;
		return row;
	}
	for (size_t i = 0; i < LANE_ROWS; i++) {
		if (fill->row_end_ns[i] > one->start_ns)
			row = i + 1;
	}
	return row;
}

static struct error *add_to_row(struct lane_fill *fill, const struct lane_call *one, size_t row)
{
	struct pending *pending = &fill->rows[row];
	int64_t end_ns = one->end_ns, length_ns = end_ns - one->start_ns;
	bool is_short = (double)length_ns < fill->column_ns;
	struct error *err = NULL;

	fill->row_end_ns[row] = end_ns;
	fill->rows_used = row >= fill->rows_used ? row + 1 : fill->rows_used;
	if (pending->count > 0 &&
	    (!is_short || (double)(end_ns - pending->start_ns) > fill->column_ns))
		err = flush(fill, row);
	if (err != NULL)
		return err;
	if (pending->count == 0)
		*pending = (struct pending){ .start_ns = one->start_ns, .longest = one };
	if (length_ns > pending->longest_ns) {
		pending->longest = one;
		pending->longest_ns = length_ns;
	}
	pending->end_ns = end_ns;
	pending->count += one->count;
	pending->busy_ns += one->busy_ns;
	return is_short ? NULL : flush(fill, row);
}

static char *lane_label(const struct profile *profile, const struct lane_call *first)
{
	int32_t pid = profile->processes[first->process].pid;
	char *label;
	int length;

	if (first->call == NULL)
		length = asprintf(&label, "condensed");
	else if (first->call->tid != 0 && first->call->tid != pid)
		length = asprintf(&label, "thread %" PRId32, first->call->tid);
	else if (pid > 0)
		length = asprintf(&label, "pid %" PRId32, pid);
	else
		length = asprintf(&label, "calls");
	return length < 0 ? NULL : label;
}

/* Takes back the bars of a lane that there is no room for. */
static void drop_bars(struct plot_model *model, size_t first)
{
	while (model->bar_count > first) {
		struct plot_bar *bar = &model->bars[--model->bar_count];
		free(bar->name);
		free(bar->tip);
	}
}

/* The calls of one thread. Adds nothing, and says so, when the page is full. */
static struct error *add_lane(struct lane_fill *fill, const struct lane_call *calls, size_t count,
			      bool *ret_added)
{
	struct plot_model *model = fill->model;
	size_t first_bar = model->bar_count;
	struct error *err = NULL;

	memset(fill->rows, 0, sizeof(fill->rows));
	for (size_t i = 0; i < LANE_ROWS; i++)
		fill->row_end_ns[i] = INT64_MIN;
	fill->rows_used = 0;
	for (size_t i = 0; err == NULL && i < count; i++) {
		size_t row = find_row(fill, &calls[i]);
		if (row < LANE_ROWS)
			err = add_to_row(fill, &calls[i], row);
		else
			fill->too_deep++;
	}
	for (size_t row = 0; err == NULL && row < LANE_ROWS; row++)
		err = flush(fill, row);
	*ret_added = model->lane_row_count + fill->rows_used <= ALL_ROWS;
	if (err != NULL || !*ret_added) {
		drop_bars(model, first_bar);
		return err;
	}
	err = array_reserve(&model->lanes, &model->lane_capacity, model->lane_count + 1,
			    sizeof(*model->lanes));
	if (err != NULL)
		return err;
	const struct plot_curve *curve = plot_model_find_curve(model, 0, (size_t)calls->process);
	model->lanes[model->lane_count++] = (struct plot_lane){
		.label = lane_label(fill->profile, calls),
		.color = curve != NULL ? curve->color : COLOR_SPINE,
		.first_row = model->lane_row_count,
		.row_count = fill->rows_used,
	};
	model->lane_row_count += fill->rows_used;
	return model->lanes[model->lane_count - 1].label == NULL ? error_no_memory() : NULL;
}

/* All calls that reach into the window. */
static struct error *collect_calls(const struct lane_fill *fill, struct lane_call **ret,
				   size_t *ret_count)
{
	const struct profile *profile = fill->profile;
	size_t most = 1, count = 0;

	for (size_t i = 0; i < profile->function_count; i++)
		most += profile->functions[i].call_count + profile->functions[i].condensed_count;
	struct lane_call *calls = calloc(most, sizeof(*calls));
	if (calls == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		if (fill->colors[i] < 0)
			continue;
		for (size_t k = 0; k < function->call_count; k++)
			calls[count++] = lane_call_single(&function->calls[k], i);
		for (size_t k = 0; k < function->condensed_count; k++)
			calls[count++] = lane_call_condensed(&function->condensed[k], i);
	}
	size_t kept = 0;
	for (size_t i = 0; i < count; i++) {
		if (calls[i].end_ns >= fill->start_ns && calls[i].start_ns <= fill->end_ns)
			calls[kept++] = calls[i];
	}
	qsort(calls, kept, sizeof(*calls), lane_call_compare);
	*ret = calls;
	*ret_count = kept;
	return NULL;
}

struct error *plot_model_add_lanes(struct plot_model *model, const struct profile *profile,
				   const int *colors)
{
	double per_unit = model->x.per_unit;
	struct lane_fill fill = {
		.model = model,
		.profile = profile,
		.colors = colors,
		.start_ns = profile->zero_ns + llround(model->x.min * per_unit),
		.end_ns = profile->zero_ns + llround(model->x.max * per_unit),
		.column_ns = (model->x.max - model->x.min) * per_unit / COLUMNS,
	};
	struct lane_call *calls = NULL;
	size_t count = 0, end;

	struct error *err = collect_calls(&fill, &calls, &count);
	for (size_t at = 0; err == NULL && at < count; at = end) {
		bool added;
		for (end = at + 1; end < count && calls[end].process == calls[at].process &&
				   calls[end].thread == calls[at].thread;)
			end++;
		err = add_lane(&fill, calls + at, end - at, &added);
		model->lanes_left_out += err == NULL && !added;
	}
	free(calls);
	if (err == NULL && model->lanes_left_out > 0)
		err = legend_add_more(model, model->lanes_left_out, "threads");
	if (err == NULL && fill.too_deep > 0)
		err = legend_add_more(model, fill.too_deep, "calls, nested deeper than shown");
	return err;
}
