/* One ELF file in libdwfl; see dwfl_session.h. Symbols layer. */
#include "symbols/elf/dwfl_session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>

#include "symbols/elf/dwarf_search.h"

struct dwfl_session {
	Dwfl *dwfl;
	Dwfl_Module *module;
	Elf *elf;
	GElf_Addr bias; /* what libdwfl adds to an address of the file */
	Dwfl_Callbacks callbacks;
	struct elf_place place;		      /* borrowed */
	const struct symbol_sources *sources; /* borrowed */
	struct debug_found debug_file;	      /* its descriptor is libdwfl's */
	struct debug_found alt_file;
	Elf *alt_elf;
	Dwarf *alt;
	bool looked_for_alt;
};

/* The file is already open when libdwfl learns of it; its own search would ask a network. */
static int no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		  char **file_name, Elf **elf)
{
	(void)module, (void)user, (void)name, (void)base, (void)file_name, (void)elf;
	return -1;
}

/* What libdwfl looks for: our own search alone answers, as libdwfl's would ask a network. */
static int find_debuginfo(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
			  const char *file, const char *link, GElf_Word crc, char **ret_path)
{
	struct dwfl_session *session = *user;
	const unsigned char *build_id;
	GElf_Addr address;
	GElf_Word own_crc;

	(void)name, (void)base, (void)file;
	/* libdwfl asks for the file of .gnu_debugaltlink in the same way: find_alt finds that. */
	const char *own_link = dwelf_elf_gnu_debuglink(session->elf, &own_crc);
	if (link != NULL && (own_link == NULL || strcmp(link, own_link) != 0))
		return -1;
	int bytes = dwfl_module_build_id(module, &build_id, &address);
	const struct debug_wanted wanted = {
		.build_id = build_id,
		.build_id_bytes = bytes > 0 ? (size_t)bytes : 0,
		.link = link,
		.crc = crc,
	};
	if (bytes <= 0 && link == NULL)
		return -1;
	if (!dwarf_search_find(&session->place, session->sources, &wanted, &session->debug_file))
		return -1;
	*ret_path = strdup(session->debug_file.path);
	return session->debug_file.fd; /* libdwfl's from now on */
}

/* The file with what several debug files have in common, made by dwz(1). */
static void find_alt(struct dwfl_session *session, Dwarf *dwarf)
{
	const char *path, *from = session->debug_file.path;
	const void *build_id;
	ssize_t bytes = dwelf_dwarf_gnu_debugaltlink(dwarf, &path, &build_id);
	const struct debug_wanted wanted = {
		.build_id = build_id,
		.build_id_bytes = bytes > 0 ? (size_t)bytes : 0,
		.alt_path = path,
		.alt_from = from != NULL ? from : session->place.path,
	};

	if (bytes <= 0 ||
	    !dwarf_search_find(&session->place, session->sources, &wanted, &session->alt_file))
		return;
	session->alt_elf = elf_begin(session->alt_file.fd, ELF_C_READ_MMAP, NULL);
	session->alt = session->alt_elf == NULL
			       ? NULL
			       : dwarf_begin_elf(session->alt_elf, DWARF_C_READ, NULL);
	if (session->alt != NULL)
		dwarf_setalt(dwarf, session->alt);
}

struct error *dwfl_session_open(int fd, const struct elf_place *place,
				const struct symbol_sources *sources, struct dwfl_session **ret)
{
	struct dwfl_session *session = calloc(1, sizeof(*session));
	void **user;

	if (session == NULL) {
		close(fd);
		return error_no_memory();
	}
	session->place = *place;
	session->sources = sources;
	session->alt_file.fd = -1;
	session->callbacks =
		(Dwfl_Callbacks){ .find_elf = no_elf, .find_debuginfo = find_debuginfo };
	session->dwfl = dwfl_begin(&session->callbacks);
	if (session->dwfl != NULL) {
		dwfl_report_begin(session->dwfl);
		session->module =
			dwfl_report_elf(session->dwfl, place->path, place->path, fd, 0, true);
	}
	/* libdwfl keeps the descriptor only of a file that it accepts. */
	if (session->module == NULL)
		close(fd);
	else if (dwfl_module_info(session->module, &user, NULL, NULL, NULL, NULL, NULL, NULL))
		*user = session;
	if (session->module != NULL && dwfl_report_end(session->dwfl, NULL, NULL) == 0)
		session->elf = dwfl_module_getelf(session->module, &session->bias);
	if (session->elf == NULL) {
		struct error *err = error_new(ERR_FORMAT, "damaged ELF file: %s", dwfl_errmsg(-1));
		dwfl_session_close(session);
		return err;
	}
	*ret = session;
	return NULL;
}

void dwfl_session_close(struct dwfl_session *session)
{
	if (session == NULL)
		return;
	if (session->dwfl != NULL)
		dwfl_end(session->dwfl);
	dwarf_end(session->alt);
	elf_end(session->alt_elf);
	if (session->alt_file.fd >= 0)
		close(session->alt_file.fd);
	free(session->alt_file.path);
	free(session->debug_file.path);
	free(session);
}

Elf *dwfl_session_elf(const struct dwfl_session *session)
{
	return session->elf;
}

size_t dwfl_session_symbol_count(struct dwfl_session *session)
{
	int count = dwfl_module_getsymtab(session->module);

	return count > 0 ? (size_t)count : 0;
}

bool dwfl_session_symbol(struct dwfl_session *session, size_t index, struct dwfl_symbol *ret)
{
	GElf_Addr address;
	GElf_Word section = SHN_UNDEF;
	Elf *elf = NULL;
	Dwarf_Addr bias;

	ret->name = dwfl_module_getsym_info(session->module, (int)index, &ret->sym, &address,
					    &section, &elf, &bias);
	if (ret->name == NULL)
		return false;
	ret->address = taddr(address - session->bias);
	ret->section = section;
	ret->is_elsewhere = elf != session->elf;
	return true;
}

Dwarf *dwfl_session_dwarf(struct dwfl_session *session, uint64_t *ret_bias)
{
	Dwarf_Addr bias;
	Dwarf *dwarf = dwfl_module_getdwarf(session->module, &bias);

	if (dwarf == NULL)
		return NULL;
	/* libdwfl: DWARF's address plus @bias is libdwfl's, which is the file's plus our bias. */
	*ret_bias = session->bias - bias;
	if (!session->looked_for_alt)
		find_alt(session, dwarf);
	session->looked_for_alt = true;
	return dwarf;
}

const char *dwfl_session_debug_path(const struct dwfl_session *session, int *ret_server_errnum)
{
	*ret_server_errnum = session->debug_file.server_errnum;
	return session->debug_file.path;
}

size_t dwfl_session_build_id(const struct dwfl_session *session, const unsigned char **ret)
{
	const void *build_id = NULL;
	ssize_t bytes = dwelf_elf_gnu_build_id(session->elf, &build_id);

	*ret = build_id;
	return bytes > 0 ? (size_t)bytes : 0;
}
