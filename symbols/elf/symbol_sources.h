/*
 * Where symbols may come from besides the file itself (symbols layer).
 */
#ifndef SYMBOLS_ELF_SYMBOL_SOURCES_H
#define SYMBOLS_ELF_SYMBOL_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

/* The user's choices; all is borrowed. Zeroed: the usual places on this machine. */
struct symbol_sources {
	const char *debug_dirs; /* DIR[:DIR…], looked through before /usr/lib/debug; NULL: none */
	const char *sysroot;	/* a directory laid out as the target's root; NULL: none */
	bool asks_servers;	/* debuginfod, the servers in DEBUGINFOD_URLS */
	/* .eh_frame, too, for functions that no symbol names, to be found by their addresses */
	bool reads_unnamed;
	/* How far a download is: bytes, @total 0 when not known; @done is @total when it is over.
	 * NULL: not wanted. */
	void (*progress)(void *data, uint64_t done, uint64_t total);
	void *progress_data;
};

/* One ELF file: how we open it, and where it is for the program. */
struct elf_place {
	const char *path; /* to open; also of the kind /proc/PID/map_files/… */
	const char *name; /* its path below @root, for messages and to look around in */
	const char *root; /* what its process has for /, such as /proc/PID/root; "": ours */
	uint64_t inode;	  /* the file at @path must have this number; 0: any will do */
};

#endif
