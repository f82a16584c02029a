/* The mappings of a process; see proc_maps.h. Proc layer. */
#include "tracer/proc/proc_maps.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

#include "tracer/base/array.h"
#include "tracer/proc/proc_file.h"

static struct error *proc_maps_add(struct proc_maps *maps, const char *line)
{
	struct mapping m = { 0 };
	char permissions[5];
	unsigned major_number, minor_number;
	int path_at = 0;

	if (sscanf(line, "%lx-%lx %4s %lx %x:%x %lu %n", &m.start, &m.end, permissions,
		   &m.offset_bytes, &major_number, &minor_number, &m.inode, &path_at) < 7)
		return error_new(ERR_FORMAT, "a line of /proc/PID/maps is not understood: %s",
				 line);
	m.readable = permissions[0] == 'r';
	m.writable = permissions[1] == 'w';
	m.executable = permissions[2] == 'x';
	m.shared = permissions[3] == 's';
	m.device = makedev(major_number, minor_number);
	m.path = strdup(line + path_at);
	if (m.path == NULL)
		return error_no_memory();
	m.path[strcspn(m.path, "\n")] = '\0';
	struct error *err = array_reserve(&maps->mappings, &maps->capacity, maps->count + 1,
					  sizeof(*maps->mappings));
	if (err != NULL) {
		free(m.path);
		return err;
	}
	maps->mappings[maps->count++] = m;
	return NULL;
}

struct error *proc_maps_read(struct proc_maps *ret, pid_t pid)
{
	char *line = NULL;
	size_t line_bytes = 0;
	FILE *file;

	*ret = (struct proc_maps){ 0 };
	struct error *err = proc_open(&file, "/proc/%d/maps", pid);
	if (err != NULL)
		return err;
	ssize_t got = 0;
	while (err == NULL && (got = getline(&line, &line_bytes, file)) > 0)
		err = proc_maps_add(ret, line);
	/* Without memory for a line, the process is not gone. */
	if (err == NULL && got < 0 && !feof(file))
		err = error_os(errno, "read /proc/%d/maps", pid);
	err = error_first(err, proc_close(file));
	free(line);
	if (err == NULL && ret->count == 0) /* a zombie's file is there, but empty */
		err = error_os(ESRCH, "read /proc/%d/maps", pid);
	if (err != NULL)
		proc_maps_deinit(ret);
	return err;
}

void proc_maps_deinit(struct proc_maps *maps)
{
	for (size_t i = 0; i < maps->count; i++)
		free(maps->mappings[i].path);
	free(maps->mappings);
	*maps = (struct proc_maps){ 0 };
}

