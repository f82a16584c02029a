/* Growth as a tree of calls; see growth_tree.h. Plot layer. */
#include "plot/stacks/growth_tree.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "plot/text/text_columns.h"

/* Of all growth, what a line is worth at least. */
static const double SHARE_LEAST = 0.01;

/* So deep are lines indented at most, by two columns each. */
enum { INDENT_MOST = 20, FIGURES_COLUMNS = 30 };

struct tree {
	const struct growth_totals *totals;
	const struct profile *profile;
	double least_mib;
	size_t width;
	FILE *out;
	int32_t *by_outer; /* frames worth a line, by their callers, the largest first. Owned */
	size_t *first,
		*count; /* of a frame plus 1: where those that it calls are in @by_outer, how many. Owned */
};

static int compare_frames(const void *a, const void *b, void *context)
{
	const struct tree *tree = context;
	const int32_t one = *(const int32_t *)a, other = *(const int32_t *)b;
	const struct profile_frame *frames = tree->profile->stacks.frames;
	const struct growth_figures *figures = tree->totals->of_frame;

	if (frames[one].outer != frames[other].outer)
		return frames[one].outer < frames[other].outer ? -1 : 1;
	if (figures[one].total_mib != figures[other].total_mib)
		return figures[one].total_mib > figures[other].total_mib ? -1 : 1;
	return one < other ? -1 : one > other;
}

static struct error *tree_init(struct tree *tree)
{
	const struct profile_stacks *stacks = &tree->profile->stacks;
	size_t kept = 0;

	tree->by_outer = calloc(stacks->frame_count + 1, sizeof(*tree->by_outer));
	tree->first = calloc(stacks->frame_count + 1, sizeof(*tree->first));
	tree->count = calloc(stacks->frame_count + 1, sizeof(*tree->count));
	if (tree->by_outer == NULL || tree->first == NULL || tree->count == NULL)
		return error_no_memory();
	for (size_t i = 0; i < stacks->frame_count; i++) {
		if (tree->totals->of_frame[i].total_mib >= tree->least_mib)
			tree->by_outer[kept++] = (int32_t)i;
	}
	qsort_r(tree->by_outer, kept, sizeof(*tree->by_outer), compare_frames, tree);
	for (size_t i = 0; i < kept; i++) {
		size_t outer = (size_t)stacks->frames[tree->by_outer[i]].outer + 1;
		if (tree->count[outer]++ == 0)
			tree->first[outer] = i;
	}
	return NULL;
}

static void tree_deinit(struct tree *tree)
{
	free(tree->by_outer);
	free(tree->first);
	free(tree->count);
}

static struct error *put_frame(const struct tree *tree, int32_t index, size_t depth, bool is_part)
{
	const struct profile_stacks *stacks = &tree->profile->stacks;
	const struct profile_frame *frame = &stacks->frames[index];
	const struct growth_figures *figures = &tree->totals->of_frame[index];
	const char *name = stacks->names[frame->name], *module = stacks->names[frame->module];
	char total[TEXT_FIGURE_BYTES], self[TEXT_FIGURE_BYTES];
	const int indent = 2 * (int)(depth < INDENT_MOST ? depth : INDENT_MOST);
	const size_t taken = FIGURES_COLUMNS + (size_t)indent + text_columns(module) + 4;

	char *shown =
		tree->width == 0
			? strdup(name)
			: text_fit_name(name, tree->width > taken + 16 ? tree->width - taken : 16);
	if (shown == NULL)
		return error_no_memory();
	text_format_memory(total, figures->total_mib);
	text_format_memory(self, figures->self_mib);
	bool has_self = figures->self_mib >= tree->least_mib;
	fprintf(tree->out, "%5.1f%% %9s %9s  %*s%s%s",
		100 * figures->total_mib / tree->totals->all_mib, total, has_self ? self : "",
		indent, "", is_part ? "- " : "  ", shown);
	if (strcmp(module, "-") != 0)
		fprintf(tree->out, "  (%s)", module);
	putc('\n', tree->out);
	free(shown);
	return NULL;
}

/* Without recursion: a damaged file may have a chain of any length. */
static struct error *put_tree(const struct tree *tree)
{
	struct step {
		int32_t frame;
		size_t depth;
		bool is_part;
	} *waiting = malloc((tree->profile->stacks.frame_count + 1) * sizeof(*waiting));
	size_t count = 0;
	struct error *err = waiting == NULL ? error_no_memory() : NULL;
	struct step step = { -1, 0, false };

	while (err == NULL) {
		size_t outer = (size_t)step.frame + 1, calls = tree->count[outer];
		size_t depth = step.depth + (step.frame >= 0 && calls > 1);
		for (size_t i = calls; i-- > 0;)
			waiting[count++] = (struct step){ tree->by_outer[tree->first[outer] + i],
							  depth, step.frame < 0 || calls > 1 };
		if (count == 0)
			break;
		step = waiting[--count];
		err = put_frame(tree, step.frame, step.depth, step.is_part);
	}
	free(waiting);
	return err;
}

struct error *growth_tree_write(const struct growth_totals *totals, const struct profile *profile,
				size_t width, FILE *out)
{
	struct tree tree = {
		.totals = totals,
		.profile = profile,
		.least_mib = totals->all_mib * SHARE_LEAST,
		.width = width,
		.out = out,
	};

	if (!(totals->all_mib > 0))
		return NULL;
	struct error *err = tree_init(&tree);
	if (err == NULL) {
		fprintf(out, "%6s %9s %9s    %s\n", "", "total", "self", "by calls");
		err = put_tree(&tree);
	}
	if (err == NULL)
		fprintf(out, "calls with less than 1 %% of the growth are not shown\n");
	tree_deinit(&tree);
	return err;
}
