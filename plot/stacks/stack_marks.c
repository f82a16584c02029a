/* Peaks with stacks; see stack_marks.h. Plot layer. */
#include "plot/stacks/stack_marks.h"

#include <stdlib.h>

static int mark_compare(const void *left, const void *right)
{
	const struct stack_mark *a = left, *b = right;

	if (a->process != b->process)
		return a->process < b->process ? -1 : 1;
	if (a->at_ns != b->at_ns)
		return a->at_ns < b->at_ns ? -1 : 1;
	return (a->first > b->first) - (a->first < b->first);
}

static bool belongs_to(const struct met_stack *met, const struct stack_mark *mark)
{
	return met->process == mark->process && met->at_ns == mark->at_ns;
}

struct error *stack_marks_init(struct stack_marks *marks, const struct profile *profile)
{
	const struct profile_stacks *stacks = &profile->stacks;
	struct stack_mark *last = NULL;

	*marks = (struct stack_marks){ 0 };
	marks->marks = calloc(stacks->met_count + 1, sizeof(*marks->marks));
	if (marks->marks == NULL)
		return error_no_memory();
	for (size_t i = 0; i < stacks->met_count; i++) {
		const struct met_stack *met = &stacks->met[i];
		if (met->why != STACK_AT_PEAK)
			continue;
		/* Those of one mark follow each other; what is between is of other kinds. */
		if (last == NULL || !belongs_to(met, last) || last->first + last->count != i) {
			last = &marks->marks[marks->count++];
			*last = (struct stack_mark){ met->at_ns, met->mib, met->process, i, 0 };
		}
		last->count++;
	}
	qsort(marks->marks, marks->count, sizeof(*marks->marks), mark_compare);
	return NULL;
}

void stack_marks_deinit(struct stack_marks *marks)
{
	free(marks->marks);
	*marks = (struct stack_marks){ 0 };
}

const struct stack_mark *stack_marks_highest(const struct stack_marks *marks, int32_t process)
{
	const struct stack_mark *highest = NULL;

	for (size_t i = 0; i < marks->count; i++) {
		const struct stack_mark *mark = &marks->marks[i];
		if (mark->process == process && (highest == NULL || mark->mib >= highest->mib))
			highest = mark;
	}
	return highest;
}

const struct stack_mark *stack_marks_at(const struct stack_marks *marks, int32_t process,
					int64_t time_ns)
{
	size_t low = 0, high = marks->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct stack_mark *mark = &marks->marks[middle];
		if (mark->process < process || (mark->process == process && mark->at_ns <= time_ns))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && marks->marks[low - 1].process == process ? &marks->marks[low - 1] : NULL;
}

/* How much a stack says: without functions nothing, whatever its thread did. */
static int rank_of(const struct met_stack *met, const struct profile *profile)
{
	static const int ranks[STACK_STATES] = {
		[STACK_GREW] = 4,
		[STACK_STOPPED] = 3,
		[STACK_RAN] = 2,
		[STACK_ASLEEP] = 1,
	};
	bool is_first_thread = met->tid == profile->processes[met->process].pid;

	return (met->frame >= 0) * 16 + ranks[met->state] * 2 + is_first_thread;
}

const struct met_stack *stack_mark_culprit(const struct stack_mark *mark,
					   const struct profile *profile)
{
	const struct met_stack *met = &profile->stacks.met[mark->first], *best = met;

	for (size_t i = 1; i < mark->count; i++) {
		if (rank_of(&met[i], profile) > rank_of(best, profile))
			best = &met[i];
	}
	return best;
}
