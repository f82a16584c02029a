/* What memory was made of, for a page; see payload_parts.h (plot layer). */
#include "plot/html/payload_parts.h"

#include <math.h>
#include <stdlib.h>

#include "plot/html/payload_text.h"
#include "plot/parts/beside.h"
#include "plot/parts/part_stack.h"

/* As many digits as are seen. */
static double rounded(double value)
{
	return round(value * 1000) / 1000;
}

static struct error *put_layers(struct json_writer *json, const struct part_stack *stack)
{
	struct error *err = NULL;

	json_open_array(json, "layers");
	for (size_t i = 0; err == NULL && i < stack->layer_count; i++) {
		json_open_object(json, NULL);
		err = payload_put_text(json, "name", stack->layers[i].title);
		json_open_array(json, "mib");
		for (size_t k = 0; k < stack->count; k++)
			json_put_number(json, NULL, rounded(stack->layers[i].mib[k]));
		json_close(json);
		json_close(json);
	}
	json_close(json);
	return err;
}

static struct error *put_stack(struct json_writer *json, const struct profile *profile)
{
	const struct part_stack_limits limits = {
		.from_ns = profile->first_ns,
		.to_ns = profile->last_ns,
		.points = 2000,
		.layers = 10,
	};
	struct part_stack stack;

	struct error *err = part_stack_init(&stack, profile, 0, &limits);
	if (err != NULL)
		return err;
	if (stack.count > 1 && stack.layer_count > 0) {
		json_open_object(json, "stack");
		json_open_array(json, "t");
		for (size_t i = 0; i < stack.count; i++)
			json_put_seconds(json, NULL, stack.time_ns[i] - profile->zero_ns);
		json_close(json);
		err = put_layers(json, &stack);
		json_close(json);
	}
	part_stack_deinit(&stack);
	return err;
}

static struct error *put_beside(struct json_writer *json, const struct profile *profile)
{
	struct beside *all;
	size_t count;

	if (profile->companions.count == 0 || profile->last_ns <= profile->first_ns)
		return NULL;
	struct error *err =
		beside_create(profile, profile->first_ns, profile->last_ns, &all, &count);
	if (err != NULL)
		return err;
	json_open_array(json, "beside");
	for (size_t i = 0; i < count; i++) {
		char name[BESIDE_TEXT_BYTES], figures[BESIDE_TEXT_BYTES];
		beside_format_name(&all[i], name);
		beside_format_figures(&all[i], figures);
		json_open_object(json, NULL);
		json_put_string(json, "name", name);
		json_put_string(json, "figures", figures + 2); /* a space less on either side */
		json_put_string(json, "unit", companion_traits(all[i].kind)->unit);
		json_put_integer(json, "color", all[i].kind);
		json_open_array(json, "cells");
		for (size_t k = 0; k < BESIDE_CELLS; k++)
			json_put_number(json, NULL, rounded(all[i].cells[k]));
		json_close(json);
		json_close(json);
	}
	json_close(json);
	free(all);
	return NULL;
}

static void put_limits(struct json_writer *json, const struct profile *profile)
{
	json_open_array(json, "limits");
	for (enum companion kind = 0; kind < COMPANIONS; kind++) {
		const struct companion_traits *traits = companion_traits(kind);
		const double mib = traits->is_limit ? beside_limit_mib(profile, kind) : -1;
		if (mib < 0)
			continue;
		json_open_object(json, NULL);
		json_put_string(json, "name", traits->title);
		json_put_number(json, "mib", mib);
		json_close(json);
	}
	json_close(json);
}

struct error *payload_put_parts(struct json_writer *json, const struct profile *profile)
{
	struct error *err = put_stack(json, profile);

	if (err == NULL)
		err = put_beside(json, profile);
	if (err == NULL && profile->companions.count > 0)
		put_limits(json, profile);
	return err;
}
