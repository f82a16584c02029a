/* Stacks at peaks; see peak_table.h. Plot layer. */
#include "plot/stacks/peak_table.h"

#include <stdlib.h>

#include "plot/profile/profile_peak.h"
#include "plot/stacks/stack_marks.h"
#include "plot/stacks/stack_text.h"
#include "plot/text/text.h"

static void write_heading(const struct profile *profile, const struct stack_mark *mark, FILE *out)
{
	const struct profile_process *process = &profile->processes[mark->process];
	char memory[TEXT_FIGURE_BYTES], since[TEXT_FIGURE_BYTES];
	bool is_exact;
	double peak_mib =
		profile_peak_mib(profile, (size_t)mark->process, process->highest_mib, &is_exact);

	text_format_memory(memory, mark->mib);
	text_format_duration(since, mark->at_ns - profile->first_ns);
	fprintf(out, "  Process %d", (int)process->pid);
	if (process->command != NULL)
		fprintf(out, " (%s)", process->command);
	fprintf(out, " at %s, after %s", memory, since);
	if (peak_mib > 0 && mark->mib < peak_mib)
		fprintf(out, ", %.3g%% of its peak", 100 * mark->mib / peak_mib);
	fputs(":\n", out);
}

static bool do_the_same(const struct met_stack *a, const struct met_stack *b)
{
	return a->state != STACK_GREW && a->state == b->state && a->frame == b->frame &&
	       a->detail == b->detail;
}

static bool is_told_before(const struct met_stack *met, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (do_the_same(&met[i], &met[index]))
			return true;
	}
	return false;
}

/* "thread 12 (loader)"; "3 threads (12, 13, 14)", where several do the same. */
static void write_threads(const struct profile *profile, const struct met_stack *met, size_t count,
			  size_t index, FILE *out)
{
	enum { LISTED_MAX = 4 };
	const struct met_stack *first = &met[index];
	const char *name = profile_thread_name(profile, first->process, first->tid);
	size_t others = 0;

	for (size_t i = index + 1; i < count; i++)
		others += do_the_same(first, &met[i]);
	if (others == 0) {
		fprintf(out, "    thread %d", (int)first->tid);
		if (name != NULL)
			fprintf(out, " (%s)", name);
		return;
	}
	fprintf(out, "    %zu threads (%d", others + 1, (int)first->tid);
	size_t listed = 1;
	for (size_t i = index + 1; i < count && listed < LISTED_MAX; i++) {
		if (!do_the_same(first, &met[i]))
			continue;
		fprintf(out, ", %d", (int)met[i].tid);
		listed++;
	}
	fputs(others + 1 > listed ? ", \xe2\x80\xa6)" : ")", out);
}

/* What one stack has got until a peak, and of that since the peak before. */
struct grower {
	int32_t frame, tid;
	double all_mib, last_mib;
};

static int frame_compare(const void *left, const void *right)
{
	const struct grower *a = left, *b = right;
	return (a->frame > b->frame) - (a->frame < b->frame);
}

static int grown_compare(const void *left, const void *right)
{
	const struct grower *a = left, *b = right;

	if (a->all_mib != b->all_mib)
		return a->all_mib > b->all_mib ? -1 : 1;
	return frame_compare(left, right);
}

/* *@ret: each stack once, the one that got most first; owned. */
static struct error *find_growers(const struct profile *profile, const struct stack_mark *mark,
				  struct grower **ret, size_t *ret_count)
{
	const struct profile_stacks *stacks = &profile->stacks;
	struct grower *growers = calloc(stacks->met_count + 1, sizeof(*growers));
	size_t count = 0, kept = 0;

	if (growers == NULL)
		return error_no_memory();
	for (size_t i = 0; i < stacks->met_count; i++) {
		const struct met_stack *met = &stacks->met[i];
		if (met->state != STACK_GREW || met->process != mark->process ||
		    met->at_ns > mark->at_ns || met->frame < 0)
			continue;
		growers[count++] =
			(struct grower){ met->frame, met->tid, met->grown_mib,
					 met->at_ns == mark->at_ns ? met->grown_mib : 0 };
	}
	qsort(growers, count, sizeof(*growers), frame_compare);
	for (size_t i = 1; i < count; i++) {
		if (growers[i].frame != growers[kept].frame) {
			growers[++kept] = growers[i];
			continue;
		}
		growers[kept].all_mib += growers[i].all_mib;
		growers[kept].last_mib += growers[i].last_mib;
		growers[kept].tid = growers[i].tid;
	}
	count = count > 0 ? kept + 1 : 0;
	qsort(growers, count, sizeof(*growers), grown_compare);
	*ret = growers;
	*ret_count = count;
	return NULL;
}

static struct error *write_growers(const struct profile *profile, const struct stack_mark *mark,
				   size_t width, FILE *out)
{
	enum { GROWERS_TOLD = 5 };
	char all[TEXT_FIGURE_BYTES], last[TEXT_FIGURE_BYTES];
	struct grower *growers;
	size_t count;

	struct error *err = find_growers(profile, mark, &growers, &count);
	if (err != NULL)
		return err;
	for (size_t i = 0; err == NULL && i < count && i < GROWERS_TOLD; i++) {
		text_format_memory(all, growers[i].all_mib);
		text_format_memory(last, growers[i].last_mib);
		fprintf(out, "    got %s until then", all);
		if (growers[i].last_mib > 0 && growers[i].last_mib < growers[i].all_mib)
			fprintf(out, ", %s of it since the last peak", last);
		if (growers[i].tid != 0 && growers[i].tid != profile->processes[mark->process].pid)
			fprintf(out, " (thread %d)", (int)growers[i].tid);
		fputs(":\n", out);
		err = stack_write(profile, growers[i].frame, "      ", width, out);
	}
	free(growers);
	return err;
}

static struct error *write_mark(const struct profile *profile, const struct stack_mark *mark,
				size_t width, FILE *out)
{
	const struct met_stack *met = &profile->stacks.met[mark->first];
	char state[STACK_STATE_BYTES];

	write_heading(profile, mark, out);
	struct error *err = write_growers(profile, mark, width, out);
	for (size_t i = 0; err == NULL && i < mark->count; i++) {
		if (met[i].state == STACK_GREW || is_told_before(met, i))
			continue;
		write_threads(profile, met, mark->count, i, out);
		stack_state_text(profile, &met[i], state);
		fprintf(out, ", %s%s\n", state, met[i].frame >= 0 ? ":" : "");
		err = stack_write(profile, met[i].frame, "      ", width, out);
	}
	return err;
}

struct error *peak_table_write(const struct profile *profile, size_t width, FILE *out,
			       bool *ret_is_any)
{
	struct stack_marks marks;

	*ret_is_any = false;
	struct error *err = stack_marks_init(&marks, profile);
	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		const struct stack_mark *mark = stack_marks_highest(&marks, (int32_t)i);
		if (mark == NULL)
			continue;
		*ret_is_any = true;
		err = write_mark(profile, mark, width, out);
	}
	stack_marks_deinit(&marks);
	return err;
}
