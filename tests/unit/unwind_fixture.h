/*
 * A thread of another process as an unwinder sees it: registers by /proc/PID/task/TID/syscall,
 * memory by /proc/PID/mem, ELF files by /proc/PID/maps. Included by test files.
 */
#ifndef TESTS_UNWIND_FIXTURE_H
#define TESTS_UNWIND_FIXTURE_H

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "symbols/unwind/unwinder.h"
#include "tracer/proc/proc_maps.h"

struct observed {
	int mem; /* owned */
	struct proc_maps maps;
	size_t reads;
};

static size_t observed_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	struct observed *observed = context;
	ssize_t count = pread(observed->mem, ret, bytes, (off_t)from.value);

	observed->reads++;
	return count < 0 ? 0 : (size_t)count;
}

static bool observed_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	const struct observed *observed = context;
	const struct mapping *code = proc_maps_find(&observed->maps, pc.value);

	if (code == NULL)
		return false;
	/* The vdso has no file, and one mapping. */
	for (const struct mapping *m = code; m >= observed->maps.mappings; m--) {
		if (m != code && (m->inode != code->inode || m->device != code->device))
			continue;
		if (m->offset_bytes == 0 && (m->inode != 0 || strcmp(m->path, "[vdso]") == 0)) {
			*ret_header = taddr(m->start);
			return true;
		}
	}
	return false;
}

static bool observed_open(struct observed *ret, pid_t pid)
{
	char path[64];

	*ret = (struct observed){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/mem", pid);
	ret->mem = open(path, O_RDONLY | O_CLOEXEC);
	if (ret->mem < 0)
		return false;
	struct error *err = proc_maps_read(&ret->maps, pid);
	if (err == NULL)
		return true;
	error_free(err);
	close(ret->mem);
	return false;
}

static void observed_close(struct observed *observed)
{
	close(observed->mem);
	proc_maps_deinit(&observed->maps);
}

/* Where @tid sleeps in a system call, and in which; false when it does not sleep, or that cannot be
 * known. */
static bool observed_sleep(pid_t pid, pid_t tid, struct unwind_registers *ret, long *ret_call)
{
	char path[64], line[256] = "";

	snprintf(path, sizeof(path), "/proc/%d/task/%d/syscall", pid, tid);
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return false;
	bool has_line = fgets(line, sizeof(line), in) != NULL;
	fclose(in);
	const char *end = line + strlen(line);
	*ret = (struct unwind_registers){ .known = 1u << UNWIND_SP | 1u << UNWIND_PC };
	if (!has_line || sscanf(line, "%ld", ret_call) != 1)
		return false;
	/* The last two of its words. */
	for (int spaces = 0; end > line && spaces < 2;)
		spaces += *--end == ' ';
	return sscanf(end, "%" SCNx64 " %" SCNx64, &ret->values[UNWIND_SP],
		      &ret->values[UNWIND_PC]) == 2;
}

#endif
