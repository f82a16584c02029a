/*
 * A function of an ELF file, the segment that holds its code, where its name comes from (symbols
 * layer). Addresses are the file's own, before the load bias.
 */
#ifndef SYMBOLS_ELF_FUNCTION_H
#define SYMBOLS_ELF_FUNCTION_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/taddr.h"

/* One loadable segment (PT_LOAD). */
struct symbol_segment {
	uint64_t offset_bytes; /* in the file */
	taddr_t start;	       /* p_vaddr */
	uint64_t file_bytes;
	uint64_t memory_bytes;
	bool executable;
};

/* Code under one or more names; aliases at one address are one function. */
struct function {
	taddr_t start;
	uint64_t size_bytes; /* 0: the symbol has no size */
	bool is_ifunc;	     /* STT_GNU_IFUNC: @start is the resolver, not the function */
	bool is_label;	     /* STT_NOTYPE: code that a program names without saying what it is */
	bool is_unnamed; /* a label, or no symbol at all, which the unwind information says to be a
			    function; see symbol_sources */
};

/* Where the names of a file's functions come from. */
enum symbol_kind {
	SYMBOLS_NONE,	    /* there are none */
	SYMBOLS_EXPORTED,   /* .dynsym: what it exports; it is stripped */
	SYMBOLS_OWN,	    /* its .symtab */
	SYMBOLS_MINI,	    /* its .gnu_debugdata */
	SYMBOLS_DEBUG_FILE, /* @debug_path */
	SYMBOLS_GO,	    /* what a Go program tells of itself, though stripped */
};

#endif
