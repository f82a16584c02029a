/*
 * What compilers have put into functions, for the frames of stacks (symbols layer): which calls of inlined functions
 * hold an address.
 *
 * Whole units are read at once, as the next address that is asked about is mostly in one of those. Addresses are
 * the file's own.
 */
#ifndef SYMBOLS_DWARF_DWARF_FRAMES_H
#define SYMBOLS_DWARF_DWARF_FRAMES_H

#include <stddef.h>
#include <stdint.h>

#include "symbols/dwarf/dwarf_function.h"
#include "tracer/base/addr_map.h"

/* Code of a call of an inlined function. What holds others comes before them. */
struct frame_instance {
	struct inlined_range code;
	uint64_t label; /* where it begins in the text */
};

/* Code of a unit, all of whose instances are known. */
struct frame_unit {
	struct inlined_range code;
	uint64_t first_instance, instance_count;
};

/* Zeroed it is empty. */
struct frame_units {
	struct frame_unit *units; /* in no order */
	size_t unit_count, unit_capacity;
	struct frame_instance *instances;
	size_t instance_count, instance_capacity;
	char *text; /* labels as programmers write them, each terminated */
	size_t text_bytes, text_capacity;
	struct addr_map label_of_origin; /* address of the abstract function's DIE -> offset + 1 */
};

/*
 * Adds the units that hold any of @addresses. Fails with ERR_FORMAT where there is more than is ever needed. Reads in
 * this process: use it inside isolate_run.
 */
struct error *line_reader_add_frame_units(struct line_reader *reader, const taddr_t *addresses,
					  size_t count, struct frame_units *units) MUST_CHECK;
void frame_units_deinit(struct frame_units *units);

#endif
