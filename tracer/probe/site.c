/* Sites come and go; see site.h. Probe layer. */
#include "tracer/probe/site.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/probe/patch/slot_arena.h"

/* Lets the program outlive us, if that is wanted and still to be done; with all blocks so far. */
static struct error *image_secure(struct image *image, struct tracee *tracee)
{
	size_t cursor = 0;
	struct site *site;
	bool is_new;

	struct error *err =
		trap_fallback_map(&image->trap_fallback, &image->injected, tracee, &is_new);
	if (err != NULL || !is_new)
		return err;
	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->patch.block.is_written)
			err = trap_fallback_note(&image->trap_fallback, &image->injected,
						 &site->patch);
	}
	return err != NULL ? err
			   : trap_fallback_install(&image->trap_fallback, &image->injected, tracee);
}

/* Makes the code block of @site; the fallback knows it before the patch can lead there. */
static struct error *image_prepare(struct image *image, struct site *site)
{
	struct error *err = patch_prepare(&site->patch, &image->injected);
	if (err != NULL || !site->patch.block.is_written)
		return err;
	image->last_block = site->patch.block.start;
	return trap_fallback_note(&image->trap_fallback, &image->injected, &site->patch);
}

struct error *image_arm_site(struct image *image, struct site *site)
{
	const struct module *module = image_module_at(image, site->address);

	struct error *err = footprint_patch(&image->footprint, site->address, site->patch.length,
					    module == NULL ? 0 : module->start,
					    module == NULL ? 0 : module->end);
	if (err != NULL)
		return err;
	image->last_patched = site->address;
	return patch_write(&site->patch, image->space);
}

/* Whether the patch of @site, as the books have it, is in the memory; or put there, if its code is. */
static bool image_renew_patch(struct image *image, struct site *site)
{
	error_free(patch_settle(&site->patch, image->space));
	enum patch_view view = patch_look(&site->patch, image->space);

	if (view != PATCH_CODE_IS_THERE)
		return view == PATCH_IS_THERE;
	struct error *err = image_arm_site(image, site);
	bool is_armed = err == NULL;
	error_free(err);
	return is_armed;
}

/* What was written last: where it is in the memory, all others are. */
static bool image_has_last_patch(const struct image *image)
{
	const struct site *site = image_site(image, image->last_patched);

	return site != NULL && site->patch.state != PATCH_RETIRED &&
	       patch_look(&site->patch, image->space) == PATCH_IS_THERE;
}

static bool image_has_code_at(const struct image *image, taddr_t at)
{
	uint8_t byte; /* hardly any instruction begins with 0 */

	return address_space_read_some(image->space, at, &byte, 1) == 1 && byte != 0;
}

/* Of a trap whose pad was made after the fork: threads must not be led there. */
static void image_drop_missing_pad(struct image *image, struct patch *patch)
{
	if (patch->kind != PATCH_TRAP || patch->pad == NULL ||
	    pad_is_there(patch->pad, image->space))
		return;
	image_drop_pad(image, patch);
}

struct error *image_settle(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	pad_area_verify(&image->pads, &image->injected);
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		err = error_first(err, patch_settle(&site->patch, image->space));
		image_drop_missing_pad(image, &site->patch);
	}
	return err;
}

/* Whether it could be looked at; else it is taken to be as its parent's. */
static bool image_verify_mappings(struct image *image)
{
	struct error *err = address_space_check(image->space);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	injected_verify(&image->injected);
	trap_fallback_verify(&image->trap_fallback, &image->injected);
	return true;
}

void image_verify_left(struct image *image)
{
	(void)image_verify_mappings(image);
}

void image_verify(struct image *image)
{
	size_t cursor = 0;
	struct site *site;

	if (!image_verify_mappings(image))
		return;
	bool has_blocks = image_has_code_at(image, image->last_block);
	if (has_blocks && image_has_last_patch(image))
		return;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		site->patch.block.is_written = site->patch.block.is_written && has_blocks;
		if (site->patch.state != PATCH_WRITTEN || image_renew_patch(image, site))
			continue;
		image_forget_site(image, site);
		cursor--;
	}
}

