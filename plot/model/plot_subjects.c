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

/* Where the band is cut by an edge of the window. */
static struct plot_band_point band_between(const struct plot_band_point *one,
					   const struct plot_band_point *other, double x)
{
	const double part = (x - one->x) / (other->x - one->x);

	return (struct plot_band_point){
		x,
		one->low + (other->low - one->low) * part,
		one->lower + (other->lower - one->lower) * part,
		one->upper + (other->upper - one->upper) * part,
		one->high + (other->high - one->high) * part,
	};
}

/* Of each piece of the band what is in the window: its start where the band enters it, its end. */
static void add_piece(struct plot_model *model, const struct plot_band_point *from,
		      const struct plot_band_point *to)
{
	const double edges[] = { model->x.min, model->x.max };

	for (size_t i = 0; i < 2; i++) {
		if (from->x < edges[i] && to->x > edges[i])
			model->band[model->band_count++] = band_between(from, to, edges[i]);
	}
}

struct error *plot_model_add_band(struct plot_model *model, const struct profile *profile,
				  const struct plot_options *options)
{
	struct plot_band_point before = { 0 };

	if (options->spread == NULL)
		return NULL;
	const struct rank_band *band = options->spread->band;
	model->band = calloc(band->count + 3, sizeof(*model->band));
	if (model->band == NULL)
		return error_no_memory();
	for (size_t i = 0; i < band->count; i++) {
		const struct rank_band_point *point = &band->points[i];
		const struct plot_band_point at = {
			(double)(point->time_ns - profile->zero_ns) / model->x.per_unit,
			point->low,
			point->lower,
			point->upper,
			point->high,
		};
		if (i > 0)
			add_piece(model, &before, &at);
		if (axis_has(&model->x, at.x))
			model->band[model->band_count++] = at;
		before = at;
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
