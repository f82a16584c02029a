/* What code is where in a process; see code_map.h. Loop layer. */
#include "tracer/loop/stacks/code_map.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/clock.h"
#include "tracer/base/log.h"
#include "tracer/probe/modules.h"
#include "tracer/tracee/address_space.h"

static void map_forget_mapped(struct code_map *map, bool forgets_all)
{
	struct mapped_code *code;
	size_t cursor = 0;

	while ((code = addr_map_next(&map->mapped, &cursor)) != NULL) {
		if (code->is_met && !forgets_all)
			continue;
		addr_map_remove(&map->mapped, code->start);
		cursor--;
		free(code);
	}
}

void code_map_deinit(struct code_map *map)
{
	map_forget_mapped(map, true);
	addr_map_deinit(&map->mapped);
	proc_maps_deinit(&map->maps);
	jit_names_deinit(&map->jit);
	python_process_deinit(&map->python);
	*map = (struct code_map){ 0 };
}

static bool is_still_mapped(const struct mapped_code *code, const struct mapping *m)
{
	return code->offset_bytes == m->offset_bytes && code->device == m->device &&
	       code->inode == m->inode;
}

static void map_read(struct code_map *map, pid_t tid)
{
	struct mapped_code *code;
	struct proc_maps maps;
	size_t cursor = 0;

	map->read_ns = clock_now_ns();
	struct error *err = proc_maps_read(&maps, tid);
	map->reading_ns = clock_now_ns() - map->read_ns;
	/* A process that is going shows none. */
	bool is_read = err == NULL && maps.count > 0;
	if (err == NULL && !is_read)
		proc_maps_deinit(&maps);
	error_free(err);
	if (!is_read)
		return;
	proc_maps_deinit(&map->maps);
	map->maps = maps;
	while ((code = addr_map_next(&map->mapped, &cursor)) != NULL)
		code->is_met = false;
	for (size_t i = 0; i < maps.count; i++) {
		code = addr_map_get(&map->mapped, maps.mappings[i].start);
		if (code != NULL)
			code->is_met = is_still_mapped(code, &maps.mappings[i]);
	}
	map_forget_mapped(map, false);
}

void code_map_update(struct code_map *map, pid_t tid)
{
	enum { COST_FACTOR = 100 };
	int64_t age_ns = COST_FACTOR * map->reading_ns;

	if (age_ns > NS_PER_S)
		age_ns = NS_PER_S;
	if (map->read_ns == 0 || clock_now_ns() - map->read_ns >= age_ns)
		map_read(map, tid);
}

const struct mapping *code_map_find(struct code_map *map, pid_t tid, taddr_t pc)
{
	/* Addresses that are none come in numbers from damaged stacks. */
	static const int64_t PAUSE_NS = 1000000;
	const struct mapping *m = proc_maps_find(&map->maps, pc.value);

	if (m != NULL || (map->read_ns != 0 && clock_now_ns() - map->read_ns < PAUSE_NS))
		return m;
	map_read(map, tid);
	return proc_maps_find(&map->maps, pc.value);
}

bool code_map_find_elf(struct code_map *map, pid_t tid, taddr_t pc, taddr_t *ret_header)
{
	if (code_map_find(map, tid, pc) == NULL)
		return false;
	const struct mapping *header = proc_maps_elf_header(&map->maps, pc.value);
	if (header != NULL)
		*ret_header = taddr(header->start);
	return header != NULL;
}

/* The kernel's own library, in no file. */
static struct error *open_vdso(const struct process *process, const struct mapping *m,
			       struct symbol_store *vdsos, const struct symbol_file **ret,
			       uint64_t *ret_bias)
{
	enum { VDSO_BYTES_MAX = 64 * 1024 };
	const size_t count = m->end - m->start;
	struct error *err = NULL;

	*ret = NULL;
	if (count > VDSO_BYTES_MAX || process->space == NULL)
		return NULL;
	uint8_t *bytes = malloc(count);
	if (bytes == NULL)
		return error_no_memory();
	if (address_space_read_some(process->space, taddr(m->start), bytes, count) == count)
		err = symbol_store_get_bytes(vdsos, "[vdso]", bytes, count, ret);
	free(bytes);
	if (err == NULL && *ret != NULL && !symbol_file_bias(*ret, m->start, 0, count, ret_bias))
		*ret = NULL;
	return err;
}

/* Why a file cannot be read is no failure of the stack that leads through it. */
static struct error *open_file(const struct process *process, pid_t tid, const struct mapping *m,
			       const struct code_sources *sources, const struct symbol_file **ret,
			       uint64_t *ret_bias)
{
	struct error *err = NULL;

	*ret = NULL;
	if (strcmp(m->path, "[vdso]") == 0)
		err = open_vdso(process, m, sources->vdsos, ret, ret_bias);
	else if (m->inode != 0)
		err = mapping_open(m, tid, sources->store, ret, ret_bias);
	if (err == NULL || error_code(err) == ERR_MEMORY)
		return err;
	log_debug("functions of %s are not named: %s", m->path, error_message(err));
	error_free(err);
	return NULL;
}

struct error *code_map_open(struct code_map *map, const struct process *process, pid_t tid,
			    const struct mapping *m, struct mapped_code **ret)
{
	const struct symbol_file *file;

	*ret = addr_map_get(&map->mapped, m->start);
	if (*ret != NULL)
		return NULL;
	struct mapped_code *code = malloc(sizeof(*code));
	if (code == NULL)
		return error_no_memory();
	*code = (struct mapped_code){
		.start = m->start,
		.offset_bytes = m->offset_bytes,
		.device = m->device,
		.inode = m->inode,
		.is_met = true,
	};
	struct error *err = open_file(process, tid, m, &map->sources, &file, &code->bias);
	if (err == NULL && file != NULL)
		err = frame_names_file(map->sources.names, file, m->path, &code->names);
	if (err == NULL)
		err = addr_map_put(&map->mapped, m->start, code);
	if (err != NULL)
		free(code);
	else
		*ret = code;
	return err;
}
