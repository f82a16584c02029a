/*
 * Folded stacks, as flame graphs are made of: a line a stack, its frames from the outermost, separated by
 * semicolons, and a whole number (plot layer).
 *
 * A stack is the nesting of recorded calls on a thread, below the process's name. The number is what calls
 * have of their own, without the recorded calls directly within them: nanoseconds, or bytes that they gained.
 * Or it is a whole stack of a thread, as run --stacks has recorded it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/export/export_format.h"
#include "plot/export/row_text.h"
#include "plot/stacks/stack_weights.h"
#include "plot/totals/own_weights.h"
#include "tracer/base/array.h"

/* No stack is known of condensed calls. */
static const char CONDENSED_FRAME[] = "[condensed]";

/* Instead of an index of a function. */
static const uint32_t FRAME_PROCESS = UINT32_MAX, FRAME_CONDENSED = UINT32_MAX - 1;

static const uint32_t NO_NODE = UINT32_MAX;

/* A stack: its last frame, on top of another stack. */
struct stack_node {
	uint32_t parent; /* a lower index; NO_NODE: it is a process */
	uint32_t frame;	 /* index of a function, or of FRAME_… */
	int32_t process; /* of FRAME_PROCESS */
	uint32_t depth;	 /* frames below this one */
	int64_t weight;
	uint64_t line_bytes;
};

struct stacks {
	struct stack_node *nodes;
	size_t count, capacity;
	struct addr_map node_of_key; /* parent and frame -> index + 1 */
	uint32_t *roots;	     /* of each process; equal names have one */
};

/* A frame's own semicolons would make frames of their own; and a nameless one is none. */
static void folded_quote(FILE *out, const char *name)
{
	for (const char *c = name; *c != '\0'; c++)
		putc_unlocked(*c == ';' ? ':' : *c, out);
	if (name[0] == '\0')
		row_put(out, "?");
}

static const char *frame_text(const struct export_job *job, const struct stack_node *node)
{
	if (node->frame == FRAME_PROCESS)
		return job->process_texts[node->process];
	if (node->frame == FRAME_CONDENSED)
		return CONDENSED_FRAME;
	return job->function_texts[node->frame];
}

static struct error *add_node(const struct export_job *job, struct stacks *stacks,
			      const struct stack_node *node, uint32_t *ret)
{
	struct error *err = array_reserve(&stacks->nodes, &stacks->capacity, stacks->count + 1,
					  sizeof(*stacks->nodes));
	if (err != NULL)
		return err;
	struct stack_node *added = &stacks->nodes[stacks->count];
	*added = *node;
	added->line_bytes = strlen(frame_text(job, node)) + 1;
	if (node->parent != NO_NODE) {
		added->depth = stacks->nodes[node->parent].depth + 1;
		added->line_bytes += stacks->nodes[node->parent].line_bytes;
	}
	*ret = (uint32_t)stacks->count++;
	return NULL;
}

static struct error *need_node(const struct export_job *job, struct stacks *stacks, uint32_t parent,
			       uint32_t frame, uint32_t *ret)
{
	uint64_t key = (uint64_t)parent << 32 | frame;
	uintptr_t slot = (uintptr_t)addr_map_get(&stacks->node_of_key, key);
	const struct stack_node node = { .parent = parent, .frame = frame };

	if (slot != 0) {
		*ret = (uint32_t)(slot - 1);
		return NULL;
	}
	struct error *err = add_node(job, stacks, &node, ret);
	return err != NULL ? err
			   : addr_map_put(&stacks->node_of_key, key, (void *)((uintptr_t)*ret + 1));
}

static struct error *add_roots(const struct export_job *job, struct stacks *stacks)
{
	size_t count = job->profile->process_count;
	struct addr_map node_of_name = { 0 };
	struct error *err = NULL;

	stacks->roots = calloc(count, sizeof(*stacks->roots));
	if (stacks->roots == NULL)
		return error_no_memory();
	for (size_t i = 0; err == NULL && i < count; i++) {
		const char *name = job->process_texts[i];
		uint64_t key = addr_map_text_key(name, strlen(name));
		uintptr_t slot = (uintptr_t)addr_map_get(&node_of_name, key);
		/* Two names may have one key: the second one has lines of its own then, which is as good. */
		bool is_known = stacks->nodes != NULL && slot != 0 &&
				strcmp(name, frame_text(job, &stacks->nodes[slot - 1])) == 0;
		const struct stack_node node = {
			.parent = NO_NODE,
			.frame = FRAME_PROCESS,
			.process = (int32_t)i,
		};
		if (is_known) {
			stacks->roots[i] = (uint32_t)(slot - 1);
			continue;
		}
		err = add_node(job, stacks, &node, &stacks->roots[i]);
		if (err == NULL)
			err = addr_map_put(&node_of_name, key,
					   (void *)((uintptr_t)stacks->roots[i] + 1));
	}
	addr_map_deinit(&node_of_name);
	return err;
}

