/* What the ranks of jobs come to; see job_report.h. Plot layer. */
#include "plot/jobs/job_report.h"

#include <stdlib.h>

#include "plot/jobs/job_tables.h"
#include "plot/jobs/job_words.h"
#include "plot/ranks/rank_pick.h"
#include "plot/text/stream_check.h"
#include "plot/text/table_sort.h"

/* What people see of each table who have not said how much. */
enum { ROWS_USUAL = 20 };

static const struct job_table_traits {
	const char *name; /* of its array in JSON, and what more of its rows are called */
	void (*init)(struct table *table, struct job_view *view);
} traits[JOB_TABLES] = {
	[JOB_HOSTS] = { "hosts", job_hosts_table },
	[JOB_RANKS] = { "ranks", job_ranks_table },
	[JOB_FUNCTIONS] = { "functions", job_functions_table },
};

/* A table, in order and cut. */
struct cut_table {
	struct table table;
	size_t *order;
	struct rank_pick pick; /* of ranks that stand out */
	size_t left_out;
};

static void cut_table_deinit(struct cut_table *cut)
{
	free(cut->order);
	rank_pick_deinit(&cut->pick);
}

/* Of many hosts those with the most. */
static const char *sort_of(enum job_table kind, const struct job_report_options *options,
			   bool is_cut)
{
	return options->sort != NULL ? options->sort : kind == JOB_HOSTS && is_cut ? "peak" : NULL;
}

static struct error *sort_rows(struct cut_table *cut, const char *sort)
{
	const size_t column = sort != NULL ? table_find_column(&cut->table, sort) : SIZE_MAX;

	if (column == SIZE_MAX)
		return NULL;
	struct error *err = table_sort(&cut->table, column, &cut->order);
	cut->table.order = err == NULL ? cut->order : NULL;
	return err;
}

static struct error *cut_table_init(struct cut_table *cut, enum job_table kind,
				    struct job_view *view, const struct job_report_options *options)
{
	*cut = (struct cut_table){ 0 };
	traits[kind].init(&cut->table, view);
	const size_t rows = cut->table.row_count;
	const bool chooses = options->format == REPORT_TEXT && !options->shows_all &&
			     options->top == 0 && rows > ROWS_USUAL;
	const size_t top = options->top > 0 ? options->top : chooses ? ROWS_USUAL : rows;
	struct error *err = NULL;

	if (kind == JOB_RANKS && chooses && options->sort == NULL) {
		err = rank_pick_init(&cut->pick, view->job, &view->peaks);
		cut->table.order = cut->pick.ranks;
		cut->table.row_count = cut->pick.count;
	} else {
		err = sort_rows(cut, sort_of(kind, options, chooses));
		cut->table.row_count = rows < top ? rows : top;
	}
	cut->left_out = rows - cut->table.row_count;
	if (err != NULL)
		cut_table_deinit(cut);
	return err;
}

static struct error *put_text(FILE *out, enum job_table kind, const struct cut_table *cut,
			      const struct job_report_options *options)
{
	if (cut->table.row_count == 0)
		return NULL;
	putc('\n', out);
	struct error *err = table_print(&cut->table, out, options->width);
	if (err != NULL || cut->left_out == 0)
		return err;
	fprintf(out, "… and %zu more %s", cut->left_out, traits[kind].name);
	if (cut->pick.far_left_out > 0)
		fprintf(out, ", %zu of them far off", cut->pick.far_left_out);
	if (cut->pick.failed_left_out > 0)
		fprintf(out, ", %zu of them failed", cut->pick.failed_left_out);
	fprintf(out, "; --all has all\n");
	return NULL;
}

struct writing {
	const struct job_report_options *options;
	FILE *out;
	struct csv_writer csv;
	struct json_writer json;
	size_t jobs; /* written so far */
};

static struct error *put_table(struct writing *writing, enum job_table kind, struct job_view *view)
{
	struct cut_table cut;
	struct error *err = cut_table_init(&cut, kind, view, writing->options);

