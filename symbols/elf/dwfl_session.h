/*
 * One ELF file opened by libdwfl, as long as it is being read (symbols layer).
 *
 * dwfl_session.c is the only includer of libdwfl; the ELF and DWARF handles that it gives out are
 * libelf's and libdw's. Finds separate debug files as the sources say, and asks a network only if they
 * do.
 */
#ifndef SYMBOLS_ELF_DWFL_SESSION_H
#define SYMBOLS_ELF_DWFL_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <elfutils/libdw.h>
#include <gelf.h>

#include "symbols/elf/symbol_sources.h"
#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct dwfl_session;

/*
 * Opens the file of @place, which @fd has open for reading. Takes @fd, also on failure; borrows the
 * others until the session is closed. Fails with ERR_FORMAT when libdwfl cannot make sense of it;
 * the message does not name the file.
 */
struct error *dwfl_session_open(int fd, const struct elf_place *place,
				const struct symbol_sources *sources,
				struct dwfl_session **ret) MUST_CHECK;
void dwfl_session_close(struct dwfl_session *session);

/* The file itself, not its debug file. Valid until the session is closed. */
Elf *dwfl_session_elf(const struct dwfl_session *session);

/*
 * The number of symbols, the empty one at index 0 included: of .symtab, wherever one is found (the
 * file, its debug file, .gnu_debugdata), else of .dynsym. 0 when there are none.
 */
size_t dwfl_session_symbol_count(struct dwfl_session *session);

struct dwfl_symbol {
	const char *name; /* valid until the session is closed */
	taddr_t address;  /* as in the file itself */
	GElf_Sym sym;
	uint32_t section;  /* SHN_UNDEF, SHN_ABS, … or an index */
	bool is_elsewhere; /* it comes from another file */
};

bool dwfl_session_symbol(struct dwfl_session *session, size_t index, struct dwfl_symbol *ret);

/*
 * The DWARF of the file or of its debug file, NULL: none. What DWARF calls an address is the file's
 * plus *@ret_bias. Valid until the session is closed.
 */
Dwarf *dwfl_session_dwarf(struct dwfl_session *session, uint64_t *ret_bias);

/*
 * The separate debug file that was found while symbols or DWARF were read, NULL: none (yet).
 * *@ret_server_errnum says why no debuginfod server could be asked, or is 0.
 */
const char *dwfl_session_debug_path(const struct dwfl_session *session, int *ret_server_errnum);

/* Its build-id: the number of its bytes, 0: it has none. *@ret is valid as long as the session. */
size_t dwfl_session_build_id(const struct dwfl_session *session, const unsigned char **ret);

#endif
