/* What is drawn; see plot_model.h. Plot layer. */
#include "plot/model/plot_model.h"

#include <stdlib.h>

void plot_model_deinit(struct plot_model *model)
{
	for (size_t i = 0; i < model->curve_count; i++) {
		free(model->curves[i].points);
		free(model->curves[i].name);
	}
	for (size_t i = 0; i < model->legend_count; i++) {
		free(model->legend[i].name);
		free(model->legend[i].brief.text);
		free(model->legend[i].detail);
		free(model->legend[i].brief_detail);
	}
	for (size_t i = 0; i < model->call_count; i++)
		free(model->calls[i].tip);
	for (size_t i = 0; i < model->strip_count; i++) {
		free(model->strips[i].name);
		free(model->strips[i].detail);
	}
	for (size_t i = 0; i < model->lane_count; i++)
		free(model->lanes[i].label);
	for (size_t i = 0; i < model->bar_count; i++) {
		free(model->bars[i].name);
		free(model->bars[i].tip);
	}
	part_stack_deinit(&model->stack);
	free(model->beside);
	stack_tips_deinit(&model->peak_stacks);
	free(model->lanes);
	free(model->bars);
	free(model->curves);
	free(model->band);
	free(model->brackets);
	free(model->ticks);
	free(model->calls);
	free(model->strips);
	free(model->legend);
	free(model->title);
	free(model->x_label);
	free(model->y_label);
	free(model->x_label_short);
	free(model->y_label_short);
	*model = (struct plot_model){ 0 };
}