/* The number of mappings that end at or below @address. */
static size_t proc_maps_index(const struct proc_maps *maps, uint64_t address)
{
	size_t low = 0, high = maps->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (maps->mappings[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct mapping *proc_maps_find(const struct proc_maps *maps, uint64_t address)
{
	size_t i = proc_maps_index(maps, address);
	if (i == maps->count || maps->mappings[i].start > address)
		return NULL;
	return &maps->mappings[i];
}

const struct mapping *proc_maps_elf_header(const struct proc_maps *maps, uint64_t address)
{
	const struct mapping *found = proc_maps_find(maps, address);

	if (found == NULL || strcmp(found->path, "[vdso]") == 0)
		return found;
	for (const struct mapping *m = found; found->inode != 0 && m >= maps->mappings; m--) {
		if (m->inode == found->inode && m->device == found->device && m->offset_bytes == 0)
			return m;
	}
	return NULL;
}

/* Below vm.mmap_min_addr's usual values, with some distance. */
static const uint64_t lowest_address = 0x20000;
/* Neighbours keep some room to grow by mremap; there need not be any below a file. */
static const uint64_t distance_bytes = UINT64_C(2) << 20;
/* Anonymous memory may be a stack that grows down (MAP_GROWSDOWN looks like any other). */
static const uint64_t anonymous_distance_bytes = UINT64_C(64) << 20;
/* What has to do where a program with many threads has left nothing better near its code. */
static const uint64_t least_distance_bytes = UINT64_C(64) << 10;

/* The kernel keeps the 128 MiB below the stack free, or what its limit allows (mmap_base). */
static const uint64_t stack_bytes = UINT64_C(160) << 20;

/* So much a heap may grow; where it cannot grow any more, malloc goes on elsewhere. */
static const uint64_t heap_bytes = UINT64_C(256) << 20;

/* Whether @bytes fit between @low and @above, and where. */
static bool mapping_find_room_below(const struct mapping *above, uint64_t low, uint64_t bytes,
				    bool is_crowded, uint64_t *ret_start)
{
	uint64_t gap = above->start > low ? above->start - low : 0;
	bool is_kernels = strncmp(above->path, "[v", 2) == 0; /* [vvar], [vdso], [vsyscall] */
	bool is_fixed = above->inode != 0 || is_kernels || above->is_ours;
	uint64_t distance = is_fixed ? distance_bytes : anonymous_distance_bytes;

	if (strcmp(above->path, "[stack]") == 0)
		return false;
	if (gap < bytes + 2 * distance) {
		if (!is_fixed && !is_crowded)
			return false;
		distance = is_fixed ? 0 : least_distance_bytes;
	}
	*ret_start = above->start - distance - bytes;
	return gap >= bytes + 2 * distance;
}

static bool proc_maps_find_room_below(const struct proc_maps *maps, uint64_t near, uint64_t bytes,
				      uint64_t reach_bytes, bool is_crowded, uint64_t *ret_start)
{
	for (size_t i = proc_maps_index(maps, near); i < maps->count; i--) {
		const struct mapping *above = &maps->mappings[i];
		uint64_t low = i == 0 ? lowest_address : maps->mappings[i - 1].end;
		uint64_t start;

		if (above->start <= near &&
		    mapping_find_room_below(above, low, bytes, is_crowded, &start)) {
			if (near - start > reach_bytes)
				return false;
			*ret_start = start;
			return true;
		}
		if (i == 0)
			break;
	}
	return false;
}

/*
 * Between the topmost library and the stack, for a program whose threads' memory (malloc's arenas are
 * 64 MiB each) leaves no gap below its libraries: mmap continues downwards, and the stack has its limit.
 */
static bool proc_maps_find_room_under_stack(const struct proc_maps *maps, uint64_t near,
					    uint64_t bytes, uint64_t reach_bytes,
					    uint64_t *ret_start)
{
	size_t i = maps->count;

	while (i > 0 && strcmp(maps->mappings[i - 1].path, "[stack]") != 0)
		i--;
	if (i < 2)
		return false;
	const struct mapping *below = &maps->mappings[i - 2];
	uint64_t gap = maps->mappings[i - 1].start - below->end;
	*ret_start = below->end + distance_bytes;
	return below->end > near && *ret_start + bytes - near <= reach_bytes &&
	       gap >= distance_bytes + bytes + stack_bytes && strcmp(below->path, "[heap]") != 0;
}

/*
 * Far above the heap, for a large program at a fixed address, which has little below it: as far as possible from where
 * brk moves on to, but for other code of the program to reach it, too. When a heap has come so far all the same, malloc
 * goes on elsewhere.
 */
static bool proc_maps_find_room_above_heap(const struct proc_maps *maps, uint64_t near,
					   uint64_t bytes, uint64_t reach_bytes,
					   uint64_t *ret_start)
{
	const uint64_t page_bytes = 4096;
	uint64_t start = (near + reach_bytes / 4 * 3) & ~(page_bytes - 1);
	uint64_t lowest = near;

	if (near >
	    UINT32_MAX) /* libraries, and programs that may lie anywhere: mmap goes on near them */
		return false;
	/* It begins behind the program, and may not be there yet. */
	for (size_t i = 0; i < maps->count && maps->mappings[i].start < start; i++)
		lowest = maps->mappings[i].is_ours ? lowest : maps->mappings[i].end;
	for (lowest += heap_bytes; start > lowest; start -= bytes + least_distance_bytes) {
		if (proc_maps_is_free(maps, start, bytes)) {
			*ret_start = start;
			return true;
		}
	}
	return false;
}

void proc_maps_note_ours(struct proc_maps *maps, uint64_t start)
{
	size_t i = proc_maps_index(maps, start);
	if (i < maps->count && maps->mappings[i].start <= start)
		maps->mappings[i].is_ours = true;
}

bool proc_maps_find_room(const struct proc_maps *maps, uint64_t near, uint64_t bytes,
			 uint64_t reach_bytes, uint64_t *ret_start)
{
	/* Downwards: above a program lies the heap that brk moves, above a library the stack. */
	return proc_maps_find_room_below(maps, near, bytes, reach_bytes, false, ret_start) ||
	       proc_maps_find_room_below(maps, near, bytes, reach_bytes, true, ret_start) ||
	       proc_maps_find_room_under_stack(maps, near, bytes, reach_bytes, ret_start) ||
	       proc_maps_find_room_above_heap(maps, near, bytes, reach_bytes, ret_start);
}

bool proc_maps_is_free(const struct proc_maps *maps, uint64_t start, uint64_t bytes)
{
	if (start < lowest_address)
		return false;
	const uint64_t low = start - least_distance_bytes,
		       high = start + bytes + least_distance_bytes;
	size_t i = proc_maps_index(maps, low);
	/* A mapping above may be a stack that grows down. */
	return low < high && (i == maps->count || maps->mappings[i].start >= high);
}

/* Whether something is in [@start, @end), or too near. */
static bool is_in_the_way(const struct proc_maps *maps, uint64_t start, uint64_t end,
			  uint64_t far_bytes)
{
	const uint64_t low = start > far_bytes ? start - far_bytes : 0;

	for (size_t i = proc_maps_index(maps, low); i < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		const bool is_code = m->executable && !m->is_ours;
		uint64_t distance = m->is_ours ? 0 : least_distance_bytes;
		if (m->start >= end + far_bytes)
			break;
		if (is_code)
			distance = far_bytes;
		if (m->end + distance > start && m->start < end + distance)
			return true;
	}
	return false;
}

/*
 * Whether the heap may grow to @start. It begins somewhere behind the program: as long as there is none, in the widest
 * gap, which is between the program and the libraries. Only above a program at a fixed address, which has nothing
 * below it, it must do with less than no machine has of memory.
 */
static bool is_heaps(const struct proc_maps *maps, uint64_t start)
{
	static const uint64_t end_address = UINT64_C(1) << 47;
	const uint64_t most_bytes = start <= UINT32_MAX ? heap_bytes : UINT64_C(1) << 40;
	uint64_t widest_bytes = 0, heap_start = 0;

	for (size_t i = 0; i + 1 < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		const uint64_t next = maps->mappings[i + 1].start;
		const bool is_heap = strcmp(m->path, "[heap]") == 0;
		if (next <= end_address && (is_heap || next - m->end > widest_bytes)) {
			widest_bytes = next - m->end;
			heap_start = m->end;
		}
		if (is_heap)
			break;
	}
	return start >= heap_start &&
	       start - heap_start < (widest_bytes < most_bytes ? widest_bytes : most_bytes);
}

static bool is_stacks(const struct proc_maps *maps, uint64_t end)
{
	const size_t i = proc_maps_index(maps, end);

	return i < maps->count && strcmp(maps->mappings[i].path, "[stack]") == 0 &&
	       end + stack_bytes > maps->mappings[i].start;
}

bool proc_maps_is_out_of_the_way(const struct proc_maps *maps, uint64_t start, uint64_t bytes,
				 uint64_t far_bytes)
{
	return start >= lowest_address && start + bytes > start &&
	       !is_in_the_way(maps, start, start + bytes,
			      far_bytes > least_distance_bytes ? far_bytes
							       : least_distance_bytes) &&
	       !is_heaps(maps, start) && !is_stacks(maps, start + bytes);
}

struct error *proc_maps_reserve(struct proc_maps *maps, uint64_t start, uint64_t bytes)
{
	size_t at = proc_maps_index(maps, start);

	if (at < maps->count && maps->mappings[at].start < start + bytes)
		return NULL; /* something is there already */
	struct error *err = array_reserve(&maps->mappings, &maps->capacity, maps->count + 1,
					  sizeof(*maps->mappings));
	if (err != NULL)
		return err;
	char *path = strdup("");
	if (path == NULL)
		return error_no_memory();
	memmove(&maps->mappings[at + 1], &maps->mappings[at],
		(maps->count - at) * sizeof(*maps->mappings));
	maps->mappings[at] = (struct mapping){
		.start = start,
		.end = start + bytes,
		.is_ours = true,
		.path = path,
	};
	maps->count++;
	return NULL;
}
