/* Functions over the ranks of a job; see rank_functions.h. Plot layer. */
#include "plot/ranks/rank_functions.h"

#include <stdlib.h>

enum figure { CALLS, TOTAL, NET };

static double figure_of(const struct rank_call *call, enum figure figure)
{
	return figure == CALLS	 ? (double)call->calls
	       : figure == TOTAL ? (double)call->total_ns
				 : call->net_mib;
}

static void name_rank(const struct rank_call *calls, size_t *index)
{
	*index = calls[*index].rank;
}

/* @values: room for @count. */
static struct error *find(const struct rank_call *calls, size_t count, enum figure figure,
			  double *values, struct spread *ret)
{
	for (size_t i = 0; i < count; i++)
		values[i] = figure_of(&calls[i], figure);
	struct error *err = spread_find(values, count, ret);
	if (err != NULL)
		return err;
	name_rank(calls, &ret->low_at);
	name_rank(calls, &ret->median_at);
	name_rank(calls, &ret->high_at);
	return NULL;
}

static struct error *fill(struct rank_function *function, const struct rank_job *job,
			  const struct rank_call *calls, size_t count, double *values)
{
	*function = (struct rank_function){
		.name = rank_text(job, calls[0].function),
		.ranks = count,
	};
	for (size_t i = 0; i < count; i++)
		function->calls += calls[i].calls;
	struct error *err = find(calls, count, CALLS, values, &function->calls_of);
	if (err == NULL)
		err = find(calls, count, TOTAL, values, &function->total_ns);
	return err != NULL ? err : find(calls, count, NET, values, &function->net_mib);
}

static int compare(const void *a, const void *b)
{
	const struct rank_function *one = a, *other = b;

	if (one->total_ns.high != other->total_ns.high)
		return one->total_ns.high > other->total_ns.high ? -1 : 1;
	return one->name < other->name ? -1 : one->name > other->name;
}

struct error *rank_functions_init(struct rank_functions *functions, const struct rank_job *job)
{
	double *values = calloc(job->count + 1, sizeof(*values));
	struct error *err = NULL;

	*functions = (struct rank_functions){
		.functions = calloc(job->texts.count + 1, sizeof(struct rank_function)),
	};
	if (values == NULL || functions->functions == NULL)
		err = error_no_memory();
	for (size_t first = 0, end; err == NULL && first < job->call_count; first = end) {
		const struct rank_call *calls = &job->calls[first];
		for (end = first + 1;
		     end < job->call_count && job->calls[end].function == calls->function;)
			end++;
		err = fill(&functions->functions[functions->count++], job, calls, end - first,
			   values);
	}
	free(values);
	if (err != NULL) {
		rank_functions_deinit(functions);
		return err;
	}
	if (functions->count > 1)
		qsort(functions->functions, functions->count, sizeof(*functions->functions),
		      compare);
	return NULL;
}

void rank_functions_deinit(struct rank_functions *functions)
{
	free(functions->functions);
	*functions = (struct rank_functions){ 0 };
}
