/* What is drawn of profiles that are no files; see plot_subjects.h. Plot layer. */
#include "plot/model/plot_subjects.h"

#include <stdlib.h>
#include <string.h>

#include "plot/model/palette.h"
#include "plot/model/plot_legend.h"

static struct error *add_entry(struct plot_model *model, const struct plot_subject *subject,
			       const struct profile *profile, const struct plot_curve *curve)
{
	return legend_add(model,
			  &(struct plot_legend_entry){
				  .key = PLOT_KEY_MAIN,
				  .color = curve->color,
				  .dash = curve->dash,
				  .name = strdup(subject->entry),
				  .detail = subject->detail != NULL
						    ? strdup(subject->detail)
						    : legend_peak_detail(model, profile, curve),
			  });
}

/* What the band shows. */
static struct error *add_spread(struct plot_model *model, const struct plot_spread *spread)
{
	const char *const words[] = { spread->half, spread->whole };
	struct error *err = NULL;

	for (int i = 0; err == NULL && i < 2; i++)
		err = legend_add(model, &(struct plot_legend_entry){
						.key = PLOT_KEY_BAND,
						.color = COLOR_MAIN,
						.dash = !i,
						.name = strdup(words[i]),
						.detail = strdup(""),
					});
	return err;
}

struct error *plot_model_add_subjects(struct plot_model *model, const struct profile *profiles,
				      const struct plot_options *options)
{
	enum { ROWS = PLOT_LEGEND_ROWS - 3 }; /* the band, the peak */
	struct error *err = NULL;
	size_t named = 0, more = 0;

	for (size_t i = 0; err == NULL && i < model->curve_count; i++) {
		const struct plot_curve *curve = &model->curves[i];
		const struct plot_subject *subject = &options->subjects[curve->profile];
		if (subject->entry == NULL)
			continue;
		if (++named > ROWS)
			more++;
		else
			err = add_entry(model, subject, &profiles[curve->profile], curve);
	}
	if (err == NULL && more > 0)
		err = legend_add_more(model, more, "curves");
	if (err == NULL && model->band_count > 0)
		err = add_spread(model, options->spread);
	return err;
}

struct error *plot_model_add_band(struct plot_model *model, const struct profile *profile,
				  const struct plot_options *options)
{
	if (options->spread == NULL)
		return NULL;
	const struct rank_band *band = options->spread->band;
	model->band = calloc(band->count + 1, sizeof(*model->band));
	if (model->band == NULL)
		return error_no_memory();
	for (size_t i = 0; i < band->count; i++) {
		const struct rank_band_point *point = &band->points[i];
		const double x = (double)(point->time_ns - profile->zero_ns) / model->x.per_unit;
		if (axis_has(&model->x, x))
			model->band[model->band_count++] = (struct plot_band_point){
				x, point->low, point->lower, point->upper, point->high,
			};
	}
	return NULL;
}

void plot_model_convert_band(struct plot_model *model)
{
	for (size_t i = 0; i < model->band_count; i++) {
		model->band[i].low /= model->y.per_unit;
		model->band[i].lower /= model->y.per_unit;
		model->band[i].upper /= model->y.per_unit;
		model->band[i].high /= model->y.per_unit;
	}
}
