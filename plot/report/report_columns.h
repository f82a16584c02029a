/*
 * Columns of a report's tables, put together for one profile (plot layer, private to report).
 */
#ifndef PLOT_REPORT_REPORT_COLUMNS_H
#define PLOT_REPORT_REPORT_COLUMNS_H

#include "plot/profile/profile.h"
#include "plot/text/table_cells.h"

/* What all tables of a report are about. */
struct report_subject {
	const struct profile *profile; /* borrowed */
	bool names_file; /* the first column is the profile's path: CSV of several files */
};

/* The columns of a table: the path's if wanted, then @columns. Returns how many there are. */
size_t report_columns_init(struct table_column *ret, const struct report_subject *subject,
			   const struct table_column *columns, size_t count);

/* The first cells of a row, before those of the table itself, which begin at what it returns. */
struct table_cell *report_first_cells(const struct report_subject *subject,
				      struct table_cell *cells);

/* Nobody but programs is shown the column with that key. */
void report_hide_column(struct table_column *columns, size_t count, const char *key);

/* Cells that are known. */
static inline struct table_cell cell_integer(int64_t integer)
{
	return (struct table_cell){ .is_known = true, .integer = integer };
}

static inline struct table_cell cell_count(uint64_t count)
{
	return (struct table_cell){ .is_known = true, .count = count };
}

static inline struct table_cell cell_ns(int64_t ns)
{
	return (struct table_cell){ .is_known = true, .ns = ns };
}

static inline struct table_cell cell_number(double number)
{
	return (struct table_cell){ .is_known = true, .number = number };
}

static inline struct table_cell cell_flag(bool flag)
{
	return (struct table_cell){ .is_known = true, .flag = flag };
}

/* NULL: not known. */
static inline struct table_cell cell_text(const char *text)
{
	return (struct table_cell){ .is_known = text != NULL, .text = text };
}

/* A time since the epoch as one since the profile's start. */
static inline struct table_cell cell_moment(const struct profile *profile, int64_t time_ns)
{
	return (struct table_cell){
		.is_known = time_ns != PROFILE_TIME_UNKNOWN,
		.ns = time_ns != PROFILE_TIME_UNKNOWN ? time_ns - profile->first_ns : 0,
	};
}

/* The cell if @is_known, else one that is not. */
static inline struct table_cell cell_if(bool is_known, struct table_cell cell)
{
	cell.is_known = cell.is_known && is_known;
	return cell;
}

/* The cell with @mark in front of it if @is_marked. */
static inline struct table_cell cell_marked(bool is_marked, const char *mark,
					    struct table_cell cell)
{
	cell.mark = is_marked ? mark : NULL;
	return cell;
}

/* Of figures whose memory was held (CALL_HELD_IN, CALL_HELD_OUT), and of those that are the most possible. */
static const char REPORT_MARK_HELD[] = "~";
static const char REPORT_MARK_AT_MOST[] = "\xe2\x89\xa4";  /* U+2264 */
static const char REPORT_MARK_AT_LEAST[] = "\xe2\x89\xa5"; /* U+2265 */

#endif
