/* Implementations chosen at run time; see ifunc.h. Probe layer. */
#include "tracer/probe/ifunc.h"

#include <stdlib.h>
#include <string.h>

#include "symbols/file/relocation_slots.h"
#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/probe/site.h"

struct error *ifunc_watch(struct image *image, struct tracee *tracee, taddr_t address,
			  struct probe *probe)
{
	struct site *site;

	struct error *err = image_insert(image, tracee, address, SITE_RESOLVER, &site);
	if (err == NULL && site->implements == NULL)
		site->implements = probe;
	return err;
}

/* The function at @address implements what is asked for as @probe. */
static struct error *ifunc_insert(struct image *image, struct tracee *tracee, taddr_t address,
				  struct probe *probe)
{
	struct site *site;
	const struct module *module = image_module_at(image, address);

	/* A resolver may have something else to do, as in ld.so itself. */
	if (address.value == 0 || probe->is_dropped)
		return NULL;
	struct error *err = image_insert(image, tracee, address, SITE_ENTRY, &site);
	if (error_take(&err, ERR_FORMAT, log_warning, "%s is not probed", probe->name))
		return NULL;
	if (err != NULL || site->probe == probe)
		return err;
	if (site->probe != NULL) {
		log_debug("%s is the same code as %s here: calls of both are recorded as %s",
			  probe->name, site->probe->name, site->probe->name);
		return NULL;
	}
	site->probe = probe;
	if (module != NULL && module->file != NULL) {
		const struct function *function =
			symbol_file_function_at(module->file, taddr(address.value - module->bias));
		if (function != NULL && function->start.value == address.value - module->bias)
			site->function_bytes = function->size_bytes;
		log_debug("%s is implemented at %#lx in %s", probe->name,
			  (unsigned long)(address.value - module->bias),
			  symbol_file_name(module->file));
	}
	return NULL;
}

struct error *ifunc_resolved(struct tracee *tracee, taddr_t resolver, taddr_t address)
{
	struct image *image = tracee->process->space->image;
	const struct site *site = image_site(image, resolver);

	if (site == NULL || site->implements == NULL) /* its library has been unloaded */
		return NULL;
	return ifunc_insert(image, tracee, address, site->implements);
}

/* A resolver in this image, and the module that it is part of. */
struct resolver {
	const struct module *module;
	const struct function *function;
	struct probe *probe;
};

struct slot_search {
	struct image *image;
	struct tracee *tracee;
	struct resolver *resolvers;
	size_t count, capacity;
	const struct module *module; /* whose slots are being looked at */
};

/* No site is inserted while they are walked: the walk ends when the table grows. */
static struct error *slot_search_gather(struct slot_search *search)
{
	size_t cursor = 0;
	const struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&search->image->sites, &cursor)) != NULL) {
		if (!(site->roles & SITE_RESOLVER))
			continue;
		const struct module *module = image_module_at(search->image, site->address);
		if (module == NULL || module->file == NULL)
			continue;
		const struct function *function = symbol_file_function_at(
			module->file, taddr(site->address.value - module->bias));
		if (function == NULL)
			continue;
		err = array_reserve(&search->resolvers, &search->capacity, search->count + 1,
				    sizeof(*search->resolvers));
		if (err == NULL)
			search->resolvers[search->count++] =
				(struct resolver){ module, function, site->implements };
	}
	return err;
}

static bool resolver_has_name(const struct resolver *resolver, const char *name)
{
	const char *own;

	for (size_t i = 0; (own = symbol_file_linkage_name(resolver->module->file,
							   resolver->function, i)) != NULL;
	     i++) {
		if (strcmp(own, name) == 0)
			return true;
	}
	return false;
}

static bool slot_belongs_to(const struct slot_search *search, const struct relocation_slot *slot,
			    const struct resolver *resolver)
{
	if (slot->symbol != NULL)
		return resolver_has_name(resolver, slot->symbol);
	return search->module == resolver->module &&
	       taddr_equal(slot->resolver, resolver->function->start);
}

/*
 * Whether @address, found in a slot of @resolver, is an implementation. Before it is resolved, a slot
 * is empty or has the address of the PLT of its own module, which is no function's.
 */
static bool is_implementation(const struct slot_search *search, const struct relocation_slot *slot,
			      const struct resolver *resolver, taddr_t address)
{
	if (image_module_at(search->image, address) != resolver->module)
		return false;
	const struct function *function = symbol_file_function_at(
		resolver->module->file, taddr(address.value - resolver->module->bias));
	if (function != NULL && function->is_ifunc)
		return false;
	return search->module != resolver->module || slot->symbol == NULL || function != NULL;
}

static struct error *slot_search_slot(void *context, const struct relocation_slot *slot)
{
	struct slot_search *search = context;
	taddr_t where = taddr(slot->address.value + search->module->bias);
	taddr_t value;

	for (size_t i = 0; i < search->count; i++) {
		const struct resolver *resolver = &search->resolvers[i];
		if (!slot_belongs_to(search, slot, resolver) ||
		    address_space_read_some(search->image->space, where, &value.value,
					    sizeof(value.value)) != sizeof(value.value) ||
		    !is_implementation(search, slot, resolver, value))
			continue;
		struct error *err =
			ifunc_insert(search->image, search->tracee, value, resolver->probe);
		if (err != NULL)
			return err;
	}
	return NULL;
}

struct error *ifunc_find_resolved(struct image *image, struct tracee *tracee)
{
	struct slot_search search = { .image = image, .tracee = tracee };

	struct error *err = slot_search_gather(&search);
	for (size_t i = 0; err == NULL && search.count > 0 && i < image->module_count; i++) {
		search.module = &image->modules[i];
		if (search.module->file != NULL)
			err = relocation_slots_walk(search.module->file, slot_search_slot, &search);
	}
	free(search.resolvers);
	return err;
}
