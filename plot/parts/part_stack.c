/* What memory was made of over time; see part_stack.h. Plot layer. */
#include "plot/parts/part_stack.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/parts/part_view.h"
#include "tracer/base/array.h"

/* A layer with less than one of so many of the whole is too thin to be seen. */
enum { SHARE_LEAST = 200 };

/* All of one kind and title. */
struct group {
	enum part_kind kind;
	const char *title; /* borrowed */
	double most_mib;   /* of each of its parts, added up */
	size_t layer;	   /* index; SIZE_MAX: it is always empty */
};

struct stack_build {
	struct part_view view;
	struct group *groups;
	size_t count, capacity;
	struct addr_map group_of_key; /* -> index + 1 */
};

static void stack_build_deinit(struct stack_build *build)
{
	free(build->groups);
	addr_map_deinit(&build->group_of_key);
}

static struct group *find_group(const struct stack_build *build, const struct profile_track *part)
{
	uintptr_t index = (uintptr_t)addr_map_get(&build->group_of_key, part_view_key(part));

	return index == 0 ? NULL : &build->groups[index - 1];
}

static struct error *add_group(struct stack_build *build, const struct profile_track *part)
{
	struct error *err = array_reserve(&build->groups, &build->capacity, build->count + 1,
					  sizeof(*build->groups));
	if (err == NULL)
		err = addr_map_put(&build->group_of_key, part_view_key(part),
				   (void *)(uintptr_t)(build->count + 1));
	if (err == NULL)
		build->groups[build->count++] = (struct group){
			.kind = part->kind,
			.title = part_title(part),
		};
	return err;
}

static struct error *find_groups(struct stack_build *build)
{
	const struct profile_tracks *parts = &build->view.profile->parts;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < parts->count; i++) {
		const struct profile_track *part = &parts->tracks[i];
		if (!part_view_has(&build->view, part))
			continue;
		if (find_group(build, part) == NULL)
			err = add_group(build, part);
		if (err == NULL)
			find_group(build, part)->most_mib += part->series.highest_mib;
	}
	return err;
}

/* What is in the curve first, from the largest. */
static int compare(const void *a, const void *b)
{
	const struct group *one = *(const struct group *const *)a;
	const struct group *other = *(const struct group *const *)b;
	const int rank = part_view_rank(one->kind) - part_view_rank(other->kind);

	if (rank != 0)
		return rank;
	if (one->most_mib != other->most_mib)
		return one->most_mib > other->most_mib ? -1 : 1;
	return one->kind != other->kind ? (one->kind < other->kind ? -1 : 1)
					: strcmp(one->title, other->title);
}

static struct error *add_layer(struct part_stack *stack, enum part_kind kind, const char *title)
{
	char *copy = strdup(title);
	double *mib = calloc(stack->count + 1, sizeof(*mib));

	if (copy == NULL || mib == NULL) {
		free(copy);
		free(mib);
		return error_no_memory();
	}
	struct part_layer *layer = &stack->layers[stack->layer_count++];
	layer->kind = kind;
	layer->title = copy;
	layer->mib = mib;
	return NULL;
}

/* Whether a group of that place in the order has a layer of its own. */
static bool has_own(const struct group *group, size_t place, double whole_mib, size_t most)
{
	/* What is not resident is not to be taken for what is. */
	return part_view_rank(group->kind) > 0 ||
	       (place + 1 < most && group->most_mib >= whole_mib / SHARE_LEAST);
}

static struct error *choose_layers(struct stack_build *build, struct part_stack *stack, size_t most)
{
	struct group **order = calloc(build->count + 1, sizeof(struct group *));
	struct error *err = NULL;
	double whole_mib = 0;
	size_t rest = SIZE_MAX;

	stack->layers = calloc(build->count + 1, sizeof(*stack->layers)); /* each, and the rest */
	if (order == NULL || stack->layers == NULL) {
		free(order);
		return error_no_memory();
	}
	for (size_t i = 0; i < build->count; i++) {
		order[i] = &build->groups[i];
		whole_mib += order[i]->most_mib;
	}
	qsort(order, build->count, sizeof(struct group *), compare);
	for (size_t i = 0; err == NULL && i < build->count; i++) {
		order[i]->layer = SIZE_MAX;
		if (order[i]->most_mib <= 0)
			continue;
		const bool is_own = has_own(order[i], i, whole_mib, most);
		if (is_own)
			order[i]->layer = stack->layer_count;
		else if (rest == SIZE_MAX)
			rest = stack->layer_count;
		if (!is_own)
			order[i]->layer = rest;
		if (is_own || order[i]->layer == stack->layer_count)
			err = add_layer(stack, is_own ? order[i]->kind : PART_OTHER,
					is_own ? order[i]->title : "the rest");
	}
	free(order);
	return err;
}

/* Whose times are the stack's: the looks at the mappings of one process, else the samples of the curve. */
static const struct series *find_grid(const struct part_view *view)
{
	const struct profile *profile = view->profile;

	for (size_t i = 0; view->has_maps && i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		if (part->kind == PART_MAPS && part->process == view->process)
			return &part->series;
	}
	return &profile->processes[view->process == PART_VIEW_ALL ? 0 : view->process].series;
}

/*
 * The times of @grid in the window and the next one on either side. Where there are too many, of each stretch
 * of the window the first and the one of the highest.
 */
