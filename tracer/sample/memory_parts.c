/*
 * What the mappings of a process are; see memory_parts.h. Sample layer.
 *
 * All mappings are read first: whether a file is a library shows at another of its mappings, the one with code.
 */
#include "tracer/sample/memory_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"
#include "tracer/proc/proc_file.h"
#include "tracer/proc/proc_text.h"

/* One path of the mappings; "" is one, too. */
struct map_name {
	char *path; /* owned until a part takes it */
	bool has_code;
	size_t part[PART_KINDS]; /* index + 1 of its parts */
};

struct map {
	uint64_t start, end;
	uint64_t resident_bytes;
	size_t name; /* index */
	bool readable, writable, executable, shared, has_file;
};

struct maps {
	struct map *maps;
	size_t count, capacity;
	struct map_name *names;
	size_t name_count, name_capacity;
	struct addr_map name_of_key; /* hash of a path -> index + 1 */
	const struct page_range *ours;
	size_t ours_count;
};

static void maps_deinit(struct maps *maps)
{
	for (size_t i = 0; i < maps->name_count; i++)
		free(maps->names[i].path);
	free(maps->names);
	free(maps->maps);
	addr_map_deinit(&maps->name_of_key);
}

/* Two paths of one key stay two; the later one is then looked for in vain, and may be there more than once. */
static struct error *maps_need_name(struct maps *maps, const char *path, size_t bytes, size_t *ret)
{
	const uint64_t key = addr_map_text_key(path, bytes);
	const uintptr_t known = (uintptr_t)addr_map_get(&maps->name_of_key, key);

	if (known != 0 && strlen(maps->names[known - 1].path) == bytes &&
	    memcmp(maps->names[known - 1].path, path, bytes) == 0) {
		*ret = known - 1;
		return NULL;
	}
	*ret = maps->name_count;
	struct error *err = array_reserve(&maps->names, &maps->name_capacity, maps->name_count + 1,
					  sizeof(*maps->names));
	if (err == NULL && known == 0)
		err = addr_map_put(&maps->name_of_key, key, (void *)(uintptr_t)(*ret + 1));
	char *copy = err == NULL ? strndup(path, bytes) : NULL;
	if (err == NULL && copy == NULL)
		err = error_no_memory();
	if (err == NULL)
		maps->names[maps->name_count++] = (struct map_name){ .path = copy };
	return err;
}

/* Behind the next space of @text, and those that follow; its end: there is none. */
static const char *next_word(const char *text)
{
	text += strcspn(text, " ");
	return text + strspn(text, " ");
}

/*
 * "55d0c8a3e000-55d0c8a60000 r--p 00000000 fe:01 1048602   /usr/bin/python3.11": proc(5). By hand: there may be tens of
 * thousands of them.
 */
static bool parse_map(const char *line, struct map *map, const char **ret_path)
{
	char *end;

	map->start = strtoull(line, &end, 16);
	if (end == line || *end != '-')
		return false;
	map->end = strtoull(end + 1, &end, 16);
	if (*end != ' ' || strnlen(end + 1, 4) < 4)
		return false;
	const char *permissions = end + 1, *inode = next_word(next_word(next_word(permissions)));
	if (*inode < '0' || *inode > '9')
		return false;
	map->readable = permissions[0] == 'r';
	map->writable = permissions[1] == 'w';
	map->executable = permissions[2] == 'x';
	map->shared = permissions[3] == 's';
	map->has_file = proc_text_number(inode) != 0;
	*ret_path = next_word(inode);
	return true;
}

static struct error *maps_add(struct maps *maps, const char *line)
{
	struct map map = { 0 };
	const char *path;

	if (!parse_map(line, &map, &path))
		return error_new(ERR_FORMAT, "a line of /proc/PID/smaps is not understood: %.100s",
				 line);
	struct error *err = maps_need_name(maps, path, strcspn(path, "\n"), &map.name);
	if (err == NULL)
		err = array_reserve(&maps->maps, &maps->capacity, maps->count + 1,
				    sizeof(*maps->maps));
	if (err != NULL)
		return err;
	maps->maps[maps->count++] = map;
	if (map.executable && map.has_file)
		maps->names[map.name].has_code = true;
	return NULL;
}

static struct error *maps_read(struct maps *maps, FILE *smaps)
{
	char *line = NULL;
	size_t capacity = 0;
	struct error *err = NULL;
	ssize_t got = 0;

