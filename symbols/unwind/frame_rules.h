/*
 * Finds the call frame information of an address in a program's memory: ELF header, PT_GNU_EH_FRAME,
 * .eh_frame_hdr, its table, the FDE and its CIE (LSB 5.0 core, 10.6) (symbols layer).
 *
 * What is found is a copy, checked (cfi_check.h): the program may change its own memory at any time.
 */
#ifndef SYMBOLS_UNWIND_FRAME_RULES_H
#define SYMBOLS_UNWIND_FRAME_RULES_H

#include "symbols/unwind/memory_view.h"

enum {
	FRAME_FDE_BYTES = 16384, /* ten times the largest of Debian's programs */
	FRAME_CIE_BYTES = 256,
	FRAME_ENTRY_BYTES = 8, /* two int32_t relative to the table's base: code, FDE */
	FRAME_TABLES = 8,
};

/* Some of the program's memory as it was. */
struct frame_piece {
	taddr_t address;
	size_t bytes;
};

/* The rules for the addresses that one FDE covers. */
struct frame_rules {
	taddr_t base; /* the .eh_frame_hdr's address, which its table is relative to */
	struct frame_piece entry, fde, cie;
	unsigned char entry_data[FRAME_ENTRY_BYTES];
	unsigned char fde_data[FRAME_FDE_BYTES];
	unsigned char cie_data[FRAME_CIE_BYTES];
};

/* Where an ELF file in memory has its table. */
struct frame_table {
	taddr_t header; /* the ELF file's */
	taddr_t base;
	taddr_t entries;
	uint64_t count; /* 0: it has none that can be used */
};

struct frame_finder {
	struct memory_view *view;		 /* borrowed */
	struct frame_table tables[FRAME_TABLES]; /* those met last */
	size_t tables_met;
};

/* Finds the rules for @pc. False when there are none, or none that makes sense; @ret is then void. */
bool frame_finder_find(struct frame_finder *finder, taddr_t pc, struct frame_rules *ret);

/* Reads @bytes at @from as they are in @rules where it has them, else as @view has them. False when
 * some cannot be read. */
bool frame_rules_read(const struct frame_rules *rules, struct memory_view *view, taddr_t from,
		      void *ret, size_t bytes);

#endif
