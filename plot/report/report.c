/* Reports of profiles; see report.h. Plot layer. */
#include "plot/report/report.h"

#include <string.h>

#include "plot/report/report_beside.h"
#include "plot/report/report_tables.h"
#include "plot/report/report_words.h"
#include "plot/stacks/growth_tree.h"
#include "plot/text/stream_check.h"

struct error *report_options_check(const struct report_options *options)
{
	return options->sort != NULL ? report_tables_check_sort(options) : NULL;
}

void report_begin(struct report *report, const struct report_options *options, FILE *out)
{
	*report = (struct report){ .options = options, .out = out };
	csv_init(&report->csv, out);
	/* A line for each row of a table. */
	json_init(&report->json, out, 4);
	if (options->format != REPORT_JSON)
		return;
	json_open_object(&report->json, NULL);
	json_open_array(&report->json, "profiles");
}

static struct error *put_heads(struct report *report, const struct profile *profile,
			       const struct profile_totals *totals)
{
	if (report->options->format == REPORT_JSON)
		report_put_json_head(&report->json, profile, totals, report->options);
	if (report->options->format == REPORT_JSON)
		return report_put_json_beside(&report->json, profile, report->options);
	if (report->options->format != REPORT_TEXT)
		return NULL;
	if (report->profiles > 0)
		putc('\n', report->out);
	report_put_head(report->out, profile, totals, report->options);
	return report_put_beside(report->out, profile, report->options);
}

static struct error *put_table(struct report *report, const struct profile *profile,
			       const struct report_one *one)
{
	switch (report->options->format) {
	case REPORT_CSV:
		table_write_csv(one->table, &report->csv, report->profiles == 0);
		return stream_check(report->out, "the report");
	case REPORT_JSON:
		table_write_json(one->table, &report->json, report_table_name(one->kind));
		return stream_check(report->out, "the report");
	case REPORT_TEXT:
		break;
	}
	struct error *err = report_put_table(report->out, one, report->options);
	if (err != NULL || one->kind != REPORT_GROWTH || one->table->row_count == 0)
		return err;
	putc('\n', report->out);
	return growth_tree_write(&one->growth.totals, profile, report->options->width, report->out);
}

struct error *report_add(struct report *report, const struct profile *profile)
{
	const struct report_options *options = report->options;
	const struct report_subject subject = {
		.profile = profile,
		.names_file = options->names_file && options->format == REPORT_CSV,
	};
	struct profile_totals totals;

	struct error *err = profile_totals_init(&totals, profile);
	if (err != NULL)
		return err;
	err = put_heads(report, profile, &totals);
	for (size_t kind = 0; err == NULL && kind < REPORT_TABLES; kind++) {
		struct report_one one;
		if (!options->wants[kind])
			continue;
		err = report_one_init(&one, (enum report_table)kind, &subject, &totals, options);
		if (err != NULL)
			break;
		err = put_table(report, profile, &one);
		report_one_deinit(&one);
	}
	if (err == NULL && options->format == REPORT_TEXT)
		report_put_missing(report->out, profile);
	if (options->format == REPORT_JSON)
		json_close(&report->json);
	report->profiles++;
	profile_totals_deinit(&totals);
	return err;
}

struct error *report_end(struct report *report)
{
	if (report->options->format != REPORT_JSON)
		return stream_check(report->out, "the report");
	json_close(&report->json);
	json_close(&report->json);
	return json_finish(&report->json, "the report");
}
