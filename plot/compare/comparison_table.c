/* Two groups side by side; see comparison_table.h. Plot layer. */
#include "plot/compare/comparison_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

enum { COLUMN_CHANGE_SPREAD = 8 };
enum { BEFORE, BEFORE_SPREAD, AFTER, AFTER_SPREAD, CHANGE, CHANGE_SPREAD };

static double change_of(const struct figure_pair *pair, enum figure figure)
{
	return group_subject_value(pair->after, figure) - group_subject_value(pair->before, figure);
}

/* What a pair is sorted by: the growth of its memory; of what has none, 0. */
static double growth_mib(const struct figure_pair *pair)
{
	double before, after;

	if (pair->kind != SUBJECT_PROGRAM)
		return change_of(pair, FIGURE_GAIN);
	/* A program that did not run had no memory. */
	before = group_subject_value(pair->before, FIGURE_PROCESS_PEAK);
	after = group_subject_value(pair->after, FIGURE_PROCESS_PEAK);
	return (isnan(after) ? 0 : after) - (isnan(before) ? 0 : before);
}

static int compare_descending(double one, double other)
{
	return one > other ? -1 : one < other;
}

/* @is_by_size: whether it grew or shrank. By memory, then by time, then by calls; the order is total. */
static int compare_changes(const struct figure_pair *one, const struct figure_pair *other,
			   bool is_by_size)
{
	static const enum figure ties[] = { FIGURE_TIME, FIGURE_CALLS };

	if (one->kind != other->kind)
		return one->kind < other->kind ? -1 : 1;
	if (one->kind == SUBJECT_RUN)
		return 0;
	double mib = growth_mib(one), other_mib = growth_mib(other);
	int order = is_by_size ? compare_descending(fabs(mib), fabs(other_mib))
			       : compare_descending(mib, other_mib);
	for (size_t i = 0; order == 0 && one->kind == SUBJECT_FUNCTION && i < 2; i++) {
		double change = change_of(one, ties[i]), other_change = change_of(other, ties[i]);
		order = is_by_size ? compare_descending(fabs(change), fabs(other_change))
				   : compare_descending(change, other_change);
	}
	return order != 0 ? order : strcmp(one->name, other->name);
}

static int compare_by_size(const void *a, const void *b)
{
	return compare_changes(a, b, true);
}

static int compare_by_growth(const void *a, const void *b)
{
	return compare_changes(a, b, false);
}

/* Of pairs sorted by size: keeps the first @most of each kind. */
static void cut(struct comparison *comparison, size_t most)
{
	size_t kept = 0, of_kind = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct figure_pair pair = comparison->pairs[i];
		bool is_same = kept > 0 && comparison->pairs[kept - 1].kind == pair.kind;
		of_kind = is_same ? of_kind + 1 : 1;
		if (of_kind <= most)
			comparison->pairs[kept++] = pair;
	}
	comparison->hidden = comparison->count - kept;
	comparison->count = kept;
}

static bool is_same_figure(const struct figure_pair *pair, enum figure one, enum figure other)
{
	return group_subject_value(pair->before, one) == group_subject_value(pair->before, other) &&
	       group_subject_value(pair->after, one) == group_subject_value(pair->after, other);
}

/* Whether people learn something from it. */
static bool is_telling(const struct figure_pair *pair, enum figure figure)
{
	switch (figure) {
	case FIGURE_TREE:
		return !is_same_figure(pair, FIGURE_TREE, FIGURE_PEAK);
	case FIGURE_TREE_SLOPE:
		return !is_same_figure(pair, FIGURE_TREE_SLOPE, FIGURE_SLOPE);
	case FIGURE_PROCESSES:
		return change_of(pair, FIGURE_PROCESSES) != 0 &&
		       ((pair->before != NULL && pair->after != NULL) ||
			fabs(change_of(pair, FIGURE_PROCESSES)) != 1);
	default:
		return true;
	}
}

static bool has_row(const struct comparison *comparison, const struct figure_pair *pair,
		    enum figure figure)
{
	bool is_known = !isnan(group_subject_value(pair->before, figure)) ||
			!isnan(group_subject_value(pair->after, figure));

	if (figure_traits(figure)->kind != pair->kind)
		return false;
	return !comparison->is_for_people || (is_known && is_telling(pair, figure));
}

static struct error *make_rows(struct comparison *comparison)
{
	size_t capacity = 0;

	for (size_t i = 0; i < comparison->count; i++) {
		const struct figure_pair *pair = &comparison->pairs[i];
		bool is_first = true;
		for (enum figure figure = 0; figure < FIGURE_COUNT; figure++) {
			if (!has_row(comparison, pair, figure))
				continue;
			struct error *err =
				array_reserve(&comparison->rows, &capacity,
					      comparison->row_count + 1, sizeof(*comparison->rows));
			if (err != NULL)
				return err;
			comparison->rows[comparison->row_count++] =
				(struct comparison_row){ pair, figure, is_first };
			is_first = false;
		}
	}
	return NULL;
}

struct error *comparison_init(struct comparison *comparison, const struct figure_group *before,
			      const struct figure_group *after, size_t most, bool is_for_people)
{
	*comparison = (struct comparison){
		.has_spread = before->run_count > 1 || after->run_count > 1,
		.is_for_people = is_for_people,
	};
	struct error *err =
		figure_pairs_create(before, after, &comparison->pairs, &comparison->count);
	if (err != NULL)
		return err;
	if (most > 0) {
		qsort(comparison->pairs, comparison->count, sizeof(*comparison->pairs),
		      compare_by_size);
		cut(comparison, most);
	}
	qsort(comparison->pairs, comparison->count, sizeof(*comparison->pairs), compare_by_growth);
	err = make_rows(comparison);
	if (err != NULL)
		comparison_deinit(comparison);
	return err;
}

