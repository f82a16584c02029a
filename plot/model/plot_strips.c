/* Density strips; see plot_strips.h. Plot layer. */
#include "plot/model/plot_strips.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/profile/call_summary.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/*
 * The cells of a strip being filled. A long call runs through many of them: what is full of it is
 * noted at its first and behind its last cell only, and summed up at the end.
 */
struct strip_fill {
	int64_t start_ns; /* since the epoch */
	double cell_ns;	  /* of one cell */
	double count[PLOT_STRIP_CELLS], gained_mib[PLOT_STRIP_CELLS];
	double busy[PLOT_STRIP_CELLS];	   /* cells, of calls that fill a part */
	double full[PLOT_STRIP_CELLS + 1]; /* change in the number of calls that fill all of it */
};

/* In integers first: a double since the epoch is good to 240 ns only. */
static double cell_of(const struct strip_fill *fill, int64_t time_ns)
{
	return (double)(time_ns - fill->start_ns) / fill->cell_ns;
}

static bool is_cell(double cell)
{
	return cell >= 0 && cell < PLOT_STRIP_CELLS;
}

/* Adds @share of the time from @from to @to, in cells. */
static void add_busy(struct strip_fill *fill, double from, double to, double share)
{
	from = fmax(from, 0);
	to = fmin(to, PLOT_STRIP_CELLS);
	if (!(to > from))
		return;
	size_t first = (size_t)from, last = (size_t)to;
	if (first == last) {
		fill->busy[first] += (to - from) * share;
		return;
	}
	fill->busy[first] += ((double)first + 1 - from) * share;
	if (last < PLOT_STRIP_CELLS)
		fill->busy[last] += (to - (double)last) * share;
	fill->full[first + 1] += share;
	fill->full[last] -= share;
}

static void add_call(struct strip_fill *fill, const struct profile_call *call, bool is_outer)
{
	double from = cell_of(fill, call->in_ns), to = cell_of(fill, call->out_ns);

	if (is_cell(from))
		fill->count[(size_t)from]++;
	if (!is_outer)
		return; /* its time and memory are in the outer call's already */
	add_busy(fill, from, to, 1);
	if (is_cell(to) && call->how != CALL_OPEN)
		fill->gained_mib[(size_t)to] += call->mib_out - call->mib_in;
}

/* What a window's calls did is spread evenly over it: more is not known. */
static void add_condensed(struct strip_fill *fill, const struct condensed_calls *many)
{
	double from = cell_of(fill, many->from_ns), to = cell_of(fill, many->to_ns);
	double length = to - from;

	if (length < 1e-9) {
		from -= 0.5e-9;
		length = 1e-9;
		to = from + length;
	}
	add_busy(fill, from, to, (double)many->total_ns / (length * fill->cell_ns));
	size_t first = (size_t)fmax(from, 0);
	for (size_t i = first; i < PLOT_STRIP_CELLS && (double)i < to; i++) {
		double part = (fmin(to, (double)i + 1) - fmax(from, (double)i)) / length;
		if (part <= 0)
			continue;
		fill->count[i] += part * (double)many->count;
		fill->gained_mib[i] += part * many->mib_gained;
	}
}

static void finish_cells(const struct strip_fill *fill, struct plot_strip *strip)
{
	double running = 0;

	for (size_t i = 0; i < PLOT_STRIP_CELLS; i++) {
		struct plot_strip_cell *cell = &strip->cells[i];
		running += fill->full[i];
		cell->calls_per_s = fill->count[i] / (fill->cell_ns * 1e-9);
		cell->busy = fmin(fmax(fill->busy[i] + running, 0), 1);
		cell->gained_mib = fill->gained_mib[i];
		strip->most_calls_per_s = fmax(strip->most_calls_per_s, cell->calls_per_s);
		strip->most_moved_mib = fmax(strip->most_moved_mib, fabs(cell->gained_mib));
		if (cell->gained_mib > 0)
			strip->gained_mib += cell->gained_mib;
		else
			strip->released_mib -= cell->gained_mib;
	}
}

static char *strip_detail(const struct plot_strip *strip, const struct function_totals *totals)
{
	char count[TEXT_FIGURE_BYTES], rate[TEXT_FIGURE_BYTES], longest[TEXT_FIGURE_BYTES];
	char gained[TEXT_FIGURE_BYTES], released[TEXT_FIGURE_BYTES], moved[96] = "";
	char *text;

	text_format_count(count, (double)totals->calls);
	text_format_count(rate, strip->most_calls_per_s);
	text_format_duration(longest, totals->longest_ns);
	text_format_memory(gained, strip->gained_mib);
	text_format_memory(released, strip->released_mib);
	if (strip->most_moved_mib > 0)
		snprintf(moved, sizeof(moved), ", memory%s%s%s%s",
			 strip->gained_mib > 0 ? " +" : "", strip->gained_mib > 0 ? gained : "",
			 strip->released_mib > 0 ? " \xe2\x88\x92" : "",
			 strip->released_mib > 0 ? released : "");
	if (asprintf(&text, "  %s calls, up to %s/s, longest %s%s", count, rate, longest, moved) <
	    0)
		return NULL;
	return text;
}

struct error *plot_model_add_strip(struct plot_model *model, const struct profile *profile,
				   const struct profile_function *function,
				   const struct function_totals *totals, int color)
{
	struct error *err = array_reserve(&model->strips, &model->strip_capacity,
					  model->strip_count + 1, sizeof(*model->strips));
	if (err != NULL)
		return err;
	struct strip_fill *fill = calloc(1, sizeof(*fill));
	bool *outer = NULL;
	if (fill == NULL)
		return error_no_memory();
	err = calls_find_outer(function, &outer);
	if (err != NULL) {
		free(fill);
		return err;
	}

	struct plot_strip *strip = &model->strips[model->strip_count++];
	*strip = (struct plot_strip){ .color = color };
	double window_ns = (model->x.max - model->x.min) * model->x.per_unit;
	fill->start_ns = profile->zero_ns + llround(model->x.min * model->x.per_unit);
	fill->cell_ns = window_ns / PLOT_STRIP_CELLS;
	for (size_t i = 0; i < function->call_count; i++)
		add_call(fill, &function->calls[i], outer[i]);
	for (size_t i = 0; i < function->condensed_count; i++)
		add_condensed(fill, &function->condensed[i]);
	finish_cells(fill, strip);
	free(outer);
	free(fill);
	strip->name = strdup(function->name);
	strip->detail = strip_detail(strip, totals);
	return strip->name == NULL || strip->detail == NULL ? error_no_memory() : NULL;
}
