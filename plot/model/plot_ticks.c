/* Static probes on a plot; see plot_ticks.h. Plot layer. */
#include "plot/model/plot_ticks.h"

#include "plot/model/palette.h"
#include "plot/model/plot_legend.h"
#include "tracer/base/array.h"

/* So many ticks of one name stand beside each other at most: a line of ticks is as good as a bar. */
static const double TICKS_ACROSS = 1000;

size_t plot_ticks_shown(const struct profile *profile)
{
	size_t shown = 0;

	for (size_t i = 0; i < profile->marker_count; i++)
		shown += !profile->markers[i].is_hidden;
	return shown;
}

static struct error *add_marker(struct plot_model *model, const struct profile *profile,
				const struct marker *marker, int color)
{
	const double step = (model->x.max - model->x.min) / TICKS_ACROSS;
	double last_x = -1;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < marker->count; i++) {
		const struct moment *moment = &marker->moments[i];
		double x = (double)(moment->at_ns - profile->zero_ns) / model->x.per_unit;
		if (x < model->x.min || x > model->x.max || (last_x >= 0 && x - last_x < step))
			continue;
		err = array_reserve(&model->ticks, &model->tick_capacity, model->tick_count + 1,
				    sizeof(*model->ticks));
		if (err == NULL)
			model->ticks[model->tick_count++] =
				(struct plot_tick){ x, moment->mib, color };
		last_x = x;
	}
	return err;
}

struct error *plot_model_add_ticks(struct plot_model *model, const struct profile *profile,
				   size_t rows, size_t first_color)
{
	size_t shown = plot_ticks_shown(profile), done = 0;
	size_t named = shown <= rows ? shown : rows > 0 ? rows - 1 : 0;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < profile->marker_count; i++) {
		const struct marker *marker = &profile->markers[i];
		if (marker->is_hidden)
			continue;
		int color = palette_cycle(first_color + done);
		err = add_marker(model, profile, marker, color);
		if (err == NULL && done++ < named)
			err = legend_add_marker(model, marker, color);
	}
	if (err == NULL && named < shown && rows > 0)
		err = legend_add_more(model, shown - named, "static probes");
	return err;
}