	while (err == NULL && (got = getline(&line, &capacity, smaps)) > 0) {
		const bool is_field = line[0] >= 'A' && line[0] <= 'Z';
		if (!is_field)
			err = maps_add(maps, line);
		else if (maps->count > 0 && strncmp(line, "Rss:", 4) == 0)
			maps->maps[maps->count - 1].resident_bytes +=
				proc_text_number(line + 4) * 1024;
	}
	if (err == NULL && got < 0 && !feof(smaps))
		err = error_os(errno, "read /proc/PID/smaps");
	free(line);
	return err;
}

static bool starts_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

static bool is_anonymous(const struct maps *maps, const struct map *map)
{
	return !map->has_file && !map->shared && maps->names[map->name].path[0] == '\0';
}

/* The mapping that ends where @map begins; NULL: there is none. */
static const struct map *map_before(const struct maps *maps, const struct map *map)
{
	return map > maps->maps && map[-1].end == map->start ? map - 1 : NULL;
}

static const struct map *map_behind(const struct maps *maps, const struct map *map)
{
	const bool is_last = map + 1 == maps->maps + maps->count;

	return !is_last && map[1].start == map->end ? map + 1 : NULL;
}

static bool is_closed(const struct maps *maps, const struct map *map)
{
	return is_anonymous(maps, map) && !map->readable && !map->writable && !map->executable;
}

/* glibc's malloc/arena.c: HEAP_MAX_SIZE, aligned to itself, of which a part can be used yet. */
static bool is_arena(const struct maps *maps, const struct map *map)
{
	static const uint64_t heap_bytes = UINT64_C(64) << 20;
	const struct map *rest = map_behind(maps, map);
	const bool has_rest = rest != NULL && is_closed(maps, rest);
	const uint64_t end = has_rest ? rest->end : map->end;

	return map->start % heap_bytes == 0 && end - map->start == heap_bytes;
}

/* What pthread_create maps has a guard below it, of a page or some more: pthread_attr_setguardsize(3). */
static bool is_thread_stack(const struct maps *maps, const struct map *map)
{
	static const uint64_t guard_most_bytes = UINT64_C(64) << 10;
	const struct map *guard = map_before(maps, map);

	return guard != NULL && is_closed(maps, guard) &&
	       guard->end - guard->start <= guard_most_bytes;
}

/* The first file in the memory of a process is its program, as the kernel lays it out. */
static bool is_programs(const struct maps *maps, size_t name)
{
	for (size_t i = 0; i < maps->count; i++) {
		if (maps->maps[i].has_file)
			return maps->maps[i].name == name;
	}
	return false;
}

/*
 * What the program, or a library, has of variables beyond its file's: bss. Above a library there may be any mapping, which
 * the kernel joins to its bss: then it is not told from that.
 */
static bool is_bss(const struct maps *maps, const struct map *map, size_t *ret_name)
{
	static const uint64_t most_bytes = UINT64_C(256) << 10;
	const struct map *data = map_before(maps, map);

	if (data == NULL || !data->has_file || data->shared || !data->writable ||
	    !maps->names[data->name].has_code ||
	    (map->end - map->start > most_bytes && !is_programs(maps, data->name)))
		return false;
	*ret_name = data->name;
	return true;
}

/* prctl(2), PR_SET_VMA_ANON_NAME: glibc, since 2.39, names its own where it is asked to. */
static enum part_kind kind_of_label(const char *label)
{
	if (starts_with(label, "[anon: glibc: pthread stack") ||
	    starts_with(label, "[anon:stack_and_tls"))
		return PART_STACK;
	if (starts_with(label, "[anon: glibc: malloc arena"))
		return PART_ARENA;
	return PART_MMAP;
}

/* Memory without a file. *@ret_name: of whom it is, if not of the mapping's own name. */
static enum part_kind kind_of_memory(const struct maps *maps, const struct map *map,
				     size_t *ret_name)
{
	const char *path = maps->names[map->name].path;

	if (strcmp(path, "[heap]") == 0)
		return PART_HEAP;
	if (starts_with(path, "[stack"))
		return PART_STACK;
	if (path[0] == '[' && !starts_with(path, "[anon"))
		return PART_OTHER;
	if (map->executable)
		return PART_JIT;
	if (path[0] != '\0')
		return kind_of_label(path);
	if (!map->writable)
		return PART_MMAP;
	if (is_arena(maps, map))
		return PART_ARENA;
	if (is_thread_stack(maps, map))
		return PART_STACK;
	return is_bss(maps, map, ret_name) ? PART_LIBRARY : PART_MMAP;
}