static struct error *choose_times(struct part_stack *stack, const struct series *grid,
				  const struct part_stack_limits *limits)
{
	size_t first = series_find(grid, limits->from_ns), end = series_find(grid, limits->to_ns);

	first -= first > 0;
	end = end < grid->count ? end + 1 : end;
	size_t step = (end - first) / (limits->points / 2 + 1) + 1;
	stack->time_ns = calloc(end - first + 1, sizeof(*stack->time_ns));
	if (stack->time_ns == NULL)
		return error_no_memory();
	for (size_t i = first; i < end; i += step) {
		size_t high = i;
		for (size_t k = i; k < i + step && k < end; k++)
			high = grid->mib[k] > grid->mib[high] ? k : high;
		stack->time_ns[stack->count++] = grid->time_ns[i];
		if (high > i)
			stack->time_ns[stack->count++] = grid->time_ns[high];
	}
	if (end > first && stack->time_ns[stack->count - 1] < grid->time_ns[end - 1])
		stack->time_ns[stack->count++] = grid->time_ns[end - 1];
	return NULL;
}

static void add_part(const struct part_stack *stack, const struct profile_track *part,
		     struct part_layer *layer, int64_t end_ns)
{
	const struct series *series = &part->series;
	size_t next = 0;

	assert(layer->mib != NULL);
	for (size_t i = 0; i < stack->count && stack->time_ns[i] <= end_ns; i++) {
		while (next < series->count && series->time_ns[next] <= stack->time_ns[i])
			next++;
		if (next > 0)
			layer->mib[i] += series->mib[next - 1];
	}
}

/* Moves a point that is outside to @to_ns, on the straight line to its neighbour. */
static void cut_at(struct part_stack *stack, size_t point, size_t neighbour, int64_t to_ns)
{
	const double span_ns = (double)stack->time_ns[neighbour] - (double)stack->time_ns[point];
	const double share = span_ns != 0 ? (double)(to_ns - stack->time_ns[point]) / span_ns : 0;

	for (size_t i = 0; i < stack->layer_count; i++) {
		double *mib = stack->layers[i].mib;
		assert(mib != NULL);
		mib[point] += (mib[neighbour] - mib[point]) * share;
	}
	stack->time_ns[point] = to_ns;
}

static void cut_to_window(struct part_stack *stack, const struct part_stack_limits *limits)
{
	if (stack->count < 2)
		return;
	const size_t last = stack->count - 1;
	const int64_t last_ns = stack->time_ns[last];
	/* With two points only, the first has moved when the last one is. */
	if (last_ns > limits->to_ns)
		cut_at(stack, last, last - 1, limits->to_ns);
	if (stack->time_ns[0] < limits->from_ns)
		cut_at(stack, 0, 1, limits->from_ns);
}

static void find_top(struct part_stack *stack)
{
	for (size_t i = 0; i < stack->count; i++) {
		double sum_mib = 0;
		for (size_t k = 0; k < stack->layer_count; k++) {
			assert(stack->layers[k].mib != NULL);
			sum_mib += stack->layers[k].mib[i];
		}
		stack->top_mib = fmax(stack->top_mib, sum_mib);
	}
}

struct error *part_stack_init(struct part_stack *stack, const struct profile *profile,
			      size_t process, const struct part_stack_limits *limits)
{
	struct stack_build build = { 0 };

	*stack = (struct part_stack){ 0 };
	if (!part_view_init(&build.view, profile, process))
		return NULL;
	struct error *err = find_groups(&build);
	if (err == NULL)
		err = choose_times(stack, find_grid(&build.view), limits);
	if (err == NULL)
		err = choose_layers(&build, stack, limits->layers);
	for (size_t i = 0; err == NULL && i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		const struct group *group =
			part_view_has(&build.view, part) ? find_group(&build, part) : NULL;
		if (group != NULL && group->layer < stack->layer_count)
			add_part(stack, part, &stack->layers[group->layer],
				 part_view_end_ns(&build.view, part));
	}
	stack_build_deinit(&build);
	if (err != NULL) {
		part_stack_deinit(stack);
		return err;
	}
	cut_to_window(stack, limits);
	find_top(stack);
	return NULL;
}

void part_stack_deinit(struct part_stack *stack)
{
	for (size_t i = 0; i < stack->layer_count; i++) {
		free(stack->layers[i].title);
		free(stack->layers[i].mib);
	}
	free(stack->layers);
	free(stack->time_ns);
	*stack = (struct part_stack){ 0 };
}

/* The last time that is not behind @time_ns. */
static size_t last_before(const struct part_stack *stack, int64_t time_ns)
{
	size_t low = 0, high = stack->count;

	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		if (stack->time_ns[middle] <= time_ns)
			low = middle;
		else
			high = middle;
	}
	return low;
}

size_t part_stack_find(const struct part_stack *stack, int64_t time_ns, double height_mib,
		       double *ret_mib)
{
	if (stack->count < 2 || time_ns < stack->time_ns[0] ||
	    time_ns > stack->time_ns[stack->count - 1] || height_mib < 0)
		return SIZE_MAX;
	size_t at = last_before(stack, time_ns);
	at -= at + 1 == stack->count;
	const double span_ns = (double)(stack->time_ns[at + 1] - stack->time_ns[at]);
	const double share = span_ns > 0 ? (double)(time_ns - stack->time_ns[at]) / span_ns : 0;
	double sum_mib = 0;
	for (size_t i = 0; i < stack->layer_count; i++) {
		const double *mib = stack->layers[i].mib;
		*ret_mib = mib[at] + (mib[at + 1] - mib[at]) * share;
		sum_mib += *ret_mib;
		if (height_mib < sum_mib)
			return i;
	}
	return SIZE_MAX;
}
