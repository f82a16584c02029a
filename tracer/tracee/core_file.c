/* A core file of a process that lives on; see core_file.h. Tracee layer. */
#include "tracer/tracee/core_file.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/base/machine.h"
#include "tracer/tracee/core_notes.h"

enum { PAGE_BYTES = 4096, CHUNK_PAGES = 256, CHUNK_BYTES = CHUNK_PAGES * PAGE_BYTES };

/* Of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst). */
static const uint64_t PAGE_PRESENT = UINT64_C(1) << 63, PAGE_SWAPPED = UINT64_C(1) << 62,
		      PAGE_OF_FILE = UINT64_C(1) << 61;

/* A part of the memory that is written. */
struct segment {
	uint64_t start, end;
	Elf64_Word flags;
	bool is_touched; /* see struct core_view */
	bool has_file; /* pages that are not there are those of a file; or the kernel's, who does not tell */
};

struct core_file {
	int fd, pagemap_fd;
	const struct address_space *space;
	const struct core_view *view;
	struct segment *segments; /* in address order */
	size_t count, capacity;
	struct core_notes notes;
	uint8_t *chunk;
};

/* What the pages from @address on are; 0 where it cannot be told. */
static void read_pagemap(const struct core_file *core, uint64_t address, size_t pages,
			 uint64_t *ret)
{
	const size_t bytes = pages * sizeof(*ret);

	memset(ret, 0, bytes);
	ssize_t got = core->pagemap_fd < 0 ? -1
					   : pread(core->pagemap_fd, ret, bytes,
						   (off_t)(address / PAGE_BYTES * sizeof(*ret)));
	/* Then each of them is read. */
	if (got != (ssize_t)bytes) {
		for (size_t i = 0; i < pages; i++)
			ret[i] = PAGE_PRESENT;
	}
}

static struct error *add_segment(struct core_file *core, const struct mapping *mapping,
				 uint64_t start, uint64_t end)
{
	static const size_t MOST = PN_XNUM - 1; /* program headers; one is the notes' */
	const struct segment segment = {
		.start = start,
		.end = end,
		.flags = (mapping->readable ? PF_R : 0U) | (mapping->writable ? PF_W : 0U) |
			 (mapping->executable ? PF_X : 0U),
		.has_file = mapping->inode != 0 || strcmp(mapping->path, "[vdso]") == 0,
	};
	struct segment *last = core->count == 0 ? NULL : &core->segments[core->count - 1];

	if (last != NULL && last->end == start && start > mapping->start) {
		last->end = end;
		return NULL;
	}
	if (core->count + 1 >= MOST)
		return error_new(ERR_FAILED, "it has too many mappings for a core file");
	struct error *err = array_reserve(&core->segments, &core->capacity, core->count + 1,
					  sizeof(*core->segments));
	if (err == NULL)
		core->segments[core->count++] = segment;
	return err;
}

/* Of a file that is mapped private and read-only: its beginning, and what has been written to nevertheless. */
static struct error *add_changed_pages(struct core_file *core, const struct mapping *mapping)
{
	uint64_t pages[CHUNK_PAGES];
	struct error *err = NULL;

	for (uint64_t at = mapping->start; err == NULL && at < mapping->end; at += CHUNK_BYTES) {
		const uint64_t left = (mapping->end - at) / PAGE_BYTES;
		const size_t count = left < CHUNK_PAGES ? (size_t)left : CHUNK_PAGES;
		read_pagemap(core, at, count, pages);
		for (size_t i = 0; err == NULL && i < count; i++) {
			const uint64_t page = at + i * PAGE_BYTES;
			bool is_head = page == mapping->start && mapping->offset_bytes == 0;
			bool is_changed = (pages[i] & (PAGE_PRESENT | PAGE_SWAPPED)) != 0 &&
					  !(pages[i] & PAGE_OF_FILE);
			if (is_head || is_changed)
				err = add_segment(core, mapping, page, page + PAGE_BYTES);
		}
	}
	return err;
}