static size_t image_read_site(struct image *image, pid_t tid, taddr_t address,
			      uint8_t ret[ARCH_INSN_BYTES_MAX])
{
	size_t bytes = code_reader_read(&image->reader, &image->footprint, image->space, tid,
					address, ret, ARCH_INSN_BYTES_MAX);
	image_hide_patches(image, address, ret, bytes);
	return bytes;
}

/* Within what is known to be mapped, it must have been unmapped, or its file cut short. */
static struct error *image_unreadable(const struct image *image, taddr_t address)
{
	struct error *err = address_space_check(image->space);
	bool was_mapped = image_module_at(image, address) != NULL;

	return err != NULL
		       ? err
		       : error_new(was_mapped ? ERR_UNMAPPED : ERR_FORMAT,
				   "its code at %#lx cannot be read", (unsigned long)address.value);
}

/* The code is kept: read again later, from memory that it is not in, it would come into it. */
static struct error *image_plan(struct image *image, struct tracee *tracee, struct patch *patch,
				const uint8_t *code, size_t bytes)
{
	slot_arena_free(&image->injected, &patch->block);
	image_drop_pad(image, patch);
	struct error *err = slot_arena_alloc(&image->injected, tracee, INJECTED_SLOTS,
					     &patch->block, ARCH_SLOT_BYTES);
	if (err == NULL && bytes == 0)
		err = image_unreadable(image, patch->address);
	memcpy(patch->code, code, bytes);
	patch->code_bytes = (uint8_t)bytes;
	return err;
}

/* Patches @site; the patch itself comes last, when everything it needs is there. */
static struct error *image_place(struct image *image, struct tracee *tracee, struct site *site)
{
	struct patch *patch = &site->patch;
	const enum patch_state before = patch->state;
	uint8_t code[ARCH_INSN_BYTES_MAX];

	struct error *err = tracee_may_call(tracee) ? image_secure(image, tracee) : NULL;
	if (err != NULL)
		return err;
	/* A thread may still sleep in the block of one that was retired. */
	size_t bytes = image_read_site(image, tracee->tid, site->address, code);
	bool is_ready = patch->block.is_written && bytes >= patch->displaced_bytes &&
			memcmp(code, patch->code, patch->displaced_bytes) == 0;
	if (!is_ready) {
		err = image_plan(image, tracee, patch, code, bytes);
		if (err == NULL)
			err = image_prepare(image, site);
	}
	if (err == NULL && !image->defers_patches)
		err = image_arm_site(image, site);
	else if (err == NULL)
		patch->state = PATCH_PLANNED;
	if (err == NULL)
		return NULL;
	patch->state = before;
	return err;
}

/* Why the code at @address must stay as it is, as a clause; NULL: it need not. */
static const char *image_why_excluded(const struct image *image, taddr_t address)
{
	const struct module *module = image_module_at(image, address);

	if (module == NULL || module->file == NULL)
		return NULL;
	taddr_t in_file = taddr(address.value - module->bias);
	return symbol_file_why_excluded(module->file, in_file, taddr_add(in_file, 1));
}

struct error *image_insert(struct image *image, struct tracee *tracee, taddr_t address,
			   enum site_role role, struct site **ret)
{
	struct site *site = image_site(image, address);
	const bool is_new = site == NULL || site->patch.state == PATCH_RETIRED;
	if (image->is_given_up)
		return error_new(ERR_FORMAT, "its process is recorded without probes");
	const char *why = site == NULL ? image_why_excluded(image, address) : NULL;
	if (why != NULL)
		return error_new(ERR_FORMAT, "%s", why);
	struct error *way = is_new ? image_make_way(image, address) : NULL;
	if (way != NULL)
		return way;
	if (site == NULL) {
		site = calloc(1, sizeof(*site));
		if (site == NULL)
			return error_no_memory();
		site->address = address;
		patch_init(&site->patch, PATCH_TRAP, address);
		struct error *err = image_place(image, tracee, site);
		if (err == NULL) {
			err = addr_map_put(&image->sites, address.value, site);
			if (err != NULL)
				err = error_first(err, image_disarm(image, site));
		}
		if (err != NULL) {
			slot_arena_free(&image->injected, &site->patch.block);
			free(site);
			return err;
		}
	} else if (site->patch.state == PATCH_RETIRED) {
		struct error *err = image_place(image, tracee, site);
		if (err != NULL)
			return err;
	} else if (!(site->roles & role)) { /* its pad does not record what that needs, perhaps */
		struct error *err = image_demote(image, site);
		if (err != NULL)
			return err;
	}
	site->roles |= role;
	*ret = site;
	return NULL;
}

