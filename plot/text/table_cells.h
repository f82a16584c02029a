/*
 * Columns and cells of a table, and cells as text for people (plot layer).
 */
#ifndef PLOT_TEXT_TABLE_CELLS_H
#define PLOT_TEXT_TABLE_CELLS_H

#include <stdbool.h>
#include <stdint.h>

/* What a cell holds, and the member of its union. People see "-" where it is not known. */
enum table_kind {
	TABLE_TEXT,	/* text; too long, it loses its middle */
	TABLE_WHOLE,	/* text: never shortened, such as a file that is to be named */
	TABLE_NAME,	/* text: a function's name; what is in brackets goes first */
	TABLE_INTEGER,	/* integer: a pid, a status; all digits */
	TABLE_COUNT,	/* count: "12.3 k" */
	TABLE_DURATION, /* ns; programs get seconds */
	TABLE_MOMENT,	/* ns since the profile's start: "12.345 s"; programs get seconds */
	TABLE_MEMORY,	/* number: MiB */
	TABLE_CHANGE,	/* number: MiB, with its sign */
	TABLE_RATE,	/* number: MiB/s, with its sign */
	TABLE_PERCENT,	/* number: 5 is 5 %, with its sign */
	TABLE_FIGURE, /* number; people see the cell's own figure: rows are of several quantities */
	TABLE_FLAG    /* flag: people see the column's title, or nothing */
};

struct table_column {
	const char *title; /* for people */
	const char *key;   /* for programs: a word, with its unit */
	enum table_kind kind;
	/*
	 * Which columns are left out where there is no room for all: of the highest number first, of 0
	 * never. TABLE_DATA_ONLY: people never see it.
	 */
	unsigned rank;
};

enum { TABLE_DATA_ONLY = UINT16_MAX };

struct table_cell {
	bool is_known;
	const char *mark; /* people see it in front of a figure, as in "~12.5 MiB"; NULL: nothing */
	unsigned indent;  /* columns in front of a text, for people */
	const char *figure; /* of TABLE_FIGURE: borrowed until the next row is filled */
	union {
		const char *text; /* clean UTF-8; borrowed for as long as the table is printed */
		int64_t integer;
		uint64_t count;
		int64_t ns;
		double number;
		bool flag;
	};
};

enum { TABLE_FIGURE_BYTES = 64 };

/* Whether cells of the kind have texts, which begin at the left and can be shortened. */
bool table_kind_is_text(enum table_kind kind);

/* A figure with its mark and unit; "-" when it is not known. */
void table_format_figure(const struct table_column *column, const struct table_cell *cell,
			 char ret[static TABLE_FIGURE_BYTES]);

#endif
