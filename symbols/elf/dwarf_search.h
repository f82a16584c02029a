/*
 * Finds the separate debug file of an ELF file (symbols layer): by build-id and by .gnu_debuglink,
 * in the places that gdb's manual lists ("Separate Debug Files"), and, if the user wants it, on
 * debuginfod servers.
 */
#ifndef SYMBOLS_ELF_DWARF_SEARCH_H
#define SYMBOLS_ELF_DWARF_SEARCH_H

#include <stddef.h>
#include <stdint.h>

#include "symbols/elf/symbol_sources.h"

/* What is looked for. */
struct debug_wanted {
	const unsigned char *build_id;
	size_t build_id_bytes; /* 0: it has none, and the CRC has to do */
	const char *link;      /* the name in .gnu_debuglink, NULL: none */
	uint32_t crc;	       /* with @link */
	/* For the file that several debug files share (dwz): the path in .gnu_debugaltlink, which
	 * is relative to the file that has it. NULL otherwise. */
	const char *alt_path;
	const char *alt_from;
};

struct debug_found {
	int fd;		   /* open for reading */
	char *path;	   /* owned */
	int server_errnum; /* why no server could be asked; 0: none was, or they answered */
};

/* True: @ret->fd and @ret->path are set. Only a regular file that is the right one is found. */
bool dwarf_search_find(const struct elf_place *place, const struct symbol_sources *sources,
		       const struct debug_wanted *wanted, struct debug_found *ret);

#endif