/* Of tmpfs, whose files have no other memory, those in their usual places; what has no name there either. */
static bool is_shared_memory(const char *path)
{
	return starts_with(path, "/dev/shm/") || starts_with(path, "/memfd:") ||
	       starts_with(path, "/SYSV") || starts_with(path, "/dev/zero") ||
	       starts_with(path, "[anon_shmem");
}

static bool is_ours(const struct maps *maps, const struct map *map)
{
	for (size_t i = 0; i < maps->ours_count; i++) {
		if (map->start < maps->ours[i].end && map->end > maps->ours[i].start)
			return true;
	}
	return false;
}

static enum part_kind kind_of(const struct maps *maps, const struct map *map, size_t *ret_name)
{
	const struct map_name *name = &maps->names[map->name];

	*ret_name = map->name;
	if (!map->has_file && !map->shared && is_ours(maps, map))
		return PART_OURS;
	if (!map->has_file && !is_shared_memory(name->path))
		return kind_of_memory(maps, map, ret_name);
	if (is_shared_memory(name->path))
		return name->has_code ? PART_JIT : PART_SHARED;
	return name->has_code ? PART_LIBRARY : PART_MAPPED;
}

/* The name of what is mapped of @kind: only some are told apart by it. */
static const char *name_of(const struct maps *maps, enum part_kind kind, size_t name)
{
	const char *path = maps->names[name].path;

	/* MAP_SHARED | MAP_ANONYMOUS: a name of the kernel's, the same for all. */
	if (part_traits(kind)->rest == NULL || starts_with(path, "/dev/zero"))
		return "";
	return path;
}

static struct error *add_part(struct memory_parts *parts, enum part_kind kind, const char *name,
			      size_t *ret_index)
{
	struct error *err = array_reserve(&parts->parts, &parts->capacity, parts->count + 1,
					  sizeof(*parts->parts));
	char *copy = err == NULL ? strdup(name) : NULL;

	if (err == NULL && copy == NULL)
		err = error_no_memory();
	if (err != NULL)
		return err;
	*ret_index = parts->count;
	parts->parts[parts->count++] = (struct memory_part){ .kind = kind, .name = copy };
	return NULL;
}

static struct error *maps_sum(struct maps *maps, struct memory_parts *parts)
{
	size_t nameless[PART_KINDS] = { 0 }; /* index + 1 */

	for (size_t i = 0; i < maps->count; i++) {
		const struct map *map = &maps->maps[i];
		size_t name, index;
		if (map->resident_bytes == 0)
			continue;
		const enum part_kind kind = kind_of(maps, map, &name);
		const char *text = name_of(maps, kind, name);
		size_t *known = text[0] == '\0' ? &nameless[kind] : &maps->names[name].part[kind];
		if (*known == 0) {
			struct error *err = add_part(parts, kind, text, &index);
			if (err != NULL)
				return err;
			*known = index + 1;
		}
		parts->parts[*known - 1].bytes += map->resident_bytes;
		parts->total_bytes += map->resident_bytes;
	}
	return NULL;
}

struct error *memory_parts_parse(FILE *smaps, const struct page_range *ours, size_t ours_count,
				 struct memory_parts *ret)
{
	struct maps maps = { .ours = ours, .ours_count = ours_count };

	*ret = (struct memory_parts){ 0 };
	struct error *err = maps_read(&maps, smaps);
	if (err == NULL && maps.count == 0) /* a zombie's file is there, but empty */
		err = error_new(ERR_GONE, "there is no memory any more");
	if (err == NULL)
		err = maps_sum(&maps, ret);
	if (err != NULL)
		memory_parts_deinit(ret);
	maps_deinit(&maps);
	return err;
}

struct error *memory_parts_read(pid_t pid, const struct page_range *ours, size_t ours_count,
				struct memory_parts *ret)
{
	FILE *file;
	char buffer[64 * 1024]; /* the kernel looks for its place again at each read(2) */

	struct error *err = proc_open(&file, "/proc/%d/smaps", pid);
	if (err != NULL)
		return err;
	setvbuf(file, buffer, _IOFBF, sizeof(buffer));
	err = memory_parts_parse(file, ours, ours_count, ret);
	struct error *close_err = proc_close(file);
	if (err == NULL && close_err != NULL)
		memory_parts_deinit(ret);
	return error_first(err, close_err);
}

void memory_parts_deinit(struct memory_parts *parts)
{
	for (size_t i = 0; i < parts->count; i++)
		free(parts->parts[i].name);
	free(parts->parts);
	*parts = (struct memory_parts){ 0 };
}
