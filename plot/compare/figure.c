/* The table of figures, and how they are written; see figure.h. Plot layer. */
#include "plot/compare/figure.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "plot/text/text.h"

static const struct figure_traits traits[FIGURE_COUNT] = {
	[FIGURE_PEAK] = { SUBJECT_RUN, "peak", "peak", QUANTITY_MEMORY },
	[FIGURE_TREE] = { SUBJECT_RUN, "tree", "peak of all", QUANTITY_MEMORY },
	[FIGURE_DURATION] = { SUBJECT_RUN, "duration", "duration", QUANTITY_TIME },
	[FIGURE_SLOPE] = { SUBJECT_RUN, "slope", "slope", QUANTITY_RATE },
	[FIGURE_TREE_SLOPE] = { SUBJECT_RUN, "tree-slope", "slope of all", QUANTITY_RATE },
	[FIGURE_GAIN] = { SUBJECT_FUNCTION, "gain", "gain", QUANTITY_MEMORY },
	[FIGURE_CALLS] = { SUBJECT_FUNCTION, "calls", "calls", QUANTITY_COUNT },
	[FIGURE_TIME] = { SUBJECT_FUNCTION, "time", "time", QUANTITY_TIME },
	[FIGURE_PROCESS_PEAK] = { SUBJECT_PROGRAM, "peak", "peak", QUANTITY_MEMORY },
	[FIGURE_PROCESSES] = { SUBJECT_PROGRAM, "processes", "processes", QUANTITY_COUNT },
};

const struct figure_traits *figure_traits(enum figure figure)
{
	return &traits[figure];
}

bool figure_find(enum subject_kind kind, const char *word, size_t bytes, enum figure *ret)
{
	for (enum figure i = 0; i < FIGURE_COUNT; i++) {
		if (traits[i].kind == kind && strlen(traits[i].word) == bytes &&
		    memcmp(traits[i].word, word, bytes) == 0) {
			*ret = i;
			return true;
		}
	}
	return false;
}

void figure_words(enum subject_kind kind, char ret[static FIGURE_WORDS_BYTES])
{
	size_t used = 0;

	for (enum figure i = 0; i < FIGURE_COUNT; i++) {
		if (traits[i].kind == kind && used < FIGURE_WORDS_BYTES)
			used += (size_t)snprintf(ret + used, FIGURE_WORDS_BYTES - used, "%s%s",
						 used > 0 ? ", " : "", traits[i].word);
	}
}

/* Of no negative one. */
static void format_size(enum quantity quantity, double value, char ret[static FIGURE_TEXT_BYTES])
{
	switch (quantity) {
	case QUANTITY_MEMORY:
		text_format_memory(ret, value);
		break;
	case QUANTITY_TIME:
		text_format_duration(ret, value < 0x1p63 ? (int64_t)value : INT64_MAX);
		break;
	case QUANTITY_RATE:
		text_format_rate(ret, value);
		break;
	case QUANTITY_COUNT:
		snprintf(ret, FIGURE_TEXT_BYTES, "%.*f", value == floor(value) ? 0 : 1, value);
		break;
	}
}

void figure_format(enum quantity quantity, double value, char ret[static FIGURE_TEXT_BYTES])
{
	char size[FIGURE_TEXT_BYTES];

	if (!isfinite(value)) {
		strcpy(ret, "-");
		return;
	}
	format_size(quantity, fabs(value), size);
	snprintf(ret, FIGURE_TEXT_BYTES, "%s%.40s", value < 0 ? text_sign(value) : "", size);
}

static bool is_nothing(enum quantity quantity, double change)
{
	return change == 0 || (quantity == QUANTITY_MEMORY && text_is_no_memory(change));
}

void figure_format_spread(enum quantity quantity, double spread, char ret[static FIGURE_TEXT_BYTES])
{
	char size[FIGURE_TEXT_BYTES] = "0";

	if (!is_nothing(quantity, spread))
		figure_format(quantity, spread, size);
	snprintf(ret, FIGURE_TEXT_BYTES, "\xc2\xb1%.40s", size);
}

void figure_format_change(enum quantity quantity, double change, char ret[static FIGURE_TEXT_BYTES])
{
	char size[FIGURE_TEXT_BYTES];

	if (!isfinite(change) || is_nothing(quantity, change)) {
		strcpy(ret, isfinite(change) ? "=" : "-");
		return;
	}
	format_size(quantity, fabs(change), size);
	snprintf(ret, FIGURE_TEXT_BYTES, "%s%.40s", text_sign(change), size);
}

double figure_number(enum quantity quantity, double value)
{
	return quantity == QUANTITY_TIME ? value / 1e9 : value;
}

const char *figure_unit(enum quantity quantity)
{
	static const char *const units[] = {
		[QUANTITY_MEMORY] = "MiB",
		[QUANTITY_TIME] = "s",
		[QUANTITY_RATE] = "MiB/s",
		[QUANTITY_COUNT] = "",
	};

	return units[quantity];
}

double figure_percent(double before, double after)
{
	if (isnan(before) || isnan(after))
		return NAN;
	if (after == before)
		return 0;
	/* An infinity where there was nothing. */
	return (after - before) / fabs(before) * 100;
}

void figure_format_percent(double percent, char ret[static FIGURE_TEXT_BYTES])
{
	static const double most = 99999;

	ret[0] = '\0';
	if (!isfinite(percent) || percent == 0)
		return;
	const char *sign = text_sign(percent);
	double size = fabs(percent);
	if (size > most)
		snprintf(ret, FIGURE_TEXT_BYTES, ">%s%.0f %%", sign, most);
	else
		snprintf(ret, FIGURE_TEXT_BYTES, "%s%.*f %%", sign, size < 9.95 ? 1 : 0, size);
}
