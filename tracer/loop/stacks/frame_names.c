/* Functions of an address; see frame_names.h. Loop layer. */
#include "tracer/loop/stacks/frame_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"
#include "tracer/base/clock.h"
#include "tracer/base/log.h"

static void file_names_destroy(struct file_names *names)
{
	size_t cursor = 0;
	void *chain;

	while ((chain = addr_map_next(&names->chain_of_address, &cursor)) != NULL)
		free(chain);
	addr_map_deinit(&names->chain_of_address);
	inlined_frames_deinit(&names->inlined);
	code_extents_deinit(&names->extents);
	free(names->wanted);
	free(names->module);
	free(names);
}

void frame_names_deinit(struct frame_names *names)
{
	size_t cursor = 0;
	void *file;

	while ((file = addr_map_next(&names->files, &cursor)) != NULL)
		file_names_destroy(file);
	addr_map_deinit(&names->files);
}

struct error *frame_names_file(struct frame_names *names, const struct symbol_file *file,
			       const char *path, struct file_names **ret)
{
	const uint64_t key = (uintptr_t)file;

	*ret = addr_map_get(&names->files, key);
	if (*ret != NULL)
		return NULL;
	struct file_names *added = calloc(1, sizeof(*added));
	if (added == NULL)
		return error_no_memory();
	added->file = file;
	added->module = strdup(basename(path));
	struct error *err =
		added->module == NULL ? error_no_memory() : addr_map_put(&names->files, key, added);
	if (err != NULL)
		file_names_destroy(added);
	else
		*ret = added;
	return err;
}

struct error *file_names_want(struct file_names *names, taddr_t address)
{
	if (addr_map_get(&names->chain_of_address, address.value) != NULL ||
	    names->inlined.is_given_up || !inlined_frames_are_told(names->file) ||
	    inlined_frames_know(&names->inlined, address))
		return NULL;
	struct error *err = array_reserve(&names->wanted, &names->wanted_capacity,
					  names->wanted_count + 1, sizeof(*names->wanted));
	if (err == NULL)
		names->wanted[names->wanted_count++] = address;
	return err;
}

/* Threads of the program may wait meanwhile. */
static bool reading_takes_too_long(struct frame_names *names)
{
	const int64_t now_ns = clock_now_ns();

	if (names->started_ns == 0)
		names->started_ns = now_ns;
	bool is_late = names->reading_ns > NS_PER_S + (now_ns - names->started_ns) / 50;
	if (is_late && !names->lateness_was_told) {
		names->lateness_was_told = true;
		log_warning("not all inlined functions are named on stacks: reading the debugging "
			    "information has taken %.1f s so far",
			    (double)names->reading_ns / (double)NS_PER_S);
	}
	return is_late;
}

struct error *frame_names_read(struct frame_names *names)
{
	struct file_names *file;
	struct error *err = NULL;
	size_t cursor = 0;

	while (err == NULL && (file = addr_map_next(&names->files, &cursor)) != NULL) {
		if (file->wanted_count > 0 && !reading_takes_too_long(names)) {
			const int64_t begun_ns = clock_now_ns();
			err = inlined_frames_read(&file->inlined, file->file, file->wanted,
						  file->wanted_count);
			names->reading_ns += clock_now_ns() - begun_ns;
		}
		file->wanted_count = 0;
	}
	return err;
}

/* Where the code that no symbol names begins, by the unwind information; else the address itself. */
static struct error *unnamed_start(struct file_names *names, taddr_t address, taddr_t *ret)
{
	*ret = address;
	if (!names->has_extents) {
		names->has_extents = true;
		struct error *err = symbol_file_read_extents(names->file, &names->extents);
		if (err != NULL)
			return err;
	}
	const struct code_extent *extent = code_extents_at(&names->extents, address);
	if (extent != NULL)
		*ret = taddr(extent->start);
	return NULL;
}

static struct error *function_name(struct file_names *names, struct stack_nodes *nodes,
				   taddr_t address, uint32_t *ret)
{
	const struct function *function = symbol_file_function_at(names->file, address);
	const char *label = NULL;
	char unnamed[320];
	taddr_t start;

	if (function == NULL)
		function = symbol_file_function_around(names->file, address);
	struct error *err =
		function == NULL ? NULL : symbol_file_label(names->file, function, 0, &label);
	if (err == NULL && label == NULL) {
		err = unnamed_start(names, address, &start);
		if (err != NULL)
			return err;
		snprintf(unnamed, sizeof(unnamed), "[%.255s+%#lx]", names->module,
			 (unsigned long)start.value);
		label = unnamed;
	}
	return err != NULL ? err : stack_nodes_name(nodes, label, names->module, false, ret);
}

struct error *file_names_at(struct file_names *names, struct stack_nodes *nodes, taddr_t address,
			    const struct frame_chain **ret)
{
	const char *labels[FRAME_CHAIN_MAX];
	struct error *err = NULL;

	*ret = addr_map_get(&names->chain_of_address, address.value);
	if (*ret != NULL)
		return NULL;
	size_t count = inlined_frames_at(&names->inlined, address, labels, FRAME_CHAIN_MAX);
	struct frame_chain *chain = malloc(sizeof(*chain) + (count + 1) * sizeof(chain->names[0]));
	if (chain == NULL)
		return error_no_memory();
	chain->count = (uint32_t)count + 1;
	for (size_t i = 0; err == NULL && i < count; i++)
		err = stack_nodes_name(nodes, labels[i], names->module, true, &chain->names[i]);
	if (err == NULL)
		err = function_name(names, nodes, address, &chain->names[count]);
	if (err == NULL)
		err = addr_map_put(&names->chain_of_address, address.value, chain);
	if (err != NULL)
		free(chain);
	else
		*ret = chain;
	return err;
}
