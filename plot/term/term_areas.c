/* Layers in characters; see term_areas.h. Plot layer. */
#include "plot/term/term_areas.h"

#include <math.h>

size_t term_area_at(const struct plot_model *model, double x, double y)
{
	double mib;

	return part_stack_find(&model->stack, model->stack_zero_ns + llround(x * model->x.per_unit),
			       y * model->y.per_unit, &mib);
}

const char *term_area_sign(size_t layer)
{
	static const char *const signs[] = { "\xe2\x96\x91", "\xe2\x96\x93", "\xe2\x96\x92" };

	return signs[layer % (sizeof(signs) / sizeof(signs[0]))];
}
