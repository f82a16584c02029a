/* Recorded stacks, weighed; see stack_weights.h. Plot layer. */
#include "plot/stacks/stack_weights.h"

#include <stdlib.h>

#include "plot/totals/own_weights.h"
#include "tracer/base/array.h"

/* Of a function: what its calls have of their own, and of that those with stacks; and stacks of no single call. */
struct function_share {
	double all, with_stacks;
	size_t lone_stacks;
};

/* What is known of the recorded stacks of calls. */
struct call_stacks {
	const struct profile *profile;
	const struct call_nesting *nesting;
	const int64_t *weights;	       /* of each call of the nesting */
	struct function_share *shares; /* of each function */
	bool *has_call;		       /* of each met stack: it is one of a single call */
	int32_t *functions;	       /* of each name: index of the function called so, -1: none */
};

static struct error *add_stack(struct stack_weights *stacks, int32_t process, int32_t frame,
			       double weight)
{
	if (!(weight > 0))
		return NULL;
	struct error *err = array_reserve(&stacks->stacks, &stacks->capacity, stacks->count + 1,
					  sizeof(*stacks->stacks));
	if (err == NULL)
		stacks->stacks[stacks->count++] = (struct weighed_stack){ process, frame, weight };
	return err;
}

static int stack_compare(const void *left, const void *right)
{
	const struct weighed_stack *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	return (a->frame > b->frame) - (a->frame < b->frame);
}

static int weight_compare(const void *left, const void *right)
{
	const struct weighed_stack *a = left, *b = right;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return stack_compare(left, right);
}

/* The same stack of one process becomes one. */
static void merge_stacks(struct stack_weights *stacks)
{
	size_t kept = 0;

	if (stacks->count == 0)
		return;
	qsort(stacks->stacks, stacks->count, sizeof(*stacks->stacks), stack_compare);
	for (size_t i = 1; i < stacks->count; i++) {
		if (stack_compare(&stacks->stacks[kept], &stacks->stacks[i]) == 0)
			stacks->stacks[kept].weight += stacks->stacks[i].weight;
		else
			stacks->stacks[++kept] = stacks->stacks[i];
	}
	stacks->count = kept + 1;
	qsort(stacks->stacks, stacks->count, sizeof(*stacks->stacks), weight_compare);
}

static const struct met_stack *stack_of_call(const struct call_stacks *calls,
					     const struct profile_call *call)
{
	const struct met_stack *met = profile_stacks_entry(&calls->profile->stacks, call->process,
							   call->tid, call->in_ns);
	return met != NULL && met->frame >= 0 ? met : NULL;
}

/* The function that a recorded stack is one of a call of; -1: none, or it is no such stack. */
static int32_t called_function(const struct call_stacks *calls, const struct met_stack *met)
{
	bool is_call = met->why == STACK_AT_ENTRY && met->frame >= 0 && met->detail >= 0;
	return is_call ? calls->functions[met->detail] : -1;
}

static void find_functions(const struct call_stacks *calls)
{
	const struct profile *profile = calls->profile;

	for (size_t i = 0; i < profile->stacks.name_count; i++) {
		const struct profile_function *function =
			profile_find_function(profile, profile->stacks.names[i]);
		calls->functions[i] =
			function == NULL ? -1 : (int32_t)(function - profile->functions);
	}
}

static void sum_single_calls(const struct call_stacks *calls)
{

	for (size_t i = 0; i < calls->nesting->count; i++) {
		const struct profile_call *call =
			call_nesting_at(calls->profile, calls->nesting, i);
		struct function_share *share = &calls->shares[calls->nesting->calls[i].function];
		const double weight = calls->weights[i] > 0 ? (double)calls->weights[i] : 0;
		const struct met_stack *met = stack_of_call(calls, call);
		share->all += weight;
		if (met == NULL)
			continue;
		share->with_stacks += weight;
		calls->has_call[met - calls->profile->stacks.met] = true;
	}
}

static void sum_calls(const struct call_stacks *calls, bool is_memory)
{
	const struct profile *profile = calls->profile;

	sum_single_calls(calls);
	for (size_t i = 0; i < profile->function_count; i++) {
		const struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->condensed_count; k++) {
			const struct condensed_calls *many = &function->condensed[k];
			const double weight =
				is_memory ? (double)weight_gained_bytes(many->mib_gained)
					  : (double)many->total_ns;
			calls->shares[i].all += weight > 0 ? weight : 0;
		}
	}
	for (size_t i = 0; i < profile->stacks.met_count; i++) {
		int32_t function = called_function(calls, &profile->stacks.met[i]);
		if (function >= 0 && !calls->has_call[i])
			calls->shares[function].lone_stacks++;
	}
}

