/* The tables of a report; see report_tables.h. Plot layer. */
#include "plot/report/report_tables.h"

#include <stdlib.h>

#include "plot/text/table_sort.h"

/* Of growth, for people who have not said how many. */
enum { GROWTH_ROWS = 20 };

static struct error *init_functions(struct report_one *one, const struct report_subject *subject,
				    const struct profile_totals *totals)
{
	struct error *err = function_table_init(&one->functions, subject, totals);

	one->table = &one->functions.table;
	one->has_held = one->functions.has_held;
	one->has_at_most = one->functions.has_at_most;
	return err;
}

static void deinit_functions(struct report_one *one)
{
	function_table_deinit(&one->functions);
}

static struct error *init_processes(struct report_one *one, const struct report_subject *subject,
				    const struct profile_totals *totals)
{
	struct error *err = process_table_init(&one->processes, subject, totals);

	one->table = &one->processes.table;
	one->has_at_least = one->processes.has_at_least;
	return err;
}

static void deinit_processes(struct report_one *one)
{
	process_table_deinit(&one->processes);
}

static struct error *init_parts(struct report_one *one, const struct report_subject *subject,
				const struct profile_totals *totals)
{
	struct error *err = part_table_init(&one->parts, subject, totals);

	one->table = &one->parts.table;
	return err;
}

static void deinit_parts(struct report_one *one)
{
	part_table_deinit(&one->parts);
}

static struct error *init_threads(struct report_one *one, const struct report_subject *subject,
				  const struct profile_totals *totals)
{
	struct error *err = thread_table_init(&one->threads, subject, totals);

	one->table = &one->threads.table;
	one->has_held = one->threads.has_held;
	return err;
}

static void deinit_threads(struct report_one *one)
{
	thread_table_deinit(&one->threads);
}

static struct error *init_calls(struct report_one *one, const struct report_subject *subject,
				const struct profile_totals *totals)
{
	struct error *err = call_table_init(&one->calls, subject, totals);

	one->table = &one->calls.table;
	one->has_held = one->calls.has_held;
	return err;
}

static void deinit_calls(struct report_one *one)
{
	call_table_deinit(&one->calls);
}

static struct error *init_growth(struct report_one *one, const struct report_subject *subject,
				 const struct profile_totals *totals)
{
	struct error *err = growth_table_init(&one->growth, subject);

	(void)totals;
	one->table = &one->growth.table;
	return err;
}

static void deinit_growth(struct report_one *one)
{
	growth_table_deinit(&one->growth);
}

static const struct table_kind_traits {
	const char *name;
	const char *sort; /* NULL: as they come */
	struct error *(*init)(struct report_one *one, const struct report_subject *subject,
			      const struct profile_totals *totals);
	void (*deinit)(struct report_one *one);
} traits[REPORT_TABLES] = {
	[REPORT_FUNCTIONS] = { "functions", "total", init_functions, deinit_functions },
	[REPORT_PROCESSES] = { "processes", NULL, init_processes, deinit_processes },
	[REPORT_PARTS] = { "parts", NULL, init_parts, deinit_parts },
	[REPORT_GROWTH] = { "growth", "own_mib", init_growth, deinit_growth },
	[REPORT_THREADS] = { "threads", NULL, init_threads, deinit_threads },
	[REPORT_CALLS] = { "calls", NULL, init_calls, deinit_calls },
};

const char *report_table_name(enum report_table kind)
{
	return traits[kind].name;
}

/* By the user's column where the table has it, else by its own. */
static struct error *sort_table(struct report_one *one, const struct report_options *options)
{
	struct table *table = one->table;
	size_t column = options->sort != NULL ? table_find_column(table, options->sort) : SIZE_MAX;

	if (column == SIZE_MAX && traits[one->kind].sort != NULL)
		column = table_find_column(table, traits[one->kind].sort);
	if (column == SIZE_MAX)
		return NULL;
	struct error *err = table_sort(table, column, &one->order);
	if (err != NULL)
		return err;
	table->order = one->order;
	if (one->kind == REPORT_CALLS)
		one->calls.is_flat = true;
	return NULL;
}

struct error *report_one_init(struct report_one *one, enum report_table kind,
			      const struct report_subject *subject,
			      const struct profile_totals *totals,
			      const struct report_options *options)
{
	*one = (struct report_one){ .kind = kind };
	struct error *err = traits[kind].init(one, subject, totals);
	if (err != NULL)
		return err;
	err = sort_table(one, options);
	if (err != NULL) {
		report_one_deinit(one);
		return err;
	}
	size_t top = options->top;
	/* Whole programs have functions that grow a page; the tree follows. */
	if (kind == REPORT_GROWTH && top == 0 && options->format == REPORT_TEXT)
		top = GROWTH_ROWS;
	if (top > 0 && one->table->row_count > top) {
		one->left_out = one->table->row_count - top;
		one->table->row_count = top;
	}
	return NULL;
}

void report_one_deinit(struct report_one *one)
{
	traits[one->kind].deinit(one);
	free(one->order);
	one->order = NULL;
}

/* "total, self, …" of the tables that are wanted. NULL: no memory. */
static char *list_columns(const struct report_options *options, const struct profile *empty,
			  const struct profile_totals *totals, bool *ret_has_sort)
{
	const struct report_subject subject = { .profile = empty };
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);
	struct error *err = NULL;

	*ret_has_sort = false;
	for (size_t kind = 0; out != NULL && err == NULL && kind < REPORT_TABLES; kind++) {
		struct report_one one = { .kind = (enum report_table)kind };
		if (!options->wants[kind])
			continue;
		err = traits[kind].init(&one, &subject, totals);
		if (err != NULL)
			break;
		*ret_has_sort =
			*ret_has_sort || table_find_column(one.table, options->sort) != SIZE_MAX;
		for (size_t i = 0; i < one.table->column_count; i++)
			fprintf(out, "%s%s", i > 0 || ftell(out) > 0 ? ", " : "",
				one.table->columns[i].key);
		traits[kind].deinit(&one);
	}
	error_free(err);
	if (out != NULL)
		fclose(out);
	return text;
}

struct error *report_tables_check_sort(const struct report_options *options)
{
	struct profile empty;
	struct profile_totals totals = { 0 };
	bool has_sort = false;

	/* The tables of a profile without anything have all columns. */
	struct error *err = profile_init(&empty, "");
	if (err == NULL)
		err = profile_totals_init(&totals, &empty);
	char *columns = err == NULL ? list_columns(options, &empty, &totals, &has_sort) : NULL;
	profile_totals_deinit(&totals);
	profile_deinit(&empty);
	if (err == NULL && columns == NULL)
		err = error_no_memory();
	if (err == NULL && !has_sort)
		err = error_new(ERR_USAGE, "--sort %s: no such column; there are: %s",
				options->sort, columns);
	free(columns);
	return err;
}
