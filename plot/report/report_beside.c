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
static void put_total(FILE *out, enum companion kind, double total)
{
	char text[TEXT_FIGURE_BYTES];

	if (!companion_traits(kind)->is_sum)
		return;
	if (kind == WITH_CPU)
		text_format_duration(text, (int64_t)(total * 1e9));
	else
		text_format_count(text, total);
	fprintf(out, " %s,", text);
}

/* The time that is reported. False: there is none. */
static bool find_span(const struct profile *profile, const struct report_options *options,
		      int64_t *ret_from_ns, int64_t *ret_to_ns)
{
	*ret_from_ns = profile->first_ns + (options->has_window ? options->from_ns : 0);
	*ret_to_ns = options->has_window ? profile->first_ns + options->to_ns : profile->last_ns;
	if (*ret_to_ns > profile->last_ns)
		*ret_to_ns = profile->last_ns;
	return profile->companions.count > 0 && *ret_to_ns > *ret_from_ns;
}

struct error *report_put_beside(FILE *out, const struct profile *profile,
				const struct report_options *options)
{
	int64_t from_ns, to_ns;
	struct beside *all;
	size_t count;

	if (!find_span(profile, options, &from_ns, &to_ns))
		return NULL;
	struct error *err = beside_create(profile, from_ns, to_ns, &all, &count);
	if (err != NULL)
		return err;
	for (size_t i = 0; i < count; i++) {
		char name[BESIDE_TEXT_BYTES], figures[BESIDE_TEXT_BYTES];
		beside_format_name(&all[i], name);
		beside_format_figures(&all[i], figures);
		fprintf(out, "  %s:", name);
		put_total(out, all[i].kind, beside_total(profile, all[i].kind, from_ns, to_ns));
		fprintf(out, "%s\n", figures + 1); /* one space is enough */
	}
	free(all);
	put_limits(out, profile);
	return NULL;
}

struct error *report_put_json_beside(struct json_writer *json, const struct profile *profile,
				     const struct report_options *options)
{
	int64_t from_ns, to_ns;
	struct beside *all = NULL;
	size_t count = 0;

	if (!find_span(profile, options, &from_ns, &to_ns))
		return NULL;
	struct error *err = beside_create(profile, from_ns, to_ns, &all, &count);
	json_open_array(json, "with");
	for (size_t i = 0; err == NULL && i < count; i++) {
		const struct companion_traits *traits = companion_traits(all[i].kind);
		json_open_object(json, NULL);
		json_put_string(json, "name", traits->word);
		json_put_string(json, "unit", traits->unit);
		json_put_count(json, "processes", all[i].processes);
		if (traits->is_sum)
			json_put_number(json, "total",
					beside_total(profile, all[i].kind, from_ns, to_ns));
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
