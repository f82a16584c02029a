/* Brackets where calls start and end; see plot_brackets.h. Plot layer. */
#include "plot/plot_brackets.h"

#include <stdlib.h>

#include "plot/call_summary.h"
#include "plot/palette.h"
#include "plot/plot_legend.h"
#include "tracer/base/array.h"

/* Beyond so many calls single brackets hide each other: the longest of each function stay. */
enum { CALLS_ALL_DRAWN = 400, LONGEST_OF_FUNCTION = 200, LONGEST_OF_ALL = 2000, LEAST = 5 };

struct ranked_function {
	const struct function *function;
	struct call_summary summary;
	size_t first; /* place in the file, to break ties */
};

static int ranked_function_compare(const void *a, const void *b)
{
	const struct ranked_function *one = a, *other = b;

	if (one->summary.total_ns != other->summary.total_ns)
		return one->summary.total_ns > other->summary.total_ns ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

static size_t bracket_limit(const struct profile *profile, const struct plot_options *options)
{
	size_t calls = 0;

	if (options->bracket_limit > 0)
		return options->bracket_limit;
	for (size_t i = 0; i < profile->function_count; i++)
		calls += profile->functions[i].is_hidden ? 0 : profile->functions[i].call_count;
	if (calls <= CALLS_ALL_DRAWN)
		return CALLS_ALL_DRAWN;
	size_t limit = LONGEST_OF_ALL / profile->function_count;
	return limit > LONGEST_OF_FUNCTION ? LONGEST_OF_FUNCTION : limit < LEAST ? LEAST : limit;
}

static struct error *add_bracket(struct plot_model *model, const struct profile *profile,
				 int64_t time_ns, double mib, bool is_exit, int color)
{
	double x = (double)(time_ns - profile->first_ns) / model->x.per_unit;

	if (x < model->x.min || x > model->x.max)
		return NULL;
	struct error *err = array_reserve(&model->brackets, &model->bracket_capacity,
					  model->bracket_count + 1, sizeof(*model->brackets));
	if (err == NULL)
		model->brackets[model->bracket_count++] =
			(struct plot_bracket){ x, mib, color, is_exit };
	return err;
}

static int index_compare(const void *a, const void *b)
{
	const size_t *one = a, *other = b;

	return *one < *other ? -1 : *one > *other;
}

static struct error *add_calls(struct plot_model *model, const struct profile *profile,
			       const struct function *function, size_t limit, int color,
			       size_t *ret_drawn)
{
	size_t *picked;
	struct error *err = calls_pick_longest(function, limit, &picked, ret_drawn);
	if (err != NULL)
		return err;
	qsort(picked, *ret_drawn, sizeof(*picked), index_compare);
	for (size_t i = 0; err == NULL && i < *ret_drawn; i++) {
		const struct call *call = &function->calls[picked[i]];
		err = add_bracket(model, profile, call->in_ns, call->mib_in, false, color);
		/* No closing bracket where nobody saw the end. */
		if (err == NULL && call->how != CALL_OPEN)
			err = add_bracket(model, profile, call->out_ns, call->mib_out, true, color);
	}
	free(picked);
	return err;
}

static struct error *rank_functions(const struct profile *profile, struct ranked_function **ret,
				    size_t *ret_count)
{
	struct ranked_function *ranked = calloc(profile->function_count + 1, sizeof(*ranked));
	struct error *err = ranked == NULL ? error_no_memory() : NULL;
	size_t count = 0;

	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		if (profile->functions[i].is_hidden)
			continue;
		ranked[count].function = &profile->functions[i];
		ranked[count].first = i;
		err = call_summary_init(&ranked[count].summary, ranked[count].function);
		count++;
	}
	if (err != NULL) {
		free(ranked);
		return err;
	}
	qsort(ranked, count, sizeof(*ranked), ranked_function_compare);
	*ret = ranked;
	*ret_count = count;
	return NULL;
}

struct error *plot_model_add_functions(struct plot_model *model, const struct profile *profile,
				       const struct plot_options *options, size_t rows,
				       size_t first_color)
{
	size_t count, limit = bracket_limit(profile, options);
	struct ranked_function *ranked;

	struct error *err = rank_functions(profile, &ranked, &count);
	if (err != NULL)
		return err;
	size_t named = count <= rows ? count : rows > 0 ? rows - 1 : 0;
	for (size_t i = 0; err == NULL && i < count; i++) {
		int color = palette_cycle(first_color + i);
		size_t drawn = 0;
		err = add_calls(model, profile, ranked[i].function, limit, color, &drawn);
		if (err == NULL && i < named)
			err = legend_add_function(model, ranked[i].function, &ranked[i].summary,
						  drawn, color);
	}
	if (err == NULL && named < count && rows > 0)
		err = legend_add_more(model, count - named, "functions");
	free(ranked);
	return err;
}
