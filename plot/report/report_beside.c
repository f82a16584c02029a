/* What was recorded beside memory; see report_beside.h. Plot layer. */
#include "plot/report/report_beside.h"

#include <stdlib.h>

#include "plot/parts/beside.h"
#include "plot/text/text.h"

static void put_limits(FILE *out, const struct profile *profile)
{
	char memory[TEXT_FIGURE_BYTES];

	for (enum companion kind = 0; kind < COMPANIONS; kind++) {
		const struct companion_traits *traits = companion_traits(kind);
		const double mib = traits->is_limit ? beside_limit_mib(profile, kind) : -1;
		if (mib < 0)
			continue;
		text_format_memory(memory, mib);
		fprintf(out, "  %s: %s\n", traits->title, memory);
	}
}

/* "CPU: 1.40 s in all": of a sum. */
static void put_total(FILE *out, const struct profile *profile, enum companion kind)
{
	const double total = beside_total(profile, kind, profile->first_ns, profile->last_ns);
	char text[TEXT_FIGURE_BYTES];

	if (!companion_traits(kind)->is_sum)
		return;
	if (kind == WITH_CPU)
		text_format_duration(text, (int64_t)(total * 1e9));
	else
		text_format_count(text, total);
	fprintf(out, " %s,", text);
}

struct error *report_put_beside(FILE *out, const struct profile *profile)
{
	struct beside *all;
	size_t count;

	if (profile->companions.count == 0 || profile->last_ns <= profile->first_ns)
		return NULL;
	struct error *err =
		beside_create(profile, profile->first_ns, profile->last_ns, &all, &count);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < count; i++) {
		char name[BESIDE_TEXT_BYTES], figures[BESIDE_TEXT_BYTES];
		beside_format_name(&all[i], name);
		beside_format_figures(&all[i], figures);
		fprintf(out, "  %s:", name);
		put_total(out, profile, all[i].kind);
		fprintf(out, "%s\n", figures + 1); /* one space is enough */
	}
	free(all);
	put_limits(out, profile);
	return NULL;
}

struct error *report_put_json_beside(struct json_writer *json, const struct profile *profile)
{
	struct beside *all = NULL;
	size_t count = 0;

	if (profile->companions.count == 0 || profile->last_ns <= profile->first_ns)
		return NULL;
	struct error *err =
		beside_create(profile, profile->first_ns, profile->last_ns, &all, &count);
	json_open_array(json, "with");
	for (size_t i = 0; err == NULL && i < count; i++) {
		const struct companion_traits *traits = companion_traits(all[i].kind);
		json_open_object(json, NULL);
		json_put_string(json, "name", traits->word);
		json_put_string(json, "unit", traits->unit);
		json_put_count(json, "processes", all[i].processes);
		if (traits->is_sum)
			json_put_number(json, "total",
					beside_total(profile, all[i].kind, profile->first_ns,
						     profile->last_ns));
		json_put_number(json, "mean", all[i].mean);
		json_put_number(json, "most", all[i].most);
		json_close(json);
	}
	for (enum companion kind = 0; kind < COMPANIONS; kind++) {
		const struct companion_traits *traits = companion_traits(kind);
		const double mib = traits->is_limit ? beside_limit_mib(profile, kind) : -1;
		if (mib < 0)
			continue;
		json_open_object(json, NULL);
		json_put_string(json, "name", traits->word);
		json_put_string(json, "unit", traits->unit);
		json_put_number(json, "limit", mib);
		json_close(json);
	}
	json_close(json);
	free(all);
	return err;
}
