/* The notes of a core file; see core_notes.h. Tracee layer. */
#include "tracer/tracee/core_notes.h"

#include <assert.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/procfs.h>
#include <unistd.h>

#include "tracer/base/array.h"
#include "tracer/base/machine.h"
#include "tracer/proc/process_facts.h"
#include "tracer/tracee/ptrace_ops.h"

static const char CORE[] = "CORE", LINUX[] = "LINUX";

enum { NOTE_ALIGNMENT = 4 };

static struct error *put(struct core_notes *notes, const void *data, size_t bytes)
{
	const size_t padded = (bytes + NOTE_ALIGNMENT - 1) / NOTE_ALIGNMENT * NOTE_ALIGNMENT;

	struct error *err = array_reserve(&notes->data, &notes->capacity, notes->bytes + padded, 1);
	if (err != NULL)
		return err;
	memset(notes->data + notes->bytes, 0, padded);
	memcpy(notes->data + notes->bytes, data, bytes);
	notes->bytes += padded;
	return NULL;
}

static struct error *put_note(struct core_notes *notes, const char *name, unsigned type,
			      const void *data, size_t bytes)
{
	const Elf64_Nhdr header = {
		.n_namesz = (Elf64_Word)strlen(name) + 1,
		.n_descsz = (Elf64_Word)bytes,
		.n_type = type,
	};

	struct error *err = put(notes, &header, sizeof(header));
	if (err == NULL)
		err = put(notes, name, header.n_namesz);
	return err != NULL ? err : put(notes, data, bytes);
}

static struct error *put_registers(struct core_notes *notes, pid_t tid)
{
	struct user_regs_struct regs;
	struct elf_prstatus status = { .pr_pid = tid, .pr_fpvalid = 1 };

	static_assert(sizeof(status.pr_reg) == sizeof(regs), "both are struct user_regs_struct");
	struct error *err = ptrace_get_regs(tid, &regs);
	if (err != NULL)
		return err;
	memcpy(&status.pr_reg, &regs, sizeof(regs));
	return put_note(notes, CORE, NT_PRSTATUS, &status, sizeof(status));
}

/* Those beyond the ordinary ones; a processor without a set has no note of it. */
static struct error *put_register_set(struct core_notes *notes, pid_t tid, const char *name,
				      unsigned type)
{
	static const size_t MOST = 64 * 1024; /* with AMX there are 11 KiB */
	size_t bytes = MOST;
	char *set = malloc(MOST);

	if (set == NULL)
		return error_no_memory();
	struct error *err = ptrace_get_register_set(tid, type, set, &bytes);
	if (err == NULL && bytes > 0)
		err = put_note(notes, name, type, set, bytes);
	free(set);
	return err;
}

static struct error *put_other_sets(struct core_notes *notes, pid_t tid)
{
	struct error *err = put_register_set(notes, tid, CORE, NT_PRFPREG);
	return err != NULL ? err : put_register_set(notes, tid, LINUX, MACHINE_VECTOR_NOTE);
}

/* At most @most bytes of /proc/PID/@file; *@ret_bytes is 0 when there are none. */
static void read_file(pid_t pid, const char *file, char *ret, size_t most, size_t *ret_bytes)
{
	char path[64];

	*ret_bytes = 0;
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, file);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;
	while (fd >= 0 && got > 0 && *ret_bytes < most) {
		got = read(fd, ret + *ret_bytes, most - *ret_bytes);
		*ret_bytes += got > 0 ? (size_t)got : 0;
	}
	if (fd >= 0)
		close(fd);
}

static struct error *put_process(struct core_notes *notes, pid_t pid)
{
	struct elf_prpsinfo info = { .pr_sname = 'R', .pr_pid = pid };
	char auxv[4096];
	size_t bytes;

	info.pr_ppid = process_parent(pid);
	process_name_read(pid, info.pr_fname);
	read_file(pid, "cmdline", info.pr_psargs, sizeof(info.pr_psargs) - 1, &bytes);
	for (size_t i = 0; i + 1 < bytes; i++) {
		if (info.pr_psargs[i] == '\0')
			info.pr_psargs[i] = ' ';
	}
	struct error *err = put_note(notes, CORE, NT_PRPSINFO, &info, sizeof(info));
	if (err != NULL)
		return err;
	read_file(pid, "auxv", auxv, sizeof(auxv), &bytes);
	return put_note(notes, CORE, NT_AUXV, auxv, bytes);
}

static bool is_file(const struct mapping *mapping)
{
	return mapping->inode != 0 && mapping->path[0] == '/';
}

/* Numbers first: count, page size, and of each file start, end and offset in pages; then their names. */
static struct error *put_files(struct core_notes *notes, const struct proc_maps *maps)
{
	static const uint64_t PAGE_BYTES = 4096;
	struct core_notes files = { 0 };
	uint64_t head[2] = { 0, PAGE_BYTES };

	for (size_t i = 0; i < maps->count; i++)
		head[0] += is_file(&maps->mappings[i]);
	struct error *err = put(&files, head, sizeof(head));
	for (size_t i = 0; err == NULL && i < maps->count; i++) {
		const struct mapping *it = &maps->mappings[i];
		const uint64_t numbers[] = { it->start, it->end, it->offset_bytes / PAGE_BYTES };
		if (is_file(it))
			err = put(&files, numbers, sizeof(numbers));
	}
	for (size_t i = 0; err == NULL && i < maps->count; i++) {
		const char *path = maps->mappings[i].path;
		const size_t bytes = strlen(path) + 1;
		if (!is_file(&maps->mappings[i]))
			continue;
		/* Names stand one behind the other: no padding. */
		err = array_reserve(&files.data, &files.capacity, files.bytes + bytes, 1);
		if (err != NULL)
			break;
		memcpy(files.data + files.bytes, path, bytes);
		files.bytes += bytes;
	}
	if (err == NULL)
		err = put_note(notes, CORE, NT_FILE, files.data, files.bytes);
	core_notes_deinit(&files);
	return err;
}

struct error *core_notes_take(pid_t pid, const pid_t *tids, size_t count,
			      const struct proc_maps *maps, struct core_notes *ret)
{
	struct error *err = NULL;

	*ret = (struct core_notes){ 0 };
	for (size_t i = 0; err == NULL && i < count; i++) {
		const size_t before = ret->bytes;
		err = put_registers(ret, tids[i]);
		if (err == NULL && before == 0)
			err = put_process(ret, pid);
		if (err == NULL && before == 0)
			err = put_files(ret, maps);
		if (err == NULL)
			err = put_other_sets(ret, tids[i]);
		err = error_ignore(err, ERR_GONE);
	}
	if (err == NULL && ret->bytes == 0)
		err = error_new(ERR_GONE, "no thread of process %d is left", pid);
	return err;
}

void core_notes_deinit(struct core_notes *notes)
{
	free(notes->data);
	*notes = (struct core_notes){ 0 };
}
