/* Children on a plot, equal ones together; see plot_children.h. Plot layer. */
#include "plot/model/plot_children.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_legend.h"
#include "plot/model/plot_curves.h"
#include "plot/profile/profile_children.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* Two are told by their pids. */
enum { GROUP_LEAST = 3 };

/* Peaks that differ by this part are about the same, but by no less and no more than so much. */
static const double SAME_PART = 0.05, SAME_LEAST_MIB = 0.25, SAME_MOST_MIB = 2;

/* A child of which something is known. */
struct child {
	size_t process;
	char *program; /* owned; empty: not known */
	double peak_mib;
	bool is_sum;
};

/* By program, then the highest peak first; the sum of others last of all. */
static int child_compare(const void *a, const void *b)
{
	const struct child *one = a, *other = b;

	if (one->is_sum != other->is_sum)
		return one->is_sum ? 1 : -1;
	int order = strcmp(one->program, other->program);
	if (order != 0)
		return order;
	if (one->peak_mib != other->peak_mib)
		return one->peak_mib > other->peak_mib ? -1 : 1;
	return one->process < other->process ? -1 : one->process > other->process;
}

static int group_compare(const void *a, const void *b)
{
	const struct child_group *one = a, *other = b;

	if (one->high_mib != other->high_mib)
		return one->high_mib > other->high_mib ? -1 : 1;
	return one->first < other->first ? -1 : one->first > other->first;
}

static void children_free(struct child *all, size_t count)
{
	for (size_t i = 0; all != NULL && i < count; i++)
		free(all[i].program);
	free(all);
}

/* All that have samples or calls, in the order of child_compare. */
static struct error *gather(const struct profile *profile, struct child **ret, size_t *ret_count)
{
	struct child *all = calloc(profile->process_count, sizeof(*all));
	size_t count = 0;
	struct error *err = all == NULL ? error_no_memory() : NULL;

	for (size_t i = 1; err == NULL && i < profile->process_count; i++) {
		const struct profile_process *process = &profile->processes[i];
		if (process->highest_ns == PROFILE_TIME_UNKNOWN)
			continue;
		char *program = text_program_name(process->command != NULL ? process->command : "");
		if (program == NULL)
			err = error_no_memory();
		else
			all[count++] = (struct child){ i, program, process->highest_mib,
						       process->pid == PROFILE_PID_SUMMED };
	}
	if (err != NULL) {
		children_free(all, count);
		return err;
	}
	qsort(all, count, sizeof(*all), child_compare);
	*ret = all;
	*ret_count = count;
	return NULL;
}

/* How many, from @first on, are of one group. */
static size_t group_length(const struct child *all, size_t first, size_t count, bool groups)
{
	size_t end = first + 1;
	double high_mib = all[first].peak_mib;
	double low_mib = high_mib - fmin(fmax(high_mib * SAME_PART, SAME_LEAST_MIB), SAME_MOST_MIB);

	while (groups && all[first].program[0] != '\0' && end < count && !all[end].is_sum &&
	       all[end].peak_mib >= low_mib && strcmp(all[end].program, all[first].program) == 0)
		end++;
	return end - first >= GROUP_LEAST ? end - first : 1;
}

static bool is_sum(const struct plot_children *children, const struct profile *profile,
		   const struct child_group *group)
{
	return profile->processes[children->processes[group->first]].pid == PROFILE_PID_SUMMED;
}

/* Colours by the peaks over all of the time; the sum of others, which stands for the rest, comes last. */
static struct error *make_groups(struct plot_children *children, const struct profile *profile,
				 const struct child *all, size_t count, bool groups)
{
	children->processes = calloc(count + 1, sizeof(*children->processes));
	children->groups = calloc(count + 1, sizeof(*children->groups));
	if (children->processes == NULL || children->groups == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i += children->groups[children->group_count++].count) {
		children->groups[children->group_count] = (struct child_group){
			.first = i,
			.count = group_length(all, i, count, groups),
			.high_mib = all[i].peak_mib,
		};
	}
	for (size_t i = 0; i < count; i++)
		children->processes[i] = all[i].process;
	size_t to_rank = children->group_count;
	if (to_rank > 0 && is_sum(children, profile, &children->groups[to_rank - 1]))
		to_rank--;
	qsort(children->groups, to_rank, sizeof(*children->groups), group_compare);
	children->color_count = children->group_count;
	for (size_t i = 0; i < children->group_count; i++) {
		children->groups[i].color = palette_cycle(i);
		children->groups[i].dash = palette_dash(i);
	}
	return NULL;
}

