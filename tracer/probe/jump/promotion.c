/* Traps become jumps; see promotion.h. Probe layer. */
#include "tracer/probe/jump/promotion.h"

#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/probe/jump/jump_site.h"

/* The pad that records what all roles of @site need; false: there is none. */
static bool pad_kind_of(const struct site *site, enum arch_pad_kind *ret)
{
	const unsigned roles = site->roles;
	const struct cfa_rule *cfa = &site->inlined_cfa;

	*ret = roles == SITE_ENTRY	   ? ARCH_PAD_ENTRY
	       : roles == SITE_PYTHON_MARK ? ARCH_PAD_MARK
					   : ARCH_PAD_RETURN;
	if (roles == SITE_INLINED)
		return cfa->is_known && cfa->offset_bytes == (int32_t)cfa->offset_bytes &&
		       arch_pad_frame_kind(cfa->dwarf_register, ret);
	return roles == SITE_ENTRY || roles == SITE_RETURN || roles == SITE_PYTHON_MARK ||
	       roles == SITE_USDT;
}

bool site_may_jump(const struct site *site)
{
	enum arch_pad_kind kind;

	return pad_kind_of(site, &kind) &&
	       (site->patch.pad == NULL || site->patch.pad->kind == kind) &&
	       site->patch.kind == PATCH_TRAP && site->patch.state == PATCH_WRITTEN &&
	       !site->patch.is_in_copy && !site->patch.is_syscall && site->heat.refusal == NULL;
}

bool site_wants_clear_window(const struct site *site)
{
	return site->patch.pad != NULL && site->patch.displaced_bytes < site->patch.pad->run_bytes;
}

/* Two patches that overlap would corrupt each other. */
static bool has_neighbour(const struct image *image, const struct site *site, uint8_t bytes)
{
	for (uint64_t i = 1; i < bytes; i++) {
		const struct site *other = image_site(image, taddr_add(site->address, i));
		if (other != NULL && other->patch.state != PATCH_RETIRED)
			return true;
	}
	return image_window_site(image, site->address) != NULL;
}

static struct error *image_add_number(struct image *image, struct site *site, uint32_t *ret)
{
	struct error *err = array_reserve(&image->numbered, &image->numbered_capacity,
					  image->numbered_count + 1, sizeof(void *));
	if (err != NULL)
		return err;
	*ret = (uint32_t)image->numbered_count;
	image->numbered[image->numbered_count++] = site;
	return NULL;
}

struct error *image_make_pad(struct image *image, struct tracee *tracee, struct site *site,
			     const struct pad_window *window)
{
	/* The jump in a copy must not lead to where the copy's own pad is: as far from it as pads are. */
	const enum injected_kind room = site->roles & SITE_COPY ? INJECTED_SLOTS : INJECTED_PADS;
	enum arch_pad_kind kind;
	struct pad *pad;
	uint32_t number;

	(void)pad_kind_of(site, &kind);
	struct error *err = image_add_number(image, site, &number);
	if (err == NULL)
		err = pad_create(kind, number, site->address, window, image->pads.data,
				 &image->injected, room, tracee, &pad);
	if (err != NULL)
		return err;
	site->patch.pad = pad;
	err = trap_fallback_note_pad(&image->trap_fallback, &image->injected, pad,
				     image->pads.data);
	if (err == NULL)
		err = trap_fallback_note(&image->trap_fallback, &image->injected, &site->patch);
	if (err != NULL)
		image_drop_pad(image, &site->patch);
	return err;
}

struct error *image_prepare_jump(struct image *image, struct tracee *tracee, struct site *site,
				 struct jump_store *store)
{
	struct jump_window found;

	struct error *err = pad_area_map(&image->pads, &image->injected, tracee);
	if (err != NULL)
		return err;
	site->heat.refusal = image->pads.refusal;
	if (site->heat.refusal == NULL)
		err = jump_site_window(store, image, site, &found);
	if (err != NULL)
		return err;
	if (site->heat.refusal == NULL && has_neighbour(image, site, found.bytes))
		site->heat.refusal = "another site is too near";
	if (site->heat.refusal != NULL)
		return NULL;
	const struct pad_window window = { found.code, found.bytes, found.run_bytes,
					   (int32_t)site->inlined_cfa.offset_bytes };
	err = image_make_pad(image, tracee, site, &window);
	if (error_take(&err, ERR_FORMAT, log_debug, "no jump at %#lx",
		       (unsigned long)site->address.value))
		site->heat.refusal = "its code cannot run elsewhere";
	return err;
}

struct error *image_write_jump(struct image *image, struct site *site)
{
	const struct module *module = image_module_at(image, site->address);

	if (!patch_is_alone(&site->patch, image->space)) {
		site->heat.refusal = "the program has changed its code";
		return NULL;
	}
	struct error *err = footprint_patch(&image->footprint, site->address, ARCH_JUMP_BYTES,
					    module == NULL ? 0 : module->start,
					    module == NULL ? 0 : module->end);
	if (err != NULL)
		return err;
	image->last_patched = site->address;
	return patch_promote(&site->patch, image->space);
}

struct error *image_demote_all(struct image *image, const char *why)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	pad_area_refuse(&image->pads, why);
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL)
		err = error_first(err, patch_demote(&site->patch, image->space));
	return err;
}

struct error *image_end_jumps(struct image *image, struct tracee *tracee, const char *why)
{
	struct error *err = image_demote_all(image, why);

	return err != NULL ? err : pad_area_unmap(&image->pads, &image->injected, tracee);
}
