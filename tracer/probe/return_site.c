/* Where the return of a call is noticed; see return_site.h. Probe layer. */
#include "tracer/probe/return_site.h"

#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/probe/modules.h"
#include "tracer/probe/site.h"

/* Larger functions exist, in generated code; their first MiB will do. */
static const size_t SCAN_BYTES_MAX = 1 << 20;
enum { RET_INSNS_MAX = 1024 };

/* Reads the code of @entry's function and scans it. @returns as function_traits_find. */
static struct error *entry_site_scan_code(struct image *image, struct site *entry, taddr_t *returns,
					  size_t capacity)
{
	size_t bytes =
		entry->function_bytes < SCAN_BYTES_MAX ? entry->function_bytes : SCAN_BYTES_MAX;
	uint8_t *code = malloc(bytes + 1);

	if (code == NULL)
		return error_no_memory();
	bytes = image_read_code(image, entry->address, code, bytes);
	struct error *err = function_traits_find(code, bytes, entry->address, returns, capacity,
						 &entry->traits);
	entry->is_scanned = err == NULL;
	free(code);
	return err;
}

void entry_site_scan(struct image *image, struct site *entry)
{
	if (!entry->is_scanned)
		error_free(entry_site_scan_code(image, entry, NULL, 0));
}

static struct error *insert_at_ret_insns(struct image *image, struct tracee *tracee,
					 struct site *entry)
{
	taddr_t *returns = malloc(RET_INSNS_MAX * sizeof(*returns));

	if (returns == NULL)
		return error_no_memory();
	struct error *err = entry_site_scan_code(image, entry, returns, RET_INSNS_MAX);
	for (size_t i = 0; err == NULL && i < entry->traits.return_count && i < RET_INSNS_MAX;
	     i++) {
		struct site *site;
		err = image_insert(image, tracee, returns[i], SITE_RET_INSN, &site);
		if (err == NULL)
			site->returns_of = entry->probe;
	}
	free(returns);
	entry->has_ret_sites = true;
	if (err == NULL && entry->traits.return_count == 0)
		err = error_new(ERR_FORMAT,
				"it has no return instruction, and the return address of "
				"its call must not be touched");
	return err;
}

/*
 * Whether a site at this return address does no harm: it lies in a file's code, behind a call or at
 * the start of a function (where makecontext and thread starters point), and is no trampoline.
 */
static bool return_address_is_safe(struct image *image, struct tracee *tracee, taddr_t address)
{
	uint8_t code[2 * ARCH_INSN_BYTES_MAX];

	struct module *module = image_module_at(image, address);
	if (module == NULL) {
		/* A library that was mapped without telling the dynamic linker's observers. */
		error_free(modules_update(image, tracee->tid, NULL, NULL));
		module = image_module_at(image, address);
	}
	if (module == NULL)
		return false;
	taddr_t before = taddr(address.value - ARCH_INSN_BYTES_MAX);
	if (image_read_code(image, before, code, sizeof(code)) != sizeof(code))
		return false;
	if (arch_is_sigreturn(code + ARCH_INSN_BYTES_MAX, ARCH_INSN_BYTES_MAX))
		return false;
	if (arch_ends_with_call(code, ARCH_INSN_BYTES_MAX))
		return true;
	taddr_t in_file = taddr(address.value - module->bias);
	const struct function *function =
		module->file == NULL ? NULL : symbol_file_function_at(module->file, in_file);
	return function != NULL && taddr_equal(function->start, in_file);
}

void return_site_note(struct site *behind, const struct site *entry)
{
	if (behind->returns_of == NULL)
		behind->returns_of = entry->probe;
	else
		behind->is_shared = behind->is_shared || behind->returns_of != entry->probe;
}

struct error *return_site_ensure(struct image *image, struct tracee *tracee, struct site *entry,
				 taddr_t return_address)
{
	struct site *site = image_site(image, return_address);

	if (site != NULL && (site->roles & SITE_RETURN)) {
		return_site_note(site, entry);
		return NULL;
	}
	if (return_address_is_safe(image, tracee, return_address)) {
		struct error *err = image_insert(image, tracee, return_address, SITE_RETURN, &site);
		if (err == NULL) {
			site->returns_of = entry->probe;
			site->is_shared = false;
			site->unclaimed_looks = 0;
		}
		if (err == NULL || error_code(err) != ERR_FORMAT)
			return err;
		log_debug("%s: %s; its return instructions are probed instead", entry->probe->name,
			  error_message(err));
		error_free(err);
	}
	return entry->has_ret_sites ? NULL : insert_at_ret_insns(image, tracee, entry);
}
