/* Stacks for a page's tooltips; see payload_stacks.h (plot layer). */
#include "plot/html/payload_stacks.h"

#include <stdlib.h>

#include "plot/html/payload_series.h"
#include "plot/stacks/stack_tips.h"

static struct error *put_peaks(struct json_writer *json, const struct profile *profile)
{
	struct stack_tips tips;

	struct error *err = stack_tips_init(&tips, profile);
	if (err != NULL)
		return err;
	json_open_array(json, "peakStacks");
	for (size_t i = 0; i < tips.count; i++) {
		const struct stack_tip *tip = &tips.tips[i];
		json_open_array(json, NULL);
		json_put_integer(json, NULL, tip->process);
		json_put_seconds(json, NULL, tip->since_ns);
		json_put_string(json, NULL, tip->text);
		json_close(json);
	}
	json_close(json);
	stack_tips_deinit(&tips);
	return NULL;
}

static struct error *put_call(struct json_writer *json, const struct profile *profile,
			      const struct met_stack *met)
{
	const struct profile_call call = {
		.process = met->process,
		.tid = met->tid,
		.in_ns = met->at_ns,
	};
	char *text = stack_tip_of_call(profile, &call);

	if (text == NULL)
		return error_no_memory();
	json_open_array(json, NULL);
	json_put_integer(json, NULL, met->process);
	json_put_integer(json, NULL, met->tid);
	json_put_integer(json, NULL, payload_elapsed_us(profile, met->at_ns));
	json_put_string(json, NULL, text);
	json_close(json);
	free(text);
	return NULL;
}

struct error *payload_put_stacks(struct json_writer *json, const struct profile *profile)
{
	const struct profile_stacks *stacks = &profile->stacks;
	size_t calls = 0;

	if (stacks->met_count == 0)
		return NULL;
	struct error *err = put_peaks(json, profile);
	json_open_array(json, "callStacks");
	for (size_t i = 0; err == NULL && i < stacks->met_count; i++) {
		const struct met_stack *met = &stacks->met[i];
		if (met->why != STACK_AT_ENTRY || met->frame < 0 ||
		    calls == PAYLOAD_CALL_STACKS_MOST)
			continue;
		err = put_call(json, profile, met);
		calls++;
	}
	json_close(json);
	return err;
}