void comparison_deinit(struct comparison *comparison)
{
	free(comparison->pairs);
	free(comparison->rows);
	*comparison = (struct comparison){ 0 };
}

static const char *kind_word(enum subject_kind kind)
{
	static const char *const words[] = {
		[SUBJECT_RUN] = "run",
		[SUBJECT_FUNCTION] = "function",
		[SUBJECT_PROGRAM] = "program",
	};

	return words[kind];
}

static void fill_figure(struct comparison *comparison, struct table_cell *cell, size_t which,
			enum quantity quantity, double value)
{
	char *text = comparison->figures[which];

	if (which == CHANGE)
		figure_format_change(quantity, value, text);
	else
		figure_format(quantity, value, text);
	*cell = (struct table_cell){
		.is_known = !isnan(value),
		.number = figure_number(quantity, value),
		.figure = text,
	};
}

/* Of one run it is 0; of what is not there it is not known. */
static double spread_of(const struct group_subject *subject, enum figure figure)
{
	return subject == NULL ? NAN : subject->spread[figure];
}

/* No change between a run of one side and one of the other is further off. */
static void fill_change_spread(struct comparison *comparison, struct table_cell *cell,
			       enum quantity quantity, double before, double after)
{
	double spread = (isnan(before) ? 0 : before) + (isnan(after) ? 0 : after);

	fill_figure(comparison, cell, CHANGE_SPREAD, quantity, spread);
	figure_format_spread(quantity, spread, comparison->figures[CHANGE_SPREAD]);
}

/* What people read where there is no percentage. */
static const char *remark_of(const struct figure_pair *pair)
{
	return pair->before == NULL ? "new" : pair->after == NULL ? "gone" : NULL;
}

static void fill_row(void *data, size_t index, struct table_cell *cells)
{
	struct comparison *comparison = data;
	const struct comparison_row *row = &comparison->rows[index];
	const struct figure_traits *traits = figure_traits(row->figure);
	const struct figure_pair *pair = row->pair;
	double before = group_subject_value(pair->before, row->figure);
	double after = group_subject_value(pair->after, row->figure);
	double percent = figure_percent(before, after), change = after - before;
	bool has_name = row->is_first || !comparison->is_for_people;
	const char *name =
		pair->kind == SUBJECT_RUN && comparison->is_for_people ? "(the run)" : pair->name;
	double before_spread = spread_of(pair->before, row->figure);
	double after_spread = spread_of(pair->after, row->figure);
	const char *remark = remark_of(pair);

	cells[0] = (struct table_cell){ .is_known = true, .text = kind_word(pair->kind) };
	cells[1] = (struct table_cell){ .is_known = true, .text = has_name ? name : "" };
	cells[2] = (struct table_cell){
		.is_known = true,
		.text = comparison->is_for_people ? traits->title : traits->word,
	};
	/* What is not there has no figure, though it counts as 0 in the change. */
	before = pair->before != NULL ? before : NAN;
	after = pair->after != NULL ? after : NAN;
	fill_figure(comparison, &cells[3], BEFORE, traits->quantity, before);
	fill_figure(comparison, &cells[4], BEFORE_SPREAD, traits->quantity, before_spread);
	fill_figure(comparison, &cells[5], AFTER, traits->quantity, after);
	fill_figure(comparison, &cells[6], AFTER_SPREAD, traits->quantity, after_spread);
	fill_figure(comparison, &cells[7], CHANGE, traits->quantity, change);
	fill_change_spread(comparison, &cells[COLUMN_CHANGE_SPREAD], traits->quantity,
			   before_spread, after_spread);
	cells[9] = (struct table_cell){ .is_known = isfinite(percent), .number = percent };
	cells[10] = (struct table_cell){ .is_known = true, .text = figure_unit(traits->quantity) };
	cells[11] = (struct table_cell){ .is_known = true, .text = remark != NULL ? remark : "" };
}

void comparison_table(struct comparison *comparison, struct table *ret)
{
	static const struct table_column columns[COMPARISON_COLUMNS] = {
		{ "", "kind", TABLE_TEXT, TABLE_DATA_ONLY },
		{ "", "name", TABLE_NAME, 0 },
		{ "", "figure", TABLE_TEXT, 0 },
		{ "before", "before", TABLE_FIGURE, 0 },
		{ "", "before_spread", TABLE_FIGURE, TABLE_DATA_ONLY },
		{ "after", "after", TABLE_FIGURE, 0 },
		{ "", "after_spread", TABLE_FIGURE, TABLE_DATA_ONLY },
		{ "change", "change", TABLE_FIGURE, 0 },
		{ "\xc2\xb1", "change_spread", TABLE_FIGURE, 1 },
		{ "%", "change_percent", TABLE_PERCENT, 2 },
		{ "unit", "unit", TABLE_TEXT, TABLE_DATA_ONLY },
		{ "", "remark", TABLE_TEXT, 3 },
	};

	memcpy(comparison->columns, columns, sizeof(columns));
	/* Of single runs people see no spread. */
	if (!comparison->has_spread)
		comparison->columns[COLUMN_CHANGE_SPREAD].rank = TABLE_DATA_ONLY;
	*ret = (struct table){
		.columns = comparison->columns,
		.column_count = COMPARISON_COLUMNS,
		.row_count = comparison->row_count,
		.fill = fill_row,
		.data = comparison,
	};
}
