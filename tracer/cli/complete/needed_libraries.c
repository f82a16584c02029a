/* What an ELF file says of the libraries that it needs; see needed_libraries.h. Cli layer. */
#include "tracer/cli/complete/needed_libraries.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { HEADERS_MAX = 64, DYNAMIC_MAX = 512, STRINGS_BYTES_MAX = 16 << 20 };

/* The parts of a file that tell (gABI, "Dynamic Section"); all numbers are the file's, and may be wrong. */
struct elf_look {
	int fd;
	Elf64_Phdr headers[HEADERS_MAX];
	size_t header_count;
	Elf64_Dyn dynamic[DYNAMIC_MAX];
	size_t dynamic_count;
};

static bool read_at(int fd, void *to, size_t bytes, uint64_t at)
{
	return at <= INT64_MAX && pread(fd, to, bytes, (off_t)at) == (ssize_t)bytes;
}

static bool read_headers(struct elf_look *look)
{
	Elf64_Ehdr header;

	if (!read_at(look->fd, &header, sizeof(header), 0) ||
	    memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
	    header.e_ident[EI_CLASS] != ELFCLASS64 || header.e_ident[EI_DATA] != ELFDATA2LSB ||
	    header.e_phentsize != sizeof(Elf64_Phdr))
		return false;
	look->header_count = header.e_phnum < HEADERS_MAX ? header.e_phnum : HEADERS_MAX;
	return read_at(look->fd, look->headers, look->header_count * sizeof(Elf64_Phdr),
		       header.e_phoff);
}

static bool read_dynamic(struct elf_look *look)
{
	for (size_t i = 0; i < look->header_count; i++) {
		const Elf64_Phdr *header = &look->headers[i];
		if (header->p_type != PT_DYNAMIC)
			continue;
		size_t count = header->p_filesz / sizeof(Elf64_Dyn);
		look->dynamic_count = count < DYNAMIC_MAX ? count : DYNAMIC_MAX;
		return read_at(look->fd, look->dynamic, look->dynamic_count * sizeof(Elf64_Dyn),
			       header->p_offset);
	}
	return false;
}

/* Where the file has what is at @address in memory; false: nowhere. */
static bool offset_of(const struct elf_look *look, uint64_t address, uint64_t *ret)
{
	for (size_t i = 0; i < look->header_count; i++) {
		const Elf64_Phdr *header = &look->headers[i];
		if (header->p_type != PT_LOAD || address < header->p_vaddr ||
		    address - header->p_vaddr >= header->p_filesz)
			continue;
		*ret = address - header->p_vaddr + header->p_offset;
		return true;
	}
	return false;
}

static uint64_t dynamic_value(const struct elf_look *look, int64_t tag)
{
	for (size_t i = 0; i < look->dynamic_count && look->dynamic[i].d_tag != DT_NULL; i++) {
		if (look->dynamic[i].d_tag == tag)
			return look->dynamic[i].d_un.d_val;
	}
	return 0;
}

/* *@ret_bytes of strings, and a '\0' behind them. */
static char *read_strings(const struct elf_look *look, uint64_t *ret_bytes)
{
	uint64_t bytes = dynamic_value(look, DT_STRSZ), offset;

	if (bytes == 0 || bytes > STRINGS_BYTES_MAX ||
	    !offset_of(look, dynamic_value(look, DT_STRTAB), &offset))
		return NULL;
	char *strings = calloc(bytes + 1, 1);
	if (strings != NULL && !read_at(look->fd, strings, bytes, offset)) {
		free(strings);
		return NULL;
	}
	*ret_bytes = bytes;
	return strings;
}

static void take_names(struct needed_libraries *needed, const struct elf_look *look, uint64_t bytes)
{
	needed->run_path = "";
	for (size_t i = 0; i < look->dynamic_count && look->dynamic[i].d_tag != DT_NULL; i++) {
		const Elf64_Dyn *entry = &look->dynamic[i];
		if (entry->d_un.d_val >= bytes)
			continue;
		const char *text = needed->strings + entry->d_un.d_val;
		if (entry->d_tag == DT_NEEDED && needed->count < NEEDED_MAX)
			needed->names[needed->count++] = text;
		if (entry->d_tag == DT_RUNPATH || entry->d_tag == DT_RPATH)
			needed->run_path = text;
	}
}

bool needed_libraries_read(struct needed_libraries *ret, const char *path)
{
	struct elf_look *look = calloc(1, sizeof(*look));
	uint64_t bytes = 0;

	*ret = (struct needed_libraries){ 0 };
	if (look == NULL)
		return false;
	look->fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (look->fd >= 0 && read_headers(look) && read_dynamic(look))
		ret->strings = read_strings(look, &bytes);
	if (ret->strings != NULL)
		take_names(ret, look, bytes);
	if (look->fd >= 0)
		close(look->fd);
	free(look);
	return ret->count > 0;
}

void needed_libraries_deinit(struct needed_libraries *needed)
{
	free(needed->strings);
	*needed = (struct needed_libraries){ 0 };
}
