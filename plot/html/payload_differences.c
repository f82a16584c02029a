/* What differs between two profiles; see payload_differences.h (plot layer). */
#include "plot/html/payload_differences.h"

#include <math.h>
#include <stdlib.h>

#include "plot/compare/figure_group.h"
#include "plot/html/payload_text.h"

/* page/tables.js has a format for each. */
static const char *quantity_name(enum quantity quantity)
{
	switch (quantity) {
	case QUANTITY_MEMORY:
		return "memory";
	case QUANTITY_TIME:
		return "duration";
	case QUANTITY_RATE:
		return "slope";
	case QUANTITY_COUNT:
		break;
	}
	return "count";
}

static void put_value(struct json_writer *json, const char *key, enum quantity quantity,
		      double value)
{
	json_put_number(json, key, quantity == QUANTITY_TIME ? value * 1e-9 : value);
}

static struct error *put_figures(struct json_writer *json, const struct figure_pair *pair)
{
	struct error *err = NULL;

	for (enum figure i = 0; err == NULL && i < FIGURE_COUNT; i++) {
		const struct figure_traits *traits = figure_traits(i);
		double before = group_subject_value(pair->before, i);
		double after = group_subject_value(pair->after, i);
		if (traits->kind != pair->kind || (isnan(before) && isnan(after)))
			continue;
		json_open_object(json, NULL);
		err = payload_put_text(json, "name",
				       pair->kind == SUBJECT_RUN ? "the run" : pair->name);
		json_put_string(json, "kind",
				pair->kind == SUBJECT_RUN	 ? "run"
				: pair->kind == SUBJECT_FUNCTION ? "function"
								 : "program");
		json_put_string(json, "figure", traits->title);
		json_put_string(json, "quantity", quantity_name(traits->quantity));
		put_value(json, "before", traits->quantity, before);
		put_value(json, "after", traits->quantity, after);
		json_close(json);
	}
	return err;
}

static struct error *put_pairs(struct json_writer *json, const struct figure_group *before,
			       const struct figure_group *after)
{
	struct figure_pair *pairs;
	size_t count;
	struct error *err = figure_pairs_create(before, after, &pairs, &count);

	if (err != NULL)
		return err;
	json_open_array(json, "differences");
	for (size_t i = 0; err == NULL && i < count; i++)
		err = put_figures(json, &pairs[i]);
	json_close(json);
	free(pairs);
	return err;
}

/* Of one profile. */
static struct error *make_group(const struct profile *profile, struct figure_group *group)
{
	struct figures figures;
	struct error *err = figures_init(&figures, profile, NAN);

	if (err == NULL)
		err = figure_group_add(group, &figures);
	if (err == NULL)
		err = figure_group_finish(group);
	return err;
}

struct error *payload_put_differences(struct json_writer *json, const struct profile *before,
				      const struct profile *after)
{
	struct figure_group groups[2] = { 0 };
	struct error *err = make_group(before, &groups[0]);

	if (err == NULL)
		err = make_group(after, &groups[1]);
	if (err == NULL)
		err = put_pairs(json, &groups[0], &groups[1]);
	figure_group_deinit(&groups[0]);
	figure_group_deinit(&groups[1]);
	return err;
}
