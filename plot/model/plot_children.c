/* Children on a plot, equal ones together; see plot_children.h. Plot layer. */
#include "plot/model/plot_children.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_curves.h"
#include "plot/model/plot_legend.h"
#include "plot/text/text.h"

/* The highest peak that is seen first; what stands for summed children last. */
static int compare(const void *a, const void *b)
{
	const struct child_look *one = a, *other = b;

	if (one->is_sum != other->is_sum)
		return one->is_sum ? 1 : -1;
	if (one->high_mib != other->high_mib)
		return one->high_mib > other->high_mib ? -1 : 1;
	return one->color_index < other->color_index ? -1 : one->color_index > other->color_index;
}

/* Colours what is seen of a group, and finds its peaks as they are seen. */
static void look_at_group(const struct child_groups *groups, size_t index, struct plot_model *model,
			  const struct profile *profile, const size_t *curve_of,
			  struct child_look *look)
{
	const struct child_group *group = &groups->groups[index];
	bool is_exact;

	*look = (struct child_look){ .color_index = index, .is_sum = group->is_sum };
	for (size_t i = group->first; i < group->first + group->count; i++) {
		size_t place = curve_of[groups->processes[i]];
		if (place == 0)
			continue;
		struct plot_curve *curve = &model->curves[place - 1];
		double mib = plot_curve_peak_mib(model, profile, curve, &is_exact);
		curve->color = palette_cycle(index);
		curve->dash = palette_dash(index);
		if (look->seen == 0 || mib > look->high_mib) {
			look->high_mib = mib;
			look->curve = place - 1;
		}
		look->low_mib = look->seen == 0 ? mib : fmin(look->low_mib, mib);
		look->seen++;
	}
}

static struct error *look_at_groups(struct plot_children *children,
				    const struct child_groups *groups, struct plot_model *model,
				    const struct profile *profile)
{
	size_t *curve_of = calloc(profile->process_count, sizeof(*curve_of)); /* plus 1 */

	children->looks = calloc(groups->count + 1, sizeof(*children->looks));
	if (curve_of == NULL || children->looks == NULL) {
		free(curve_of);
		return error_no_memory();
	}
	for (size_t i = 0; i < model->curve_count; i++)
		curve_of[model->curves[i].process] = i + 1;
	for (size_t i = 0; i < groups->count; i++) {
		look_at_group(groups, i, model, profile, curve_of,
			      &children->looks[children->count]);
		children->count += children->looks[children->count].seen > 0;
	}
	free(curve_of);
	qsort(children->looks, children->count, sizeof(*children->looks), compare);
	children->color_count = groups->count;
	return NULL;
}

struct error *plot_children_init(struct plot_children *children, struct plot_model *model,
				 const struct profile *profile, const struct plot_options *options)
{
	struct child_groups groups;

	*children = (struct plot_children){ 0 };
	struct error *err = profile_group_children(profile, options->slope, &groups);
	if (err != NULL)
		return err;
	err = look_at_groups(children, &groups, model, profile);
	child_groups_deinit(&groups);
	if (err != NULL)
		plot_children_deinit(children);
	return err;
}

void plot_children_deinit(struct plot_children *children)
{
	free(children->looks);
	*children = (struct plot_children){ 0 };
}

static struct error *add_look(struct plot_model *model, const struct profile *profile,
			      const struct child_look *look)
{
	const struct plot_curve *curve = &model->curves[look->curve];
	char low[TEXT_FIGURE_BYTES], high[TEXT_FIGURE_BYTES];

	if (look->seen == 1)
		return legend_add_curve(model, profile, curve);
	char *program = text_program_name(profile->processes[curve->process].command);
	text_format_memory(low, look->low_mib);
	text_format_memory(high, look->high_mib);
	bool is_same = strcmp(low, high) == 0;
	struct error *err = legend_add(
		model, &(struct plot_legend_entry){
			       .key = PLOT_KEY_CHILD,
			       .color = curve->color,
			       .dash = curve->dash,
			       .name = program == NULL ? NULL
						       : legend_format("%zu \xc3\x97 %s",
								       look->seen, program),
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
	size_t count = children->count, left_out = 0;
	size_t named = count <= rows ? count : rows > 0 ? rows - 1 : 0;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		if (i < named)
			err = add_look(model, profile, &children->looks[i]);
		else
			left_out += children->looks[i].seen;
	}
	if (err == NULL && left_out > 0)
		err = legend_add_more(model, left_out, "children");
	return err;
}
