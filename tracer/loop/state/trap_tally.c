/* Which hits cost a stop, and why; see trap_tally.h. Loop layer. */
#include "tracer/loop/state/trap_tally.h"

#include <stdlib.h>
#include <string.h>

static struct trap_row *tally_row(struct trap_tally *tally, const char *why)
{
	for (size_t i = 0; i < tally->row_count; i++) {
		if (strcmp(tally->rows[i].why, why) == 0)
			return &tally->rows[i];
	}
	if (tally->row_count == TRAP_TALLY_ROWS)
		return &tally->rows[TRAP_TALLY_ROWS - 1];
	struct trap_row *row = &tally->rows[tally->row_count++];
	*row = (struct trap_row){ .why = why };
	return row;
}

static void row_set_worst(struct trap_row *row, const struct image *image, const struct site *site)
{
	row->worst_hits = site->heat.stops;
	if (taddr_equal(row->worst_address, site->address))
		return;
	const struct module *module = image_module_at(image, site->address);
	row->worst_address = site->address;
	row->worst_file = module == NULL ? NULL : module->file;
	row->worst_file_address = taddr(site->address.value - (module == NULL ? 0 : module->bias));
	row->is_worst_return = (site->roles & SITE_RETURN) != 0;
}

void trap_tally_note(struct trap_tally *tally, const struct image *image, struct site *site,
		     const char *why)
{
	struct trap_row *row = tally_row(tally, why);
	struct site_heat *heat = &site->heat;

	if (heat->why == NULL || strcmp(heat->why, why) != 0) {
		heat->why = why;
		heat->stops = 0;
		row->sites++;
	}
	row->hits++;
	if (++heat->stops > row->worst_hits)
		row_set_worst(row, image, site);
}

uint64_t trap_tally_hits(const struct trap_tally *tally)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < tally->row_count; i++)
		hits += tally->rows[i].hits;
	return hits;
}

static int by_hits(const void *a, const void *b)
{
	const struct trap_row *x = a, *y = b;

	return (x->hits < y->hits) - (x->hits > y->hits);
}

void trap_tally_sort(struct trap_tally *tally)
{
	qsort(tally->rows, tally->row_count, sizeof(tally->rows[0]), by_hits);
}

const char *trap_row_worst(const struct trap_row *row)
{
	const struct function *function =
		row->worst_file == NULL
			? NULL
			: symbol_file_function_at(row->worst_file, row->worst_file_address);
	const char *name = NULL;

	if (function != NULL)
		error_free(symbol_file_label(row->worst_file, function, 0, &name));
	return name == NULL ? "?" : name;
}
