/* What the code around a site says about a jump there; see jump_site.h. Probe layer. */
#include "tracer/probe/jump/jump_site.h"

#include <stdint.h>

void jump_store_deinit(struct jump_store *store)
{
	size_t cursor = 0;
	struct jump_targets *targets;

	while ((targets = addr_map_next(&store->targets, &cursor)) != NULL)
		jump_targets_destroy(targets);
	addr_map_deinit(&store->targets);
	jump_function_destroy(store->function);
	store->function = NULL;
}

static struct error *store_targets(struct jump_store *store, const struct symbol_file *file,
				   struct jump_targets **ret)
{
	const uint64_t key = (uintptr_t)file;

	*ret = addr_map_get(&store->targets, key);
	if (*ret != NULL)
		return NULL;
	struct error *err = jump_targets_create(file, ret);
	if (err == NULL)
		err = addr_map_put(&store->targets, key, *ret);
	return err;
}

/* The function that holds @address of @file. */
static struct error *store_function(struct jump_store *store, const struct symbol_file *file,
				    taddr_t address)
{
	struct jump_targets *targets;

	if (store->function != NULL && store->file == file &&
	    jump_function_holds(store->function, address))
		return NULL;
	struct error *err = store_targets(store, file, &targets);
	if (err != NULL)
		return err;
	jump_function_destroy(store->function);
	store->function = NULL;
	store->file = file;
	return jump_function_create(targets, address, &store->function);
}

struct error *jump_site_window(struct jump_store *store, const struct image *image,
			       struct site *site, struct jump_window *ret)
{
	const struct module *module = image_module_at(image, site->address);
	uint8_t memory[JUMP_WINDOW_BYTES_MAX];

	if (module == NULL || module->file == NULL) {
		site->heat.refusal = "its code is in no file";
		return NULL;
	}
	if (module->is_writable) {
		site->heat.refusal = "the program may write to its code";
		return NULL;
	}
	const taddr_t in_file = taddr(site->address.value - module->bias);
	struct error *err = store_function(store, module->file, in_file);
	if (err != NULL)
		return err;
	jump_window_find(store->function, in_file, ret);
	if (ret->refusal != JUMP_POSSIBLE)
		site->heat.refusal = jump_refusal_text(ret->refusal);
	else if (ret->offset_bytes != 0)
		site->heat.refusal = "it begins with an endbr64";
	else if (image_read_code(image, site->address, memory, ret->bytes) != ret->bytes ||
		 !jump_window_matches(ret, memory))
		site->heat.refusal = "the code in memory is not the file's";
	return NULL;
}