/* What the kernel does by default (coredump_filter of core(5)), and core_file.h. */
static struct error *add_mapping(struct core_file *core, const struct mapping *mapping)
{
	const char *path = mapping->path;
	const size_t length = strlen(path);
	static const char DELETED[] = " (deleted)";
	bool is_deleted = length > sizeof(DELETED) &&
			  strcmp(path + length - (sizeof(DELETED) - 1), DELETED) == 0;
	bool is_kernels = strcmp(path, "[vvar]") == 0 || strcmp(path, "[vvar_vclock]") == 0 ||
			  strcmp(path, "[vsyscall]") == 0;

	if (!mapping->readable || is_kernels ||
	    core->view->leaves_out(core->view->context, mapping->start) ||
	    (mapping->shared && !is_deleted) || strncmp(path, "/dev/", 5) == 0)
		return NULL;
	if (mapping->inode == 0 || mapping->writable || is_deleted)
		return add_segment(core, mapping, mapping->start, mapping->end);
	return add_changed_pages(core, mapping);
}

static struct error *write_at(const struct core_file *core, const void *data, size_t bytes,
			      uint64_t offset)
{
	const char *at = data;

	while (bytes > 0) {
		ssize_t put = pwrite(core->fd, at, bytes, (off_t)offset);
		if (put < 0 && errno == EINTR)
			continue;
		if (put <= 0)
			return error_os(put < 0 ? errno : ENOSPC, "write");
		at += put;
		offset += (uint64_t)put;
		bytes -= (size_t)put;
	}
	return NULL;
}

static bool is_zero(const uint8_t *page)
{
	return page[0] == 0 && memcmp(page, page + 1, PAGE_BYTES - 1) == 0;
}

/* The pages of a chunk that has been read, but for those that hold nothing. */
static struct error *write_chunk(const struct core_file *core, size_t pages, uint64_t offset)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < pages;) {
		size_t run = 0;
		while (i + run < pages && !is_zero(core->chunk + (i + run) * PAGE_BYTES))
			run++;
		if (run > 0)
			err = write_at(core, core->chunk + i * PAGE_BYTES, run * PAGE_BYTES,
				       offset + i * PAGE_BYTES);
		i += run + 1;
	}
	return err;
}

/* Reading a page that is not there would bring it there: a page of nothing is not asked for. */
static void read_chunk(const struct core_file *core, const struct segment *segment, uint64_t at,
		       size_t pages)
{
	uint64_t map[CHUNK_PAGES];

	memset(core->chunk, 0, pages * PAGE_BYTES);
	read_pagemap(core, at, pages, map);
	for (size_t i = 0; i < pages;) {
		size_t run = 0;
		while (i + run < pages &&
		       (segment->has_file || (map[i + run] & (PAGE_PRESENT | PAGE_SWAPPED)) != 0))
			run++;
		/* What cannot be read is a hole, too. */
		for (size_t done = 0; done < run * PAGE_BYTES;) {
			uint8_t *to = core->chunk + i * PAGE_BYTES + done;
			const taddr_t from = taddr(at + i * PAGE_BYTES + done);
			size_t got = address_space_read_some(core->space, from, to,
							     run * PAGE_BYTES - done);
			if (segment->is_touched)
				core->view->own(core->view->context, from, to, got);
			done += got > 0 ? got : PAGE_BYTES - done % PAGE_BYTES;
		}
		i += run + 1;
	}
}

static struct error *write_segment(const struct core_file *core, struct segment *segment,
				   uint64_t offset)
{
	const struct core_view *view = core->view;
	struct error *err = NULL;

	segment->is_touched = view->is_touched(view->context, segment->start, segment->end,
					       (segment->flags & PF_X) != 0);

	for (uint64_t at = segment->start; err == NULL && at < segment->end; at += CHUNK_BYTES) {
		const uint64_t left = (segment->end - at) / PAGE_BYTES;
		const size_t pages = left < CHUNK_PAGES ? (size_t)left : CHUNK_PAGES;
		read_chunk(core, segment, at, pages);
		err = write_chunk(core, pages, offset + (at - segment->start));
	}
	return err;
}

static uint64_t notes_offset(const struct core_file *core)
{
	return sizeof(Elf64_Ehdr) + (core->count + 1) * sizeof(Elf64_Phdr);
}

