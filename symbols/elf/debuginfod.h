/*
 * Debug files from debuginfod servers (symbols layer).
 *
 * Over libdebuginfod, which is loaded when it is first asked for: it brings a whole web client
 * along. The servers and the cache are configured as debuginfod-find(1) says: DEBUGINFOD_URLS, ….
 */
#ifndef SYMBOLS_ELF_DEBUGINFOD_H
#define SYMBOLS_ELF_DEBUGINFOD_H

#include <stdbool.h>
#include <stddef.h>

#include "symbols/elf/symbol_sources.h"

/* Whether there is any server to ask. */
bool debuginfod_is_configured(void);

/*
 * The debug file with this build-id, from the cache or from a server: open for reading, and
 * *@ret_path its place in the cache (owned). A negative errno otherwise: -ENOENT when no server has it,
 * -ENOPKG when the library is not installed.
 */
int debuginfod_fetch(const struct symbol_sources *sources, const unsigned char *build_id,
		     size_t bytes, char **ret_path);

#endif
