/* Sums of growth; see growth_totals.h. Plot layer. */
#include "plot/stacks/growth_totals.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

static struct error *need_function(struct growth_totals *totals, struct addr_map *function_of_key,
				   const struct profile_frame *frame, uint32_t *ret)
{
	const uint64_t key = (uint64_t)(uint32_t)frame->name << 32 | (uint32_t)frame->module;
	uintptr_t known = (uintptr_t)addr_map_get(function_of_key, key);

	if (known != 0) {
		*ret = (uint32_t)(known - 1);
		return NULL;
	}
	struct error *err = array_reserve(&totals->functions, &totals->function_capacity,
					  totals->function_count + 1, sizeof(*totals->functions));
	if (err == NULL)
		err = addr_map_put(function_of_key, key,
				   (void *)(uintptr_t)(totals->function_count + 1));
	if (err != NULL)
		return err;
	*ret = (uint32_t)totals->function_count;
	totals->functions[totals->function_count++] =
		(struct growth_function){ .name = frame->name, .module = frame->module };
	return NULL;
}

static struct error *find_functions(struct growth_totals *totals,
				    const struct profile_stacks *stacks)
{
	struct addr_map function_of_key = { 0 };
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < stacks->frame_count; i++)
		err = need_function(totals, &function_of_key, &stacks->frames[i],
				    &totals->function_of_frame[i]);
	addr_map_deinit(&function_of_key);
	return err;
}

/* A stack is no deeper; a damaged file's may be. */
enum { DEPTH_MOST = 4096 };

/*
 * Whether it is a library in which memory is touched for others: malloc(3) and memset(3) grow nothing by themselves. What
 * is linked statically cannot be told from the program.
 */
static bool is_run_time_library(const char *module)
{
	static const char *const beginnings[] = {
		"libc.so",     "libc-",	      "ld-linux",    "ld-musl", "libstdc++.so",
		"libc++.so",   "libc++a",     "libgcc_s.so", "libm.so", "libpthread",
		"libjemalloc", "libtcmalloc", "libmimalloc",
	};

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (strncmp(module, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	}
	return false;
}

/* The frame that has asked for what the innermost one got. */
static int32_t find_asking(const struct profile_stacks *stacks, int32_t innermost)
{
	int32_t at = innermost;

	for (unsigned depth = 0; at >= 0 && depth < DEPTH_MOST; depth++) {
		const struct profile_frame *frame = &stacks->frames[at];
		if (!is_run_time_library(stacks->names[frame->module]) &&
		    strcmp(stacks->names[frame->name], "[cut]") != 0)
			return at;
		at = stacks->frames[at].outer;
	}
	return innermost;
}

/* To all functions on the stack, each once. */
static void add_stack(struct growth_totals *totals, const struct profile_stacks *stacks,
		      int32_t innermost)
{
	const struct growth_figures *own = &totals->of_frame[innermost];
	const uint32_t mark = (uint32_t)innermost + 1;
	struct growth_function *function = &totals->functions[totals->function_of_frame[innermost]];

	function->figures.self_mib += own->self_mib;
	function->figures.faults += own->faults;
	function = &totals->functions[totals->function_of_frame[find_asking(stacks, innermost)]];
	function->figures.own_mib += own->self_mib;
	int32_t at = innermost;
	for (unsigned depth = 0; at >= 0 && depth < DEPTH_MOST; depth++) {
		function = &totals->functions[totals->function_of_frame[at]];
		if (function->last_frame != mark)
			function->figures.total_mib += own->self_mib;
		function->last_frame = mark;
		at = stacks->frames[at].outer;
	}
}

struct error *growth_totals_init(struct growth_totals *totals, const struct profile *profile)
{
	const struct profile_stacks *stacks = &profile->stacks;

	*totals = (struct growth_totals){
		.of_frame = calloc(stacks->frame_count + 1, sizeof(*totals->of_frame)),
		.function_of_frame =
			calloc(stacks->frame_count + 1, sizeof(*totals->function_of_frame)),
		.frame_count = stacks->frame_count,
	};
	if (totals->of_frame == NULL || totals->function_of_frame == NULL)
		return error_no_memory();
	struct error *err = find_functions(totals, stacks);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < stacks->grown_count; i++) {
		const struct grown_stack *grown = &stacks->grown[i];
		totals->all_mib += grown->mib;
		totals->all_faults += grown->faults;
		if (grown->frame < 0) {
			totals->unknown_mib += grown->mib;
			continue;
		}
		totals->of_frame[grown->frame].self_mib += grown->mib;
		totals->of_frame[grown->frame].faults += grown->faults;
	}
	/* Frames come after their callers. */
	for (size_t i = totals->frame_count; i-- > 0;) {
		struct growth_figures *own = &totals->of_frame[i];
		int32_t outer = stacks->frames[i].outer;
		own->total_mib += own->self_mib;
		if (outer >= 0)
			totals->of_frame[outer].total_mib += own->total_mib;
		if (own->faults > 0 || own->self_mib > 0)
			add_stack(totals, stacks, (int32_t)i);
	}
	return NULL;
}

void growth_totals_deinit(struct growth_totals *totals)
{
	free(totals->of_frame);
	free(totals->functions);
	free(totals->function_of_frame);
	*totals = (struct growth_totals){ 0 };
}
