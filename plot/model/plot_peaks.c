/* Peaks of what is seen; see plot_peaks.h. Plot layer. */
#include "plot/model/plot_peaks.h"

#include <stddef.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_curves.h"
#include "plot/model/plot_legend.h"
#include "plot/profile/metric_label.h"
#include "plot/profile/profile_children.h"
#include "plot/text/text.h"

/* The highest curve; NULL: there is none. @wants_child: of a single process other than the main one. */
static const struct plot_curve *find_highest(const struct plot_model *model,
					     const struct profile *profiles, bool wants_child)
{
	const struct plot_curve *highest = NULL;
	double highest_mib = 0;
	bool is_exact;

	for (size_t i = 0; i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		const struct profile *profile = &profiles[curve->profile];
		double mib = plot_curve_peak_mib(model, profile, curve, &is_exact);
		bool is_single = curve->is_child &&
				 profile->processes[curve->process].pid != PROFILE_PID_SUMMED;
		if ((wants_child && !is_single) || (highest != NULL && mib <= highest_mib))
			continue;
		highest = curve;
		highest_mib = mib;
	}
	return highest;
}

static struct error *add_peak(struct plot_model *model, const struct profile *profiles,
			      const struct plot_curve *curve, enum plot_key key,
			      struct plot_peak *ret)
{
	char memory[TEXT_FIGURE_BYTES], time[AXIS_LABEL_BYTES];
	bool is_exact, is_named = model->curve_count > 1;
	double mib = plot_curve_peak_mib(model, &profiles[curve->profile], curve, &is_exact);

	*ret = (struct plot_peak){
		.is_shown = true,
		.has_time = true,
		.x = curve->peak.x,
		.y = mib,
	};
	text_format_memory(memory, mib);
	axis_format_time(&model->x, (int64_t)(curve->peak.x * model->x.per_unit), time);
	/* The kernel's mark has no time; the vertical line is the highest sample's. */
	return legend_add(model,
			  &(struct plot_legend_entry){
				  .key = key,
				  .color = COLOR_PEAK,
				  .name = is_named ? legend_format("peak of %s", curve->name)
						   : strdup("peak"),
				  .detail = legend_format(is_exact ? "%s%s, highest sample at %s"
								   : "%s%s at %s",
							  is_named ? "  " : " ", memory, time),
			  });
}

struct error *plot_model_add_peaks(struct plot_model *model, const struct profile *profiles,
				   size_t count)
{
	const struct plot_curve *highest = find_highest(model, profiles, false);
	const struct plot_curve *other = NULL;

	if (highest == NULL || metrics_differ(profiles, count))
		return NULL;
	if (count == 1 && !highest->is_child)
		other = find_highest(model, profiles, true);
	else if (count == 1 && !model->curves[0].is_child)
		other = &model->curves[0]; /* the main one comes first */
	struct error *err = add_peak(model, profiles, highest, PLOT_KEY_PEAK, &model->peak);
	if (err == NULL && other != NULL)
		err = add_peak(model, profiles, other, PLOT_KEY_OTHER_PEAK, &model->other_peak);
	return err;
}
