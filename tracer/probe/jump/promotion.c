/* Traps become jumps; see promotion.h. Probe layer. */
#include "tracer/probe/jump/promotion.h"

#include "tracer/base/array.h"
#include "tracer/base/log.h"
#include "tracer/probe/jump/jump_site.h"
#include "tracer/probe/jump/trampoline.h"

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
	const struct pad *pad = site->patch.pad;

	return pad != NULL && site->patch.displaced_bytes < pad->offset_bytes + pad->run_bytes;
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
	/* Who is in a copy comes by the jump that was copied. */
	const bool is_punned = window->bytes < ARCH_JUMP_BYTES && !(site->roles & SITE_COPY);
	enum arch_pad_kind kind;
	struct error *err = NULL;
	struct pad_window displaced = *window;
	taddr_t trampoline;
	struct pad *pad;
	uint32_t number;

	(void)pad_kind_of(site, &kind);
	if (is_punned)
		err = trampoline_find(&image->injected, tracee,
				      taddr_add(site->address, window->offset_bytes), window,
				      &trampoline, &displaced.prefix_bytes);
	if (err == NULL)
		err = image_add_number(image, site, &number);
	if (err != NULL)
		return err;
	err = pad_create(kind, number, site->address, &displaced, image->pads.data,
			 &image->injected, room, tracee, &pad);
	if (err != NULL) {
		image->numbered[number] = NULL;
		return err;
	}
	site->patch.pad = pad;
	if (is_punned)
		err = trampoline_write(&image->injected, pad, trampoline);
	if (err == NULL)
		err = trap_fallback_note_pad(&image->trap_fallback, &image->injected, pad,
					     image->pads.data);
	if (err == NULL)
		err = trap_fallback_note_jump(&image->trap_fallback, &image->injected,
					      &site->patch);
	if (err == NULL)
		err = trap_fallback_note(&image->trap_fallback, &image->injected, &site->patch);
	if (err != NULL)
		image_drop_pad(image, &site->patch);
	return err;
}

/* A pad for @found; where there can be none, *@refusal says so. */
static struct error *make_pad(struct image *image, struct tracee *tracee, struct site *site,
			      const struct jump_window *found, const char **refusal)
{
	const struct pad_window window = {
		.code = found->code,
		.offset_bytes = found->offset_bytes,
		.bytes = found->bytes,
		.run_bytes = found->run_bytes,
		.code_bytes = found->code_bytes,
		.cfa_offset_bytes = (int32_t)site->inlined_cfa.offset_bytes,
	};
	struct error *err = image_make_pad(image, tracee, site, &window);

	*refusal = NULL;
	if (error_take(&err, ERR_FORMAT, log_debug, "no jump at %#lx",
		       (unsigned long)site->address.value))
		*refusal = found->bytes < ARCH_JUMP_BYTES
				   ? "nothing could be mapped where a punned jump would lead"
				   : "its code cannot run elsewhere";
	return err;
}

/* A whole jump where there is a window for one, else one that is punned. */
struct error *image_prepare_jump(struct image *image, struct tracee *tracee, struct site *site,
				 struct jump_store *store)
{
	const char *refusal, *pun_refusal;
	struct jump_window found = { 0 };

	struct error *err = pad_area_map(&image->pads, &image->injected, tracee);
	if (err != NULL)
		return err;
	site->heat.refusal = image->pads.refusal;
	if (site->heat.refusal != NULL)
		return NULL;
	err = jump_site_window(store, image, site, false, &found, &refusal);
	if (err == NULL && refusal == NULL)
		err = make_pad(image, tracee, site, &found, &refusal);
	site->heat.refusal = refusal;
	if (err != NULL || refusal == NULL)
		return err;
	err = jump_site_window(store, image, site, true, &found, &pun_refusal);
	if (err != NULL || pun_refusal != NULL)
		return err;
	log_debug("no whole jump at %#lx: %s", (unsigned long)site->address.value, refusal);
	return make_pad(image, tracee, site, &found, &site->heat.refusal);
}

struct error *image_pun_jump(struct image *image, struct tracee *tracee, struct site *site,
			     struct jump_store *store)
{
	struct pad *former = site->patch.pad;
	struct jump_window found = { 0 };
	const char *refusal;

	struct error *err = jump_site_window(store, image, site, true, &found, &refusal);
	if (err != NULL || refusal != NULL || found.offset_bytes > 0)
		return err;
	site->patch.pad = NULL;
	err = make_pad(image, tracee, site, &found, &refusal);
	if (err != NULL || refusal != NULL) {
		site->patch.pad = former;
		return err;
	}
	image->numbered[former->number] = NULL; /* no jump has ever led there */
	site->patch.former_pad = former;
	return NULL;
}

struct error *image_write_jump(struct image *image, struct site *site)
{
	const struct module *module = image_module_at(image, site->address);

	if (!patch_is_alone(&site->patch, image->space)) {
		site->heat.refusal = "the program has changed its code";
		return NULL;
	}
	const struct pad *pad = site->patch.pad;
	const size_t bytes = (size_t)pad->offset_bytes + pad_jump_bytes(pad);
	struct error *err = footprint_patch(&image->footprint, site->address, bytes,
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

/* No jump leads there any more, nor will. */
static struct error *end_trampolines(struct image *image, struct tracee *tracee)
{
	size_t cursor = 0;
	struct site *site;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->patch.pad != NULL)
			site->patch.pad->trampoline = (struct code_block){ .bytes = 0 };
	}
	return injected_unmap_kind(&image->injected, tracee, INJECTED_TRAMPOLINES);
}

struct error *image_end_jumps(struct image *image, struct tracee *tracee, const char *why)
{
	struct error *err = image_demote_all(image, why);

	if (err == NULL)
		err = end_trampolines(image, tracee);
	return err != NULL ? err : pad_area_unmap(&image->pads, &image->injected, tracee);
}