/* Those of single calls. */
static struct error *add_calls(const struct call_stacks *calls, struct stack_weights *stacks)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < calls->nesting->count; i++) {
		const struct profile_call *call =
			call_nesting_at(calls->profile, calls->nesting, i);
		const struct function_share *share =
			&calls->shares[calls->nesting->calls[i].function];
		const struct met_stack *met = stack_of_call(calls, call);
		double factor = share->lone_stacks > 0 ? 1 : share->all / share->with_stacks;
		if (met != NULL && calls->weights[i] > 0)
			err = add_stack(stacks, met->process, met->frame,
					(double)calls->weights[i] * factor);
	}
	return err;
}

/* Those of others, and functions without any. */
static struct error *add_others(const struct call_stacks *calls, struct stack_weights *stacks)
{
	const struct profile *profile = calls->profile;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->stacks.met_count; i++) {
		const struct met_stack *met = &profile->stacks.met[i];
		int32_t function = called_function(calls, met);
		if (function < 0 || calls->has_call[i])
			continue;
		const struct function_share *share = &calls->shares[function];
		err = add_stack(stacks, met->process, met->frame,
				(share->all - share->with_stacks) / (double)share->lone_stacks);
	}
	for (size_t i = 0; err == NULL && i < profile->function_count; i++) {
		const struct function_share *share = &calls->shares[i];
		if (share->with_stacks <= 0 && share->lone_stacks == 0)
			err = add_stack(stacks, 0, -1 - (int32_t)i, share->all);
	}
	return err;
}

static struct error *add_grown(const struct call_stacks *calls, struct stack_weights *stacks)
{
	const struct profile_stacks *all = &calls->profile->stacks;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < all->met_count; i++) {
		const struct met_stack *met = &all->met[i];
		if (met->state == STACK_GREW && met->frame >= 0)
			err = add_stack(stacks, met->process, met->frame,
					(double)weight_gained_bytes(met->grown_mib));
	}
	return err;
}

void stack_weights_deinit(struct stack_weights *weights)
{
	free(weights->stacks);
	*weights = (struct stack_weights){ 0 };
}

struct error *stack_weights_create(const struct profile *profile,
				   const struct call_nesting *nesting, bool is_memory,
				   struct stack_weights *ret)
{
	int64_t *weights = NULL;
	struct call_stacks calls = {
		.profile = profile,
		.nesting = nesting,
		.shares = calloc(profile->function_count + 1, sizeof(*calls.shares)),
		.has_call = calloc(profile->stacks.met_count + 1, sizeof(*calls.has_call)),
		.functions = calloc(profile->stacks.name_count + 1, sizeof(*calls.functions)),
	};
	struct error *err = own_weights_create(profile, nesting, is_memory, &weights);

	*ret = (struct stack_weights){ 0 };
	calls.weights = weights;
	if (err == NULL &&
	    (calls.shares == NULL || calls.has_call == NULL || calls.functions == NULL))
		err = error_no_memory();
	if (err == NULL) {
		find_functions(&calls);
		sum_calls(&calls, is_memory);
		err = add_calls(&calls, ret);
	}
	if (err == NULL)
		err = add_others(&calls, ret);
	if (err == NULL && is_memory)
		err = add_grown(&calls, ret);
	if (err == NULL)
		merge_stacks(ret);
	else
		stack_weights_deinit(ret);
	free(weights);
	free(calls.shares);
	free(calls.has_call);
	free(calls.functions);
	return err;
}

struct error *stack_weights_create_grown(const struct profile *profile, struct stack_weights *ret)
{
	static const double MIB_BYTES = 1048576;
	const struct profile_stacks *stacks = &profile->stacks;
	struct error *err = NULL;

	*ret = (struct stack_weights){ 0 };
	for (size_t i = 0; err == NULL && i < stacks->grown_count; i++) {
		const struct grown_stack *grown = &stacks->grown[i];
		err = add_stack(ret, grown->process,
				grown->frame >= 0 ? grown->frame : WEIGHT_UNKNOWN,
				grown->mib * MIB_BYTES);
	}
	if (err == NULL)
		merge_stacks(ret);
	else
		stack_weights_deinit(ret);
	return err;
}