struct error *image_insert_copy(struct image *image, struct tracee *tracee, taddr_t address,
				const uint8_t *code, size_t bytes, struct site **ret)
{
	struct site *site = calloc(1, sizeof(*site));
	if (site == NULL)
		return error_no_memory();
	site->address = address;
	site->roles = SITE_COPY;
	patch_init(&site->patch, PATCH_TRAP, address);
	site->patch.is_in_copy = true;
	struct error *err = image_plan(image, tracee, &site->patch, code, bytes);
	if (err == NULL)
		err = image_prepare(image, site);
	if (err == NULL)
		err = addr_map_put(&image->sites, address.value, site);
	if (err != NULL) {
		slot_arena_free(&image->injected, &site->patch.block);
		free(site);
		return err;
	}
	site->patch.state = PATCH_WRITTEN;
	*ret = site;
	return NULL;
}

/* The patch goes; a thread that has executed it already is led back. */
static struct error *image_retire(struct image *image, struct site *site)
{
	site->patch.state = PATCH_RETIRED;
	site->roles = 0;
	struct error *err = image_disarm(image, site);
	patch_reset(&site->patch);
	return err;
}

struct error *image_remove_role(struct image *image, struct site *site, enum site_role role)
{
	site->roles &= ~(unsigned)role;
	if (role == SITE_RETURN) {
		struct error *err =
			pad_area_remove_return(&image->pads, &image->injected, site->address);
		if (err != NULL)
			return err;
	}
	return site->roles == 0 && site->patch.state != PATCH_RETIRED ? image_retire(image, site)
								      : NULL;
}

/* Its code block is still to be written. */
static bool is_incomplete(const struct site *site)
{
	return site->patch.state != PATCH_RETIRED && !site->patch.block.is_written;
}

static struct error *image_retire_blockless(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (is_incomplete(site))
			err = image_retire(image, site);
	}
	return err;
}

struct error *image_map_slots(struct image *image, struct tracee *tracee)
{
	struct error *err = image_secure(image, tracee);
	return err != NULL ? err : slot_arena_map_rest(&image->injected, tracee);
}

struct error *image_fill_slots(struct image *image, unsigned roles)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (is_incomplete(site) && (site->roles & roles) != 0)
			err = image_prepare(image, site);
	}
	return err;
}

/*
 * The code behind the patch may be another than when that was written: the dynamic linker relocates
 * code, too, if it must (DT_TEXTREL). By the first hit it has.
 */
static struct error *image_renew_site(struct image *image, struct site *site)
{
	struct patch *patch = &site->patch;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	size_t bytes = image_read_code(image, site->address, code, patch->code_bytes);

	if (bytes < patch->displaced_bytes ||
	    memcmp(code, patch->code, patch->displaced_bytes) == 0)
		return NULL;
	memcpy(patch->code, code, bytes);
	struct error *err = image_prepare(image, site);
	if (error_take(&err, ERR_FORMAT, log_debug, "%#lx is not probed any more",
		       (unsigned long)site->address.value))
		err = image_retire(image, site);
	return err;
}

/* The first hit: what its code is now counts, and its pages are the program's own. */
static struct error *image_note_hit(struct image *image, struct site *site)
{
	if (site->patch.state == PATCH_RETIRED || site->patch.was_hit)
		return NULL;
	struct error *err = image_renew_site(image, site);
	if (err != NULL || site->patch.state == PATCH_RETIRED)
		return err;
	site->patch.was_hit = true;
	footprint_use(&image->footprint, image->space, site->address, site->patch.length);
	return NULL;
}

struct error *image_ready_slot(struct image *image, struct tracee *tracee, struct site *site)
{
	struct error *err = image_note_hit(image, site);
	bool is_ready = site->patch.state == PATCH_RETIRED ||
			(site->patch.block.is_written && !image->trap_fallback.is_wanted);

	if (err != NULL || is_ready)
		return err;
	err = image_map_slots(image, tracee);
	if (err == NULL)
		err = image_fill_slots(image, SITE_ANY);
	if (err == NULL || error_code(err) != ERR_FORMAT)
		return err;
	return error_first(image_retire_blockless(image), err);
}