static uint64_t first_offset(const struct core_file *core)
{
	const uint64_t end = notes_offset(core) + core->notes.bytes;
	return (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
}

static struct error *write_headers(const struct core_file *core)
{
	const size_t bytes = (size_t)notes_offset(core);
	char *headers = calloc(1, bytes);
	uint64_t offset = first_offset(core);

	if (headers == NULL)
		return error_no_memory();
	const Elf64_Ehdr header = {
		.e_ident = { ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64, ELFDATA2LSB,
			     EV_CURRENT },
		.e_type = ET_CORE,
		.e_machine = MACHINE_ELF,
		.e_version = EV_CURRENT,
		.e_phoff = sizeof(header),
		.e_ehsize = sizeof(header),
		.e_phentsize = sizeof(Elf64_Phdr),
		.e_phnum = (Elf64_Half)(core->count + 1),
	};
	memcpy(headers, &header, sizeof(header));
	Elf64_Phdr *next = (Elf64_Phdr *)(void *)(headers + sizeof(header));
	*next++ = (Elf64_Phdr){ .p_type = PT_NOTE,
				.p_offset = notes_offset(core),
				.p_filesz = core->notes.bytes,
				.p_align = 4 };
	for (size_t i = 0; i < core->count; i++) {
		const struct segment *it = &core->segments[i];
		const uint64_t size = it->end - it->start;
		*next++ = (Elf64_Phdr){ .p_type = PT_LOAD,
					.p_flags = it->flags,
					.p_offset = offset,
					.p_vaddr = it->start,
					.p_filesz = size,
					.p_memsz = size,
					.p_align = PAGE_BYTES };
		offset += size;
	}
	struct error *err = write_at(core, headers, bytes, 0);
	if (err == NULL)
		err = write_at(core, core->notes.data, core->notes.bytes, notes_offset(core));
	free(headers);
	/* What is behind the last page that was written is a hole as well. */
	if (err == NULL && ftruncate(core->fd, (off_t)offset) < 0)
		err = error_os(errno, "write");
	return err;
}

static struct error *write_all(struct core_file *core, const struct proc_maps *maps)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < maps->count; i++)
		err = add_mapping(core, &maps->mappings[i]);
	if (err == NULL)
		err = write_headers(core);
	uint64_t offset = first_offset(core);
	for (size_t i = 0; err == NULL && i < core->count; i++) {
		err = write_segment(core, &core->segments[i], offset);
		offset += core->segments[i].end - core->segments[i].start;
	}
	return err;
}

/* A file of the name is not touched. */
static struct error *create(const char *path, struct core_file *core)
{
	core->fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	return core->fd < 0 ? error_os(errno, "%s", path) : NULL;
}

struct error *core_file_write(const char *path, const struct address_space *space, pid_t pid,
			      const pid_t *tids, size_t count, const struct core_view *view)
{
	char pagemap[64];
	struct proc_maps maps;
	struct core_file core = { .space = space, .view = view, .fd = -1 };

	if (space->is_forbidden)
		return error_new(ERR_FAILED, "its memory may not be read");
	struct error *err = proc_maps_read(&maps, tids[0]);
	if (err != NULL)
		return err;
	snprintf(pagemap, sizeof(pagemap), "/proc/%d/pagemap", tids[0]);
	core.pagemap_fd = open(pagemap, O_RDONLY | O_CLOEXEC);
	core.chunk = malloc(CHUNK_BYTES);
	err = core.chunk == NULL ? error_no_memory()
				 : core_notes_take(pid, tids, count, &maps, &core.notes);
	if (err == NULL)
		err = create(path, &core);
	if (err == NULL)
		err = error_context(write_all(&core, &maps), "%s", path);
	if (core.fd >= 0 && close(core.fd) < 0 && err == NULL)
		err = error_os(errno, "%s", path);
	if (core.fd >= 0 && err != NULL)
		unlink(path);
	if (core.pagemap_fd >= 0)
		close(core.pagemap_fd);
	core_notes_deinit(&core.notes);
	free(core.segments);
	free(core.chunk);
	proc_maps_deinit(&maps);
	return err;
}