/* Colours what is seen of a group, and finds its peaks as they are seen. */
static void look_at_group(struct plot_children *children, struct plot_model *model,
			  const struct profile *profile, size_t *const curve_of,
			  struct child_group *group)
{
	bool is_exact;

	for (size_t i = group->first; i < group->first + group->count; i++) {
		size_t index = curve_of[children->processes[i]];
		if (index == 0)
			continue;
		struct plot_curve *curve = &model->curves[index - 1];
		double mib = plot_curve_peak_mib(model, profile, curve, &is_exact);
		curve->color = group->color;
		curve->dash = group->dash;
		if (group->seen == 0 || mib > group->high_mib) {
			group->high_mib = mib;
			group->curve = index - 1;
		}
		group->low_mib = group->seen == 0 ? mib : fmin(group->low_mib, mib);
		group->seen++;
	}
}

static struct error *look_at_curves(struct plot_children *children, struct plot_model *model,
				    const struct profile *profile)
{
	size_t *curve_of = calloc(profile->process_count, sizeof(*curve_of)); /* plus 1 */
	size_t seen = 0;

	if (curve_of == NULL)
		return error_no_memory();
	for (size_t i = 0; i < model->curve_count; i++)
		curve_of[model->curves[i].process] = i + 1;
	for (size_t i = 0; i < children->group_count; i++) {
		struct child_group *group = &children->groups[i];
		look_at_group(children, model, profile, curve_of, group);
		if (group->seen > 0)
			children->groups[seen++] = *group;
	}
	free(curve_of);
	bool has_sum = seen > 0 && is_sum(children, profile, &children->groups[seen - 1]);
	qsort(children->groups, seen - has_sum, sizeof(*children->groups), group_compare);
	children->group_count = seen;
	return NULL;
}

struct error *plot_children_init(struct plot_children *children, struct plot_model *model,
				 const struct profile *profile, const struct plot_options *options)
{
	struct child *all;
	size_t count;

	*children = (struct plot_children){ 0 };
	struct error *err = gather(profile, &all, &count);
	if (err != NULL)
		return err;
	err = make_groups(children, profile, all, count, !options->slope);
	children_free(all, count);
	if (err == NULL)
		err = look_at_curves(children, model, profile);
	if (err != NULL)
		plot_children_deinit(children);
	return err;
}

void plot_children_deinit(struct plot_children *children)
{
	free(children->processes);
	free(children->groups);
	*children = (struct plot_children){ 0 };
}

static struct error *add_group(struct plot_model *model, const struct profile *profile,
			       const struct child_group *group)
{
	const struct plot_curve *curve = &model->curves[group->curve];
	char low[TEXT_FIGURE_BYTES], high[TEXT_FIGURE_BYTES];

	if (group->seen == 1)
		return legend_add_curve(model, profile, curve);
	char *program = text_program_name(profile->processes[curve->process].command);
	text_format_memory(low, group->low_mib);
	text_format_memory(high, group->high_mib);
	bool is_same = strcmp(low, high) == 0;
	struct error *err = legend_add(
		model, &(struct plot_legend_entry){
			       .key = PLOT_KEY_CHILD,
			       .color = group->color,
			       .dash = group->dash,
			       .name = program == NULL ? NULL
						       : legend_format("%zu \xc3\x97 %s",
								       group->seen, program),
			       .detail = legend_format(", %s%s%s each", is_same ? "" : low,
						       is_same ? "" : " to ", high),
		       });
	free(program);
	return err;
}

struct error *plot_children_add_legend(const struct plot_children *children,
				       struct plot_model *model, const struct profile *profile,
				       size_t rows)
{
	size_t count = children->group_count, left_out = 0;
	size_t named = count <= rows ? count : rows > 0 ? rows - 1 : 0;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		if (i < named)
			err = add_group(model, profile, &children->groups[i]);
		else
			left_out += children->groups[i].seen;
	}
	if (err == NULL && left_out > 0)
		err = legend_add_more(model, left_out, "children");
	return err;
}