static struct error *add_calls(const struct export_job *job, struct stacks *stacks, bool is_memory)
{
	const struct call_nesting *nesting = job->nesting;
	uint32_t *nodes = calloc(nesting->count + 1, sizeof(*nodes));
	int64_t *weights = NULL;
	struct error *err =
		nodes == NULL ? error_no_memory()
			      : own_weights_create(job->profile, job->nesting, is_memory, &weights);

	for (size_t i = 0; err == NULL && i < nesting->count; i++) {
		const struct profile_call *call = call_nesting_at(job->profile, nesting, i);
		uint32_t parent = nesting->parents[i];
		err = need_node(job, stacks,
				parent != CALL_NESTING_ROOT ? nodes[parent]
							    : stacks->roots[call->process],
				nesting->calls[i].function, &nodes[i]);
		/* Of one call that gave memory back no other one takes it. */
		if (err == NULL && (weights[i] > 0 || !is_memory))
			stacks->nodes[nodes[i]].weight =
				weight_add(stacks->nodes[nodes[i]].weight, weights[i]);
	}
	free(weights);
	free(nodes);
	return err;
}

static struct error *add_windows(const struct export_job *job, struct stacks *stacks,
				 bool is_memory)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < job->profile->function_count; i++) {
		const struct profile_function *function = &job->profile->functions[i];
		for (size_t k = 0; err == NULL && k < function->condensed_count; k++) {
			const struct condensed_calls *many = &function->condensed[k];
			int64_t weight =
				is_memory ? weight_gained_bytes(many->mib_gained) : many->total_ns;
			uint32_t node;
			if (weight <= 0)
				continue;
			err = need_node(job, stacks, stacks->roots[many->process], FRAME_CONDENSED,
					&node);
			if (err == NULL)
				err = need_node(job, stacks, node, (uint32_t)i, &node);
			if (err == NULL)
				stacks->nodes[node].weight =
					weight_add(stacks->nodes[node].weight, weight);
		}
	}
	return err;
}

/* The most frames with which all lines fit; a stack that is deeper is counted as the one below. */
static struct error *limit_depth(struct export_job *job, struct stacks *stacks)
{
	uint32_t deepest = 0, most = 0;
	uint64_t bytes = 0;

	for (size_t i = 0; i < stacks->count; i++)
		deepest = stacks->nodes[i].depth > deepest ? stacks->nodes[i].depth : deepest;
	uint64_t *depth_bytes = calloc((size_t)deepest + 1, sizeof(*depth_bytes));
	if (depth_bytes == NULL)
		return error_no_memory();
	for (size_t i = 0; i < stacks->count; i++)
		depth_bytes[stacks->nodes[i].depth] +=
			stacks->nodes[i].line_bytes + NUMBER_TEXT_BYTES / 2;
	while (most <= deepest && bytes + depth_bytes[most] <= job->most_bytes)
		bytes += depth_bytes[most++];
	free(depth_bytes);
	if (job->most_bytes == 0 || most > deepest)
		return NULL;
	most = most > 1 ? most - 1 : 1;
	for (size_t i = stacks->count; i-- > 0;) {
		struct stack_node *node = &stacks->nodes[i];
		if (node->depth <= most)
			continue;
		int64_t *below = &stacks->nodes[node->parent].weight;
		*below = weight_add(*below, node->weight);
		node->weight = 0;
	}
	job->reduction->is_reduced = true;
	job->reduction->deepest = most;
	return NULL;
}

/* From the last frame to the first, then written the other way round. */
static struct error *put_line(const struct export_job *job, const struct stacks *stacks,
			      uint32_t node, uint32_t *path)
{
	size_t count = 0;

	for (uint32_t at = node; at != NO_NODE; at = stacks->nodes[at].parent)
		path[count++] = at;
	while (count-- > 0) {
		row_put(job->out, frame_text(job, &stacks->nodes[path[count]]));
		row_put(job->out, count > 0 ? ";" : " ");
	}
	row_put_integer(job->out, stacks->nodes[node].weight);
	row_put(job->out, "\n");
	return export_check_written(job->out);
}

static struct error *put_stacks(struct export_job *job, const struct stacks *stacks)
{
	uint32_t *path = calloc(stacks->count + 1, sizeof(*path));
	struct error *err = path == NULL ? error_no_memory() : NULL;

	for (uint32_t i = 0; err == NULL && i < stacks->count; i++) {
		if (stacks->nodes[i].weight > 0)
			err = put_line(job, stacks, i, path);
	}
	free(path);
	return err;
}

