/*
 * The functions of an ELF file as its unwind information has them: where each begins and ends, where
 * exceptions arrive in it (symbols layer).
 *
 * Stripping takes symbols away, but never .eh_frame (LSB 5.0 core, 10.6): each function that a compiler
 * has made is there, in as many extents as it has parts. To be used inside isolate_run.
 */
#ifndef SYMBOLS_DWARF_FRAME_TABLE_H
#define SYMBOLS_DWARF_FRAME_TABLE_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

/* The code of one FDE. */
struct code_extent {
	uint64_t start, end;
	uint32_t first_pad, pad_count; /* where exceptions arrive: in the table's pads */
	bool is_signal_frame;	       /* augmentation S: it begins one byte early */
	bool has_unknown_pads;	       /* its exception table is not understood */
};

struct frame_table {
	struct code_extent *extents; /* owned; by start */
	size_t count, capacity;
	uint64_t *pads; /* owned */
	size_t pad_count, pad_capacity;
	bool is_cut; /* something in .eh_frame is not understood: what follows it is not here */
};

enum frame_table_scope { FRAMES_ALL, FRAMES_OF_SIGNALS };

/* Reads the file's .eh_frame; with FRAMES_OF_SIGNALS only the signal frames, and no exception tables. */
struct error *frame_table_read(struct frame_table *table, Elf *elf,
			       enum frame_table_scope scope) MUST_CHECK;
void frame_table_deinit(struct frame_table *table);

#endif
