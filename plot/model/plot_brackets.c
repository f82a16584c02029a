/* Brackets where calls start and end; see plot_brackets.h. Plot layer. */
#include "plot/model/plot_brackets.h"

#include <math.h>
#include <stdlib.h>

#include "plot/model/call_tip.h"
#include "plot/model/palette.h"
#include "plot/model/plot_flame.h"
#include "plot/model/plot_legend.h"
#include "plot/model/plot_strips.h"
#include "plot/profile/call_summary.h"
#include "plot/totals/function_totals.h"
#include "tracer/base/array.h"

/*
 * Beyond a few hundred calls brackets hide each other. Then functions with few calls keep all
 * theirs; of the others the longest few stay, and those called most get a density strip.
 */
enum {
	CALLS_ALL_DRAWN = 150,
	LONGEST_KEPT = 4,
	LONGEST_OF_ALL = 200,
	STRIPS = 6,
	STRIP_LEAST = 50
};

/* What tells a function from others. */
struct look {
	int color, form;
};

struct ranked_function {
	const struct profile_function *function;
	struct function_totals totals; /* of what is seen */
	struct look look;
	int64_t first_in_ns; /* of all its calls, also of those outside of the window */
	size_t single;	     /* calls in the window, without condensed ones */
	uint64_t seen;	     /* with them */
	size_t first;	     /* place in the file, to break ties */
	size_t limit;	     /* of calls that get brackets */
	bool is_hot, strip;  /* not all calls have brackets; it gets a strip */
	bool is_named;	     /* in the legend */
};

