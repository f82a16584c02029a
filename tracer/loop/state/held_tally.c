/* Memory that was held, and why; see held_tally.h. Loop layer. */
#include "tracer/loop/state/held_tally.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void held_tally_note(struct held_tally *tally, const char *why, uint64_t count)
{
	size_t i = 0;

	while (i < tally->row_count && strcmp(tally->rows[i].why, why) != 0)
		i++;
	if (i == HELD_TALLY_ROWS)
		i--;
	else if (i == tally->row_count)
		tally->rows[tally->row_count++].why = why;
	tally->rows[i].count += count;
	tally->total += count;
}

static int by_count(const void *a, const void *b)
{
	const struct held_row *x = a, *y = b;

	return (x->count < y->count) - (x->count > y->count);
}

void held_tally_reasons(struct held_tally *tally, char *ret, size_t ret_bytes)
{
	size_t used = 0;

	ret[0] = '\0';
	qsort(tally->rows, tally->row_count, sizeof(tally->rows[0]), by_count);
	for (size_t i = 0; i < tally->row_count && used < ret_bytes; i++) {
		const struct held_row *row = &tally->rows[i];
		if (tally->row_count == 1)
			snprintf(ret, ret_bytes, "%s", row->why);
		else
			used += (size_t)snprintf(ret + used, ret_bytes - used, "%s%" PRIu64 ": %s",
						 i > 0 ? "; " : "", row->count, row->why);
	}
}
