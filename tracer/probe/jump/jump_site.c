/* What the code around a site says about a jump there; see jump_site.h. Probe layer. */
#include "tracer/probe/jump/jump_site.h"

#include <stdint.h>
#include <stdlib.h>

#include "symbols/file/symbol_file.h"
#include "tracer/base/log.h"

void jump_store_deinit(struct jump_store *store)
{
	size_t cursor = 0;
	struct jump_targets *targets;

	while ((targets = addr_map_next(&store->targets, &cursor)) != NULL)
		jump_targets_destroy(targets);
	addr_map_deinit(&store->targets);
	jump_function_destroy(store->function);
	store->function = NULL;
	symbol_store_destroy(store->vdsos);
	store->vdsos = NULL;
}

/* The kernel's code, which is in no file. NULL where it cannot be read. */
static struct error *store_vdso(struct jump_store *store, const struct image *image,
				const struct module *module, const struct symbol_file **ret)
{
	enum { VDSO_BYTES_MAX = 64 * 1024 }; /* two pages, so far */
	const size_t count = module->end - module->start;
	uint8_t *bytes = count <= VDSO_BYTES_MAX ? malloc(count) : NULL;
	struct error *err = NULL;

	*ret = NULL;
	if (bytes == NULL)
		return count <= VDSO_BYTES_MAX ? error_no_memory() : NULL;
	if (store->vdsos == NULL)
		err = symbol_store_create(&store->vdsos);
	if (err == NULL && image_read_code(image, taddr(module->start), bytes, count) == count)
		err = symbol_store_get_bytes(store->vdsos, "[vdso]", bytes, count, ret);
	free(bytes);
	if (err != NULL && error_code(err) != ERR_MEMORY) {
		log_debug("the vdso is not read: %s", error_message(err));
		error_free(err);
		err = NULL;
	}
	return err;
}

/* The file of @module, and its bias. NULL: it is in none that can be read. */
static struct error *store_file(struct jump_store *store, const struct image *image,
				const struct module *module, const struct symbol_file **ret,
				uint64_t *ret_bias)
{
	*ret = module == NULL ? NULL : module->file;
	*ret_bias = module == NULL ? 0 : module->bias;
	if (module == NULL || !module->is_vdso)
		return NULL;
	struct error *err = store_vdso(store, image, module, ret);
	if (err == NULL && *ret != NULL &&
	    !symbol_file_bias(*ret, module->start, 0, module->end - module->start, ret_bias))
		*ret = NULL;
	return err;
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

/* Two patches that overlap would corrupt each other. */
static bool has_neighbour(const struct image *image, const struct site *site, size_t bytes)
{
	for (uint64_t i = 1; i < bytes; i++) {
		const struct site *other = image_site(image, taddr_add(site->address, i));
		if (other != NULL && other->patch.state != PATCH_RETIRED)
			return true;
	}
	return image_window_site(image, site->address) != NULL;
}

static bool is_of_file(const struct image *image, const struct module *module,
		       const struct site *site, const struct jump_window *window)
{
	const taddr_t start = taddr_add(site->address, window->offset_bytes);
	uint8_t memory[JUMP_WINDOW_BYTES_MAX];
	const size_t bytes = window->code_bytes;

	return start.value + bytes <= module->end &&
	       image_read_code(image, start, memory, bytes) == bytes &&
	       jump_window_matches(window, memory);
}

/* What the memory says of @window; NULL: nothing against it. */
static const char *why_not(const struct image *image, const struct module *module,
			   const struct site *site, const struct jump_window *window)
{
	if (!is_of_file(image, module, site, window))
		return "the code in memory is not the file's";
	return has_neighbour(image, site, window->offset_bytes + window->code_bytes)
		       ? "another site is too near"
		       : NULL;
}

/* A punned jump may do with fewer bytes, if it must. */
static const char *memory_refusal(const struct image *image, const struct module *module,
				  const struct site *site, struct jump_window *window)
{
	const char *why = why_not(image, module, site, window);

	while (why != NULL && window->bytes < window->code_bytes &&
	       window->code_bytes > JUMP_WINDOW_BYTES_MIN) {
		window->code_bytes--;
		why = why_not(image, module, site, window);
	}
	return why;
}

/* Likewise, but for what the memory says. */
static struct error *file_window(struct jump_store *store, const struct image *image,
				 const struct site *site, bool is_punned, struct jump_window *ret,
				 const char **ret_refusal)
{
	const struct module *module = image_module_at(image, site->address);
	const struct symbol_file *file;
	uint64_t bias;

	*ret_refusal = NULL;
	struct error *err = store_file(store, image, module, &file, &bias);
	if (err != NULL)
		return err;
	if (file == NULL)
		*ret_refusal = "its code is in no file";
	else if (module->is_writable)
		*ret_refusal = "the program may write to its code";
	else if (symbol_file_has_linked_stubs(file)) /* nor are its handlers of exceptions known */
		*ret_refusal = "its runtime reads the calls in its code";
	if (*ret_refusal != NULL)
		return NULL;
	const taddr_t in_file = taddr(site->address.value - bias);
	err = store_function(store, file, in_file);
	if (err != NULL)
		return err;
	if (is_punned)
		jump_window_find_punned(store->function, in_file, ret);
	else
		jump_window_find(store->function, in_file, ret);
	if (ret->refusal != JUMP_POSSIBLE)
		*ret_refusal = jump_refusal_text(ret->refusal);
	return NULL;
}

struct error *jump_site_window(struct jump_store *store, const struct image *image,
			       const struct site *site, bool is_punned, struct jump_window *ret,
			       const char **ret_refusal)
{
	struct error *err = file_window(store, image, site, is_punned, ret, ret_refusal);

	if (err == NULL && *ret_refusal == NULL)
		*ret_refusal =
			memory_refusal(image, image_module_at(image, site->address), site, ret);
	return err;
}

struct error *jump_site_window_shared(struct jump_store *store, const struct image *image,
				      const struct site *site, struct jump_window *ret,
				      bool *ret_is)
{
	const char *refusal;

	struct error *err = file_window(store, image, site, false, ret, &refusal);
	*ret_is = err == NULL && refusal == NULL &&
		  is_of_file(image, image_module_at(image, site->address), site, ret) &&
		  image_window_site(image, site->address) == NULL;
	return err;
}
