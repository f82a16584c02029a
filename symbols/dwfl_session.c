/* One ELF file in libdwfl; see dwfl_session.h. Symbols layer. */
#include "symbols/dwfl_session.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <elfutils/libdwelf.h>
#include <elfutils/libdwfl.h>

struct dwfl_session {
	Dwfl *dwfl;
	Dwfl_Module *module;
	Elf *elf;
	GElf_Addr bias; /* what libdwfl adds to an address of the file */
	Dwfl_Callbacks callbacks;
};

/* The file is already open when libdwfl learns of it; its own search would ask a network. */
static int no_elf(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
		  char **file_name, Elf **elf)
{
	(void)module, (void)user, (void)name, (void)base, (void)file_name, (void)elf;
	return -1;
}

static bool file_has_build_id(int fd, const unsigned char *build_id, size_t bytes)
{
	const void *found;
	Elf *elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);

	if (elf == NULL)
		return false;
	ssize_t found_bytes = dwelf_elf_gnu_build_id(elf, &found);
	bool same = found_bytes > 0 && (size_t)found_bytes == bytes &&
		    memcmp(found, build_id, bytes) == 0;
	elf_end(elf);
	return same;
}

/* A regular file at the printf-made path with this build-id, open for reading, or -1. */
PRINTF_LIKE(4, 5)
static int open_if_build_id(const unsigned char *build_id, size_t bytes, char **ret_path,
			    const char *format, ...)
{
	struct stat status;
	char *path;
	va_list args;

	va_start(args, format);
	int length = vasprintf(&path, format, args);
	va_end(args);
	if (length < 0)
		return -1;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd >= 0 && fstat(fd, &status) == 0 && S_ISREG(status.st_mode) &&
	    file_has_build_id(fd, build_id, bytes)) {
		*ret_path = path;
		return fd;
	}
	if (fd >= 0)
		close(fd);
	free(path);
	return -1;
}

/* The places that gdb's manual lists ("Separate Debug Files") for the name in .gnu_debuglink. */
static int find_by_debuglink(const char *file, const char *debuglink, const unsigned char *build_id,
			     size_t bytes, char **ret_path)
{
	char *real = realpath(file, NULL);
	char *slash = real ? strrchr(real, '/') : NULL;
	int fd = -1;

	if (slash != NULL && strchr(debuglink, '/') == NULL) {
		*slash = '\0';
		fd = open_if_build_id(build_id, bytes, ret_path, "%s/.debug/%s", real, debuglink);
		if (fd < 0)
			fd = open_if_build_id(build_id, bytes, ret_path, "/usr/lib/debug%s/%s",
					      real, debuglink);
		if (fd < 0)
			fd = open_if_build_id(build_id, bytes, ret_path, "%s/%s", real, debuglink);
	}
	free(real);
	return fd;
}

/*
 * libdwfl's standard search, less the last step of it: a debuginfod server, asked about a file with
 * a build-id that no path on this machine has. Without a build-id there is no such step.
 */
static int find_debuginfo(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
			  const char *file, const char *debuglink, GElf_Word crc, char **ret_path)
{
	const unsigned char *build_id;
	GElf_Addr address;
	int bytes = dwfl_module_build_id(module, &build_id, &address);

	if (bytes <= 0)
		return dwfl_standard_find_debuginfo(module, user, name, base, file, debuglink, crc,
						    ret_path);
	int fd = dwfl_build_id_find_debuginfo(module, user, name, base, file, debuglink, crc,
					      ret_path);
	if (fd < 0 && file != NULL && debuglink != NULL)
		fd = find_by_debuglink(file, debuglink, build_id, (size_t)bytes, ret_path);
	return fd;
}

struct error *dwfl_session_open(int fd, const char *path, struct dwfl_session **ret)
{
	struct dwfl_session *session = calloc(1, sizeof(*session));

	if (session == NULL) {
		close(fd);
		return error_no_memory();
	}
	session->callbacks =
		(Dwfl_Callbacks){ .find_elf = no_elf, .find_debuginfo = find_debuginfo };
	session->dwfl = dwfl_begin(&session->callbacks);
	if (session->dwfl != NULL) {
		dwfl_report_begin(session->dwfl);
		session->module = dwfl_report_elf(session->dwfl, path, path, fd, 0, true);
	}
	/* libdwfl keeps the descriptor only of a file that it accepts. */
	if (session->module == NULL)
		close(fd);
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

	/* libdwfl: DWARF's address plus @bias is libdwfl's, which is the file's plus our bias. */
	if (dwarf != NULL)
		*ret_bias = session->bias - bias;
	return dwarf;
}