static struct error *put_folded(struct export_job *job, bool is_memory)
{
	struct stacks stacks = { 0 };
	struct error *err = add_roots(job, &stacks);

	if (err == NULL)
		err = add_calls(job, &stacks, is_memory);
	if (err == NULL)
		err = add_windows(job, &stacks, is_memory);
	if (err == NULL)
		err = limit_depth(job, &stacks);
	if (err == NULL)
		err = put_stacks(job, &stacks);
	free(stacks.nodes);
	free(stacks.roots);
	addr_map_deinit(&stacks.node_of_key);
	return err;
}

static struct error *end_by_time(struct export_job *job)
{
	return put_folded(job, false);
}

static struct error *end_by_memory(struct export_job *job)
{
	return put_folded(job, true);
}

const struct export_format export_folded_time = {
	.quote = folded_quote,
	.needs_nesting = true,
	.end = end_by_time,
};

const struct export_format export_folded_memory = {
	.quote = folded_quote,
	.needs_nesting = true,
	.end = end_by_memory,
};

/* Instead of a function's stacks: it has none. */
static const char NO_STACK[] = "[no stack]";

/* From the innermost function to the outermost, then written the other way round. */
static struct error *put_whole_line(const struct export_job *job, const struct weighed_stack *stack,
				    int32_t *path)
{
	const struct profile_stacks *all = &job->profile->stacks;
	size_t count = 0;

	row_put(job->out, job->process_texts[stack->process]);
	for (int32_t at = stack->frame; at >= 0; at = all->frames[at].outer)
		path[count++] = at;
	while (count-- > 0) {
		row_put(job->out, ";");
		folded_quote(job->out, all->names[all->frames[path[count]].name]);
	}
	if (stack->frame < 0 && stack->frame != WEIGHT_UNKNOWN) {
		row_put(job->out, ";");
		row_put(job->out, NO_STACK);
		row_put(job->out, ";");
		row_put(job->out, job->function_texts[-1 - stack->frame]);
	}
	row_put(job->out, " ");
	row_put_integer(job->out, llround(fmin(stack->weight, 0x1p62)));
	row_put(job->out, "\n");
	return export_check_written(job->out);
}

/* About. */
static uint64_t line_bytes(const struct export_job *job, const struct weighed_stack *stack)
{
	const struct profile_stacks *all = &job->profile->stacks;
	uint64_t bytes = strlen(job->process_texts[stack->process]) + NUMBER_TEXT_BYTES;

	for (int32_t at = stack->frame; at >= 0; at = all->frames[at].outer)
		bytes += strlen(all->names[all->frames[at].name]) + 1;
	return bytes;
}

static struct error *put_whole_stacks(struct export_job *job, const struct stack_weights *weights)
{
	int32_t *path = calloc(job->profile->stacks.frame_count + 1, sizeof(*path));
	struct error *err = path == NULL ? error_no_memory() : NULL;
	uint64_t bytes = 0;

	for (size_t i = 0; err == NULL && i < weights->count; i++) {
		if (llround(fmin(weights->stacks[i].weight, 0x1p62)) <= 0)
			break;
		bytes += line_bytes(job, &weights->stacks[i]);
		job->reduction->is_reduced = job->most_bytes > 0 && bytes > job->most_bytes;
		if (job->reduction->is_reduced)
			break;
		err = put_whole_line(job, &weights->stacks[i], path);
	}
	free(path);
	return err;
}

/* Whole stacks, as run --stacks has recorded them. */
static struct error *put_stacks_by(struct export_job *job, bool is_memory)
{
	struct stack_weights weights;

	struct error *err = stack_weights_create(job->profile, job->nesting, is_memory, &weights);
	if (err != NULL)
		return err;
	err = put_whole_stacks(job, &weights);
	stack_weights_deinit(&weights);
	return err;
}

static struct error *end_stacks_by_time(struct export_job *job)
{
	return put_stacks_by(job, false);
}

static struct error *end_stacks_by_memory(struct export_job *job)
{
	return put_stacks_by(job, true);
}

const struct export_format export_stacks_time = {
	.quote = folded_quote,
	.needs_nesting = true,
	.end = end_stacks_by_time,
};

const struct export_format export_stacks_memory = {
	.quote = folded_quote,
	.needs_nesting = true,
	.end = end_stacks_by_memory,
};

static struct error *end_by_growth(struct export_job *job)
{
	struct stack_weights weights;

	struct error *err = stack_weights_create_grown(job->profile, &weights);
	if (err != NULL)
		return err;
	err = put_whole_stacks(job, &weights);
	stack_weights_deinit(&weights);
	return err;
}

const struct export_format export_folded_growth = {
	.quote = folded_quote,
	.end = end_by_growth,
};
