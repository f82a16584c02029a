/*
 * Which hits cost a stop, and why (loop layer, ground floor): what -v and the summary tell of the kinds by which
 * calls were recorded.
 */
#ifndef LOOP_STATE_TRAP_TALLY_H
#define LOOP_STATE_TRAP_TALLY_H

#include <stddef.h>
#include <stdint.h>

#include "tracer/probe/image.h"

enum { TRAP_TALLY_ROWS = 48 };

/* The hits that have stopped for one reason. */
struct trap_row {
	const char *why; /* a literal */
	uint64_t hits;
	uint64_t sites; /* a site that has several reasons, one after the other, is one for each */
	/* The site with the most of them; it may be gone. */
	uint64_t worst_hits;
	taddr_t worst_address;		      /* in its process */
	const struct symbol_file *worst_file; /* borrowed; NULL: it is in none */
	taddr_t worst_file_address;
	bool is_worst_return;
};

struct trap_tally {
	struct trap_row rows[TRAP_TALLY_ROWS];
	size_t row_count;
};

/* @site has been hit by a stop because of @why, a literal. What does not fit counts as the last row. */
void trap_tally_note(struct trap_tally *tally, const struct image *image, struct site *site,
		     const char *why);

uint64_t trap_tally_hits(const struct trap_tally *tally);

/* Most hits first. */
void trap_tally_sort(struct trap_tally *tally);

/* The function of the worst site of @row; "?": nothing names it. Valid as long as the symbols. */
const char *trap_row_worst(const struct trap_row *row);

#endif
