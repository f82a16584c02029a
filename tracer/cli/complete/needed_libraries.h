/*
 * What an ELF file says of the libraries that it needs (cli layer).
 */
#ifndef CLI_COMPLETE_NEEDED_LIBRARIES_H
#define CLI_COMPLETE_NEEDED_LIBRARIES_H

#include <stdbool.h>
#include <stddef.h>

enum { NEEDED_MAX = 64 };

struct needed_libraries {
	const char *names[NEEDED_MAX]; /* DT_NEEDED; they point into @strings */
	size_t count;
	const char *run_path; /* DT_RUNPATH or DT_RPATH, "": none */
	char *strings;	      /* owned */
};

/* False: it is no ELF file of this machine, it needs none, or it is damaged. Nothing of it is executed or mapped. */
bool needed_libraries_read(struct needed_libraries *ret, const char *path);
void needed_libraries_deinit(struct needed_libraries *needed);

#endif
