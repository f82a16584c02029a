/*
 * The functions that the code at an address of a file belongs to (loop layer).
 *
 * It is the function of the symbols, and within it those that are inlined there, where the file has DWARF that says so. What
 * no symbol names is called by its file and where it begins there: [libfoo.so+0x1230].
 */
#ifndef LOOP_STACKS_FRAME_NAMES_H
#define LOOP_STACKS_FRAME_NAMES_H

#include <stddef.h>
#include <stdint.h>

#include "symbols/code/code_extents.h"
#include "symbols/code/inlined_frames.h"
#include "tracer/loop/stacks/stack_nodes.h"

/* So many functions are inlined into each other at one address at most; the others are left out. */
enum { FRAME_CHAIN_MAX = 64 };

/* Functions of one address, the innermost first: their names' numbers. */
struct frame_chain {
	uint32_t count;
	uint32_t names[]; /* see stack_nodes_name */
};

/* What is known of one file. */
struct file_names {
	const struct symbol_file *file;	  /* borrowed */
	char *module;			  /* its name without directories; owned */
	struct addr_map chain_of_address; /* of the file -> struct frame_chain, owned */
	struct inlined_frames inlined;
	struct code_extents extents; /* of a file without .symtab */
	bool has_extents;	     /* that has been read */
	/* Addresses whose DWARF is to be read next. */
	taddr_t *wanted;
	size_t wanted_count, wanted_capacity;
};

/* Of all files; zeroed it is empty. */
struct frame_names {
	struct addr_map files; /* address of the symbol_file -> struct file_names, owned */
	int64_t started_ns;    /* 0: nothing was asked yet */
	int64_t reading_ns;    /* so long DWARF has been read */
	bool lateness_was_told;
};

void frame_names_deinit(struct frame_names *names);

/* Finds or adds. @path: the file's, for its name. */
struct error *frame_names_file(struct frame_names *names, const struct symbol_file *file,
			       const char *path, struct file_names **ret) MUST_CHECK;

/* @address (as in the file) will be asked for: what can be read for many addresses at once is, by frame_names_read. */
struct error *file_names_want(struct file_names *names, taddr_t address) MUST_CHECK;

/*
 * Reads what is wanted. All files together are read for a second at most, and a fiftieth of the time since then: what
 * comes later is named by its symbols alone, and that is said once.
 */
struct error *frame_names_read(struct frame_names *names) MUST_CHECK;

/* The functions of @address; *@ret is valid as long as @names. */
struct error *file_names_at(struct file_names *names, struct stack_nodes *nodes, taddr_t address,
			    const struct frame_chain **ret) MUST_CHECK;

#endif