/* The greatest total time first. */
static int ranked_function_compare(const void *a, const void *b)
{
	const struct ranked_function *one = a, *other = b;

	if (one->totals.total_ns != other->totals.total_ns)
		return one->totals.total_ns > other->totals.total_ns ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

/* As they were first called. */
static int ranked_compare_start(const void *a, const void *b)
{
	const struct ranked_function *one = a, *other = b;

	if (one->first_in_ns != other->first_in_ns)
		return one->first_in_ns < other->first_in_ns ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

/* Of two indices into @ranked: the fewest calls first. */
static int ranked_compare_calls(const void *a, const void *b, void *ranked)
{
	const struct ranked_function *one = (struct ranked_function *)ranked + *(const size_t *)a;
	const struct ranked_function *other = (struct ranked_function *)ranked + *(const size_t *)b;

	if (one->seen != other->seen)
		return one->seen < other->seen ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

/* The time that the axis shows, since the epoch. */
struct window_ns {
	int64_t from, to;
};

static struct window_ns find_window(const struct plot_model *model, const struct profile *profile)
{
	const struct axis *x = &model->x;

	return (struct window_ns){ profile->zero_ns + llround(x->min * x->per_unit),
				   profile->zero_ns + llround(x->max * x->per_unit) };
}

static struct error *add_bracket(struct plot_model *model, double x, double mib, bool is_exit,
				 bool is_held, const struct look *look)
{
	if (x < model->x.min || x > model->x.max)
		return NULL;
	struct error *err = array_reserve(&model->brackets, &model->bracket_capacity,
					  model->bracket_count + 1, sizeof(*model->brackets));
	if (err == NULL)
		model->brackets[model->bracket_count++] =
			(struct plot_bracket){ .x = x,
					       .y = mib,
					       .color = look->color,
					       .form = look->form,
					       .is_exit = is_exit,
					       .is_held = is_held,
					       .call = model->call_count - 1 };
	return err;
}

/* Both brackets of a call, as far as they lie in the window. */
static struct error *add_call(struct plot_model *model, const struct profile *profile,
			      const struct profile_function *function,
			      const struct profile_call *call, const struct look *look)
{
	double x_in = (double)(call->in_ns - profile->zero_ns) / model->x.per_unit;
	double x_out = (double)(call->out_ns - profile->zero_ns) / model->x.per_unit;

	if (x_out < model->x.min || x_in > model->x.max)
		return NULL;
	struct error *err = array_reserve(&model->calls, &model->call_capacity,
					  model->call_count + 1, sizeof(*model->calls));
	if (err != NULL)
		return err;
	char *tip = call_tip(profile, &model->x, function, call);
	if (tip == NULL)
		return error_no_memory();
	model->calls[model->call_count++] = (struct plot_call){ x_in, x_out, tip };
	err = add_bracket(model, x_in, call->mib_in, false, call->held & CALL_HELD_IN, look);
	/* No closing bracket where the end was not seen. */
	if (err == NULL && call->how != CALL_OPEN)
		err = add_bracket(model, x_out, call->mib_out, true, call->held & CALL_HELD_OUT,
				  look);
	return err;
}

static struct error *add_calls(struct plot_model *model, const struct profile *profile,
			       const struct ranked_function *ranked, size_t *ret_drawn)
{
	size_t *picked;
	const struct window_ns window = find_window(model, profile);
	struct error *err = calls_pick_longest(ranked->function, window.from, window.to,
					       ranked->limit, &picked, ret_drawn);
	if (err != NULL)
		return err;
	qsort(picked, *ret_drawn, sizeof(*picked), index_compare);
	for (size_t i = 0; err == NULL && i < *ret_drawn; i++)
		err = add_call(model, profile, ranked->function,
			       &ranked->function->calls[picked[i]], &ranked->look);
	free(picked);
	return err;
}

/* Which functions get all brackets, and which a strip. @by_calls: indices, fewest calls first. */
static void share_out(struct ranked_function *ranked, const size_t *by_calls, size_t count)
{
	size_t room = CALLS_ALL_DRAWN, hot = 0, strips = 0;

	for (size_t i = 0; i < count; i++) {
		struct ranked_function *one = &ranked[by_calls[i]];
		one->is_hot = one->single > room || one->seen > one->single;
		one->limit = one->single;
		room -= one->is_hot ? 0 : one->single;
		hot += one->is_hot;
	}
	size_t longest = hot > 0 ? LONGEST_OF_ALL / hot : 0;
	longest = longest > LONGEST_KEPT ? LONGEST_KEPT : longest < 1 ? 1 : longest;
	for (size_t i = count; i-- > 0;) {
		struct ranked_function *one = &ranked[by_calls[i]];
		if (!one->is_hot)
			continue;
		one->limit = longest;
		one->strip = strips < STRIPS && one->seen >= STRIP_LEAST;
		strips += one->strip;
	}
}

static struct error *rank_functions(const struct plot_model *model, const struct profile *profile,
				    struct ranked_function **ret, size_t *ret_count)
{
	const struct window_ns window = find_window(model, profile);
	struct ranked_function *ranked = calloc(profile->function_count + 1, sizeof(*ranked));
	size_t *by_calls = calloc(profile->function_count + 1, sizeof(*by_calls));
	struct error *err = ranked == NULL || by_calls == NULL ? error_no_memory() : NULL;
	size_t count = 0;

	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		if (profile->functions[i].is_hidden)
			continue;
		ranked[count].function = &profile->functions[i];
		ranked[count].first = i;
		ranked[count].seen = calls_count_between(ranked[count].function, window.from,
							 window.to, &ranked[count].single);
		ranked[count].first_in_ns = calls_first_entry_ns(ranked[count].function);
		err = function_totals_sum(&ranked[count].totals, profile, ranked[count].function,
					  window.from, window.to);
		count++;
	}
	if (err != NULL) {
		free(ranked);
		free(by_calls);
		return err;
	}
	qsort(ranked, count, sizeof(*ranked), ranked_function_compare);
	for (size_t i = 0; i < count; i++)
		by_calls[i] = i;
	qsort_r(by_calls, count, sizeof(*by_calls), ranked_compare_calls, ranked);
	share_out(ranked, by_calls, count);
	free(by_calls);
	*ret = ranked;
	*ret_count = count;
	return NULL;
}

/* Brackets, and a strip where it has too many calls; or nothing, where lanes show it. */
static struct error *add_function(struct plot_model *model, const struct profile *profile,
				  const struct plot_options *options,
				  const struct ranked_function *ranked)
{
	size_t drawn = ranked->single;
	struct error *err = NULL;

	if (!options->flame)
		err = add_calls(model, profile, ranked, &drawn);
	/* All that are seen are drawn, inherited ones too: nothing to tell. */
	if (drawn == ranked->single && ranked->seen == ranked->single)
		drawn = 0;
	if (err == NULL && !options->flame && ranked->strip)
		err = plot_model_add_strip(model, profile, ranked->function, &ranked->totals,
					   ranked->look.color);
	if (err == NULL && ranked->is_named)
		err = legend_add_function(model, ranked->function, &ranked->totals, drawn,
					  ranked->look.color, ranked->look.form);
	if (err == NULL && ranked->is_named && options->flame)
		model->legend[model->legend_count - 1].key = PLOT_KEY_BAR;
	return err;
}

/*
 * Of those that are seen, at most @rows are named: the ones with the greatest total time. Then they get
 * into the order of their first calls, in which they have their colours, whatever part is looked at.
 */
static size_t choose_looks(struct ranked_function *ranked, size_t count, size_t rows,
			   size_t first_color)
{
	size_t seen = 0, named = 0;

	for (size_t i = 0; i < count; i++)
		seen += ranked[i].seen > 0;
	size_t most = seen <= rows ? seen : rows > 0 ? rows - 1 : 0;
	for (size_t i = 0; i < count && named < most; i++) {
		ranked[i].is_named = ranked[i].seen > 0;
		named += ranked[i].is_named;
	}
	qsort(ranked, count, sizeof(*ranked), ranked_compare_start);
	for (size_t i = 0; i < count; i++)
		ranked[i].look = (struct look){ palette_cycle(first_color + i), palette_dash(i) };
	return seen - named;
}

struct error *plot_model_add_functions(struct plot_model *model, const struct profile *profile,
				       const struct plot_options *options, size_t rows,
				       size_t first_color)
{
	size_t count;
	struct ranked_function *ranked;
	int *colors = calloc(profile->function_count + 1, sizeof(*colors));

	if (colors == NULL)
		return error_no_memory();
	struct error *err = rank_functions(model, profile, &ranked, &count);
	if (err != NULL) {
		free(colors);
		return err;
	}
	for (size_t i = 0; i < profile->function_count; i++)
		colors[i] = -1; /* hidden */
	size_t left_out = choose_looks(ranked, count, rows, first_color);
	uint64_t held = 0;
	for (size_t i = 0; err == NULL && i < count; i++) {
		colors[ranked[i].first] = ranked[i].look.color;
		err = add_function(model, profile, options, &ranked[i]);
		held += ranked[i].totals.held_calls;
	}
	if (err == NULL && left_out > 0 && rows > 0)
		err = legend_add_more(model, left_out, "functions");
	if (err == NULL && held > 0)
		err = legend_add_held(model, held);
	if (err == NULL && options->flame)
		err = plot_model_add_lanes(model, profile, colors);
	free(ranked);
	free(colors);
	return err;
}
