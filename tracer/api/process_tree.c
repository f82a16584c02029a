/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A process with its children; see process_tree.h. Api layer. */
#include "tracer/api/process_tree.h"

#include <stdlib.h>

#include "tracer/base/array.h"

static struct error *tree_process_open(struct process_tree *tree, struct tree_process *process,
				       pid_t pid)
{
	process->sampled.pid = pid;
	process->sampled.owner = process;
	process->sampled.is_always_due = true;
	return sampler_open(&tree->sampler, &process->sampled, pid);
}

struct error *process_tree_open(struct process_tree *tree, pid_t pid, enum metric metric,
				bool has_children)
{
	*tree = (struct process_tree){ .has_children = has_children };
	sampler_init(&tree->sampler, metric);
	struct error *err = tree_process_open(tree, &tree->main, pid);
	if (err != NULL)
		sampler_deinit(&tree->sampler);
	return err;
}

static void child_close(struct process_tree *tree, struct tree_process *child)
{
	sampler_close(&tree->sampler, &child->sampled);
	free(child);
}

void process_tree_close(struct process_tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		child_close(tree, tree->children[i]);
	free(tree->children);
	sampler_close(&tree->sampler, &tree->main.sampled);
	sampler_deinit(&tree->sampler);
}

/* One that has ended meanwhile, or may not be read, is as if it had not been found. */
static void add_child(void *context, pid_t pid, pid_t parent_pid)
{
	struct process_tree *tree = context;

	if (tree->err != NULL)
		return;
	tree->err =
		array_reserve(&tree->children, &tree->capacity, tree->count + 1, sizeof(void *));
	if (tree->err != NULL)
		return;
	struct tree_process *child = calloc(1, sizeof(*child));
	if (child == NULL) {
		tree->err = error_no_memory();
		return;
	}
	child->parent_pid = parent_pid;
	struct error *err = tree_process_open(tree, child, pid);
	/* One that nobody has waited for yet is found each time: it has no memory any more. */
	if (err != NULL || sampler_is_gone(&tree->sampler, &child->sampled)) {
		error_free(err);
		child_close(tree, child);
		return;
	}
	tree->children[tree->count++] = child;
	if (tree->tell != NULL)
		tree->tell(tree->context, child);
}

/* The list grows while it is gone through: grandchildren come behind their parents. */
static void find_children(struct process_tree *tree)
{
	sampler_find_children(&tree->sampler, tree->main.sampled.pid, tree, add_child);
	for (size_t i = 0; i < tree->count && tree->err == NULL; i++)
		sampler_find_children(&tree->sampler, tree->children[i]->sampled.pid, tree,
				      add_child);
}

/* What fails of the main process is the reading's failure; a child that fails does not count. */
static bool read_process(void *context, struct sampled_process *sampled, uint64_t *ret_bytes)
{
	struct process_tree *tree = context;
	struct tree_process *process = sampled->owner;

	struct error *err = memory_meter_read(sampled->meter, ret_bytes);
	process->is_read = err == NULL;
	if (process == &tree->main)
		tree->err = error_first(tree->err, err);
	else
		error_free(err);
	return process->is_read;
}

/* Those that have ended go; of those whose first thread has ended another one is read from then on. */
static void forget_ended(struct process_tree *tree)
{
	size_t kept = 0;

	for (size_t i = 0; i < tree->count; i++) {
		struct tree_process *child = tree->children[i];
		if (child->is_read || !sampler_is_gone(&tree->sampler, &child->sampled))
			tree->children[kept++] = child;
		else
			child_close(tree, child);
	}
	tree->count = kept;
}

static struct error *read_once(struct process_tree *tree, uint64_t *ret_sum_bytes)
{
	const struct sampler_hooks hooks = { .context = tree, .read = read_process };
	bool is_any;

	*ret_sum_bytes = sampler_take(&tree->sampler, &hooks, &is_any);
	struct error *err = tree->err;
	tree->err = NULL;
	return err;
}

struct error *process_tree_read(struct process_tree *tree, uint64_t *ret_sum_bytes)
{
	tree->err = NULL;
	if (tree->has_children)
		find_children(tree);
	struct error *err = read_once(tree, ret_sum_bytes);
	if (err != NULL && error_code(err) == ERR_GONE &&
	    !sampler_is_gone(&tree->sampler, &tree->main.sampled)) {
		error_free(err);
		err = read_once(tree, ret_sum_bytes);
	}
	if (tree->has_children)
		forget_ended(tree);
	return err;
}
