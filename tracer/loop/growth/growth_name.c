/* The stacks of faults get their names; see growth.h. Loop layer. */
#include <stdlib.h>

#include "tracer/loop/growth/growth_private.h"
#include "tracer/loop/stacks/peak_stacks.h"
#include "tracer/loop/stacks/stacks.h"

static bool waits_for_name(const struct growth_stack *stack, pid_t pid)
{
	return stack->pid == pid && !stack->is_named;
}

/* Those of one process, all of them at once: DWARF is read for all their addresses together. */
static struct error *name_process(struct session *session, const struct growth_stacks *stacks,
				  pid_t pid)
{
	struct process *process = target_process(&session->target, pid);
	size_t count = 0;

	for (size_t i = 0; i < stacks->count; i++)
		count += waits_for_name(stacks->all[i], pid);
	struct raw_stack *raw = malloc(count * sizeof(*raw));
	uint32_t *nodes = calloc(count, sizeof(*nodes));
	struct error *err = raw == NULL || nodes == NULL ? error_no_memory() : NULL;
	count = 0;
	for (size_t i = 0; err == NULL && i < stacks->count; i++) {
		if (waits_for_name(stacks->all[i], pid))
			raw[count++] = stacks->all[i]->raw;
	}
	if (err == NULL && process != NULL)
		err = error_ignore(stacks_name(session, process, raw, count, nodes), ERR_GONE);
	count = 0;
	for (size_t i = 0; err == NULL && i < stacks->count; i++) {
		struct growth_stack *stack = stacks->all[i];
		if (!waits_for_name(stack, pid))
			continue;
		stack->node = nodes[count++];
		stack->is_named = true;
	}
	free(raw);
	free(nodes);
	return err;
}

static struct error *join_sum(struct session *session, struct growth *growth,
			      const struct growth_sum *sum)
{
	struct process *process = target_process(&session->target, sum->pid);
	uint32_t node = sum->stack == 0 ? 0 : growth->stacks.all[sum->stack - 1]->node;
	size_t index;

	if (process != NULL && node != 0)
		peak_stacks_grew(session, process, sum->tid, node,
				 growth_sum_bytes(sum, growth->pages.page_bytes));
	if (!session->options->stacks.by_growth)
		return NULL;
	struct error *err = growth_sums_find(&growth->named, sum->pid, node, &index);
	if (err == NULL)
		growth_sum_join(&growth->named.all[index], sum);
	return err;
}

struct error *growth_name(struct session *session, struct growth *growth)
{
	struct growth_stacks *stacks = &growth->stacks;
	struct error *err = NULL;

	growth_pages_settle(&growth->pages, &growth->raw, &session->target);
	for (size_t i = 0; err == NULL && i < stacks->count; i++) {
		if (stacks->all[i]->pid != 0 && !stacks->all[i]->is_named)
			err = name_process(session, stacks, stacks->all[i]->pid);
	}
	for (size_t i = 0; err == NULL && i < growth->raw.count; i++)
		err = join_sum(session, growth, &growth->raw.all[i]);
	growth_sums_clear(&growth->raw);
	growth_pages_forget(&growth->pages);
	for (size_t i = 0; i < growth->cpu_count; i++)
		growth->recents[i].count = 0;
	if (growth_stacks_is_full(stacks))
		growth_stacks_clear(stacks);
	return err;
}