	if (err != NULL)
		return err;
	switch (writing->options->format) {
	case REPORT_CSV:
		table_write_csv(&cut.table, &writing->csv, writing->jobs == 0);
		break;
	case REPORT_JSON:
		table_write_json(&cut.table, &writing->json, traits[kind].name);
		break;
	case REPORT_TEXT:
		err = put_text(writing->out, kind, &cut, writing->options);
		break;
	}
	cut_table_deinit(&cut);
	return err != NULL ? err : stream_check(writing->out, "the report");
}

/* People who have not asked for hosts alone are told nothing by one that nobody knows. */
static bool is_empty_talk(const struct writing *writing, const struct job_view *view, size_t kind)
{
	const struct job_report_options *options = writing->options;

	return kind == JOB_HOSTS && options->format == REPORT_TEXT && options->wants[JOB_RANKS] &&
	       view->hosts.count == 1 && view->hosts.hosts[0].name == NULL;
}

static struct error *put_job(struct writing *writing, const struct rank_job *job)
{
	const struct job_report_options *options = writing->options;
	struct job_view view;
	struct error *err =
		job_view_init(&view, job, options->origin != NULL ? 0 : PROFILE_TIME_UNKNOWN,
			      options->format == REPORT_TEXT);

	if (err != NULL)
		return err;
	if (options->format == REPORT_TEXT) {
		if (writing->jobs > 0)
			putc('\n', writing->out);
		job_put_head(writing->out, &view, options);
	} else if (options->format == REPORT_JSON) {
		json_open_object(&writing->json, NULL);
		job_put_json_head(&writing->json, &view);
	}
	for (size_t kind = 0; err == NULL && kind < JOB_TABLES; kind++) {
		if (options->wants[kind] && !is_empty_talk(writing, &view, kind))
			err = put_table(writing, (enum job_table)kind, &view);
	}
	if (options->format == REPORT_JSON)
		json_close(&writing->json);
	writing->jobs++;
	job_view_deinit(&view);
	return err;
}

struct error *job_report_write(const struct rank_jobs *jobs,
			       const struct job_report_options *options, FILE *out)
{
	struct writing writing = { .options = options, .out = out };
	struct error *err = NULL;

	csv_init(&writing.csv, out);
	json_init(&writing.json, out, 4);
	if (options->format == REPORT_JSON) {
		json_open_object(&writing.json, NULL);
		json_put_string(&writing.json, "directory", options->place);
		json_put_string(&writing.json, "times_from", options->origin);
		json_open_array(&writing.json, "jobs");
	}
	for (size_t i = 0; err == NULL && i < jobs->count; i++)
		err = put_job(&writing, &jobs->jobs[i]);
	if (err != NULL || options->format != REPORT_JSON)
		return err != NULL ? err : stream_check(out, "the report");
	json_close(&writing.json);
	json_close(&writing.json);
	return json_finish(&writing.json, "the report");
}

struct error *job_report_check(const struct job_report_options *options)
{
	char *names = NULL;
	size_t bytes;
	bool is_there = options->sort == NULL;

	if (is_there)
		return NULL;
	FILE *text = open_memstream(&names, &bytes);
	if (text == NULL)
		return error_no_memory();
	for (size_t kind = 0; kind < JOB_TABLES; kind++) {
		struct rank_job job = { 0 };
		struct job_view view = { .job = &job };
		struct table table;
		if (!options->wants[kind])
			continue;
		traits[kind].init(&table, &view);
		is_there = is_there || table_find_column(&table, options->sort) != SIZE_MAX;
		for (size_t i = 0; i < table.column_count; i++)
			fprintf(text, "%s%s", ftell(text) > 0 ? ", " : "", table.columns[i].key);
	}
	fclose(text);
	struct error *err = NULL;
	if (!is_there)
		err = error_new(ERR_USAGE, "--sort %s: no such column; there are: %s",
				options->sort, names != NULL ? names : "?");
	free(names);
	return err;
}
