/*
 * Fuzzes what is read of a process while it is recorded: the files of /proc, whose paths and names are the program's to
 * choose, its control group, and the names that it writes to /tmp/perf-PID.map (libFuzzer, with ASan and UBSan). Built by
 * tests/fuzz/build.sh.
 *
 * wrap: openat
 */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plot/text/text.h"
#include "tests/fuzz/require.h"
#include "tracer/loop/stacks/jit_names.h"
#include "tracer/proc/children.h"
#include "tracer/proc/container.h"
#include "tracer/proc/groups/cgroup.h"
#include "tracer/proc/mapped_file.h"
#include "tracer/proc/own_statm.h"
#include "tracer/proc/proc_maps.h"
#include "tracer/proc/process_facts.h"
#include "tracer/proc/process_load.h"
#include "tracer/proc/signal_state.h"
#include "tracer/proc/thread_look.h"
#include "tracer/sample/memory_parts.h"
#include "tracer/sample/memory_usage.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);
int __wrap_openat(int dir_fd, const char *path, int flags, ...);
int __real_openat(int dir_fd, const char *path, int flags, ...);

/* All files hold this. */
static struct {
	int fd;
	char path[64];
	bool is_named; /* only files of names are what the input says */
} file = { .fd = -1 };

int __wrap_openat(int dir_fd, const char *path, int flags, ...)
{
	if (flags & O_DIRECTORY)
		return __real_openat(AT_FDCWD, "/proc/self/task", flags);
	if (file.is_named && strstr(path, "/perf-") == NULL)
		return __real_openat(dir_fd, "/proc/self/status", O_RDONLY);
	return __real_openat(dir_fd, file.path, flags & ~O_NOFOLLOW);
}

static void use_maps(void)
{
	struct proc_maps maps;
	uint64_t start;

	struct error *err = proc_maps_read(&maps, 1);
	if (err != NULL) {
		error_free(err);
		return;
	}
	const size_t count = maps.count < 64 ? maps.count : 64; /* what is reserved is added */
	for (size_t i = 0; i < count; i++) {
		const struct mapping *m = &maps.mappings[i];
		char link[MAPPED_LINK_BYTES];
		(void)proc_maps_find(&maps, m->start);
		(void)proc_maps_elf_header(&maps, m->end);
		(void)proc_maps_is_free(&maps, m->end, 4096);
		(void)proc_maps_is_out_of_the_way(&maps, m->start & ~4095ull, 65536, 1 << 20);
		if (proc_maps_find_room(&maps, m->start & ~4095ull, 1 << 16, 1 << 30, &start))
			require_none(proc_maps_reserve(&maps, start, 1 << 16));
		m = &maps.mappings[i];
		proc_maps_note_ours(&maps, m->start);
		mapped_file_link(m, 1, link);
	}
	proc_maps_deinit(&maps);
}

static void use_parts(void)
{
	const struct page_range ours[] = { { .start = 0x7000, .end = 0x9000 },
					   { .start = 0x555500001000, .end = 0x555500002000 } };
	struct memory_parts parts;

	struct error *err = memory_parts_read(1, ours, 2, &parts);
	if (err == NULL)
		memory_parts_deinit(&parts);
	error_free(err);
}

static void use_status(const char *text)
{
	struct process_facts facts;
	struct signal_state signals;
	struct process_load load;
	struct process_limits limits;
	struct thread_look look;
	char name[PROCESS_NAME_BYTES];
	pid_t *pids;
	size_t count;

	error_free(process_facts_read(1, &facts));
	error_free(signal_state_read(1, &signals));
	error_free(process_load_read(1, &load));
	error_free(process_limits_read(1, &limits));
	error_free(thread_look(1, 1, &look));
	process_name_read(1, name);
	require(memchr(name, '\0', sizeof(name)) != NULL);
	(void)process_stack_start(1);
	(void)process_is_in_background(1);
	(void)own_statm_fits("/proc/1/statm", text);
	struct error *err = children_read(1, 1, &pids, &count);
	if (err == NULL)
		free(pids);
	error_free(err);
}

static void use_group(const char *text)
{
	char container[CONTAINER_TEXT_BYTES], id[CONTAINER_ID_BYTES], path[CGROUP_PATH_BYTES];
	struct cgroup cgroup = { 0 };
	uint64_t bytes;

	(void)container_describe(1, container);
	(void)container_find_id(text, id);
	struct error *err = cgroup_find(1, &cgroup);
	if (err == NULL) {
		(void)cgroup_path(&cgroup, CGROUP_USAGE, path);
		error_free(cgroup_read(&cgroup, CGROUP_USAGE, &bytes));
		(void)cgroup_limit(&cgroup);
		cgroup_deinit(&cgroup);
	}
	error_free(err);
}

static void use_memory(const char *text, size_t bytes)
{
	for (enum metric metric = 0; metric < METRIC_COUNT; metric++) {
		struct memory_meter *meter;
		struct memory_peak peak;
		uint64_t used;
		struct error *err = memory_meter_open(1, metric, &meter);
		if (err != NULL) {
			error_free(err);
			continue;
		}
		error_free(memory_meter_read(meter, &used));
		error_free(memory_meter_read_recent(meter, &used));
		error_free(memory_meter_read_peak(meter, &peak));
		/* What a pad has read is no text: nothing ends it. */
		char *copy = malloc(bytes + 1);
		require(copy != NULL);
		memcpy(copy, text, bytes);
		(void)memory_meter_parse_statm(meter, copy, bytes, &used);
		free(copy);
		memory_meter_close(meter);
	}
}

static void use_names(void)
{
	struct jit_names names = { 0 };

	file.is_named = true;
	jit_names_update(&names, getpid());
	names.look_next_ns = 0;
	jit_names_update(&names, getpid());
	file.is_named = false;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = jit_names_name(&names, taddr(names.symbols[i].start));
		require(name != NULL && text_is_utf8(name, strlen(name)));
	}
	(void)jit_names_name(&names, taddr(UINT64_MAX));
	jit_names_deinit(&names);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
	if (bytes == 0)
		return 0;
	if (file.fd < 0) {
		file.fd = memfd_create("proc", MFD_CLOEXEC);
		snprintf(file.path, sizeof(file.path), "/proc/self/fd/%d", file.fd);
	}
	require(ftruncate(file.fd, 0) == 0 &&
		pwrite(file.fd, data + 1, bytes - 1, 0) == (ssize_t)(bytes - 1));
	char *text = strndup((const char *)data + 1, bytes - 1);
	require(text != NULL);
	/* The first byte chooses who reads. */
	switch (data[0] % 6) {
	case 0:
		use_maps();
		break;
	case 1:
		use_parts();
		break;
	case 2:
		use_status(text);
		break;
	case 3:
		use_group(text);
		break;
	case 4:
		use_memory(text, strlen(text));
		break;
	default:
		use_names();
	}
	free(text);
	return 0;
}
