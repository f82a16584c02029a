/* Traps become jumps; see promotion.h. Probe layer. */
#include "tracer/probe/jump/promotion.h"

#include "tracer/base/log.h"
#include "tracer/probe/jump/eviction.h"

bool site_may_jump(const struct site *site)
{
	enum arch_pad_kind kind;

	return site_pad_kind(site, &kind) &&
	       (site->patch.pad == NULL || arch_pad_records_as(site->patch.pad->kind) == kind) &&
	       site->patch.kind == PATCH_TRAP && site->patch.state == PATCH_WRITTEN &&
	       !site->patch.is_in_copy && !site->patch.is_syscall && site->heat.refusal == NULL;
}

bool site_wants_clear_window(const struct site *site)
{
	const struct pad *pad = site->patch.pad;

	return pad != NULL && site->patch.displaced_bytes < pad->offset_bytes + pad->run_bytes;
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
		.is_stack_free = found->is_stack_free,
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
	err = make_pad(image, tracee, site, &found, &site->heat.refusal);
	if (err != NULL || site->heat.refusal == NULL)
		return err;
	bool is_changed;
	err = image_evict(image, tracee, site, store, &found, &is_changed);
	if (err == NULL && is_changed)
		err = make_pad(image, tracee, site, &found, &site->heat.refusal);
	/* Pages that one of two jumps could lead to, and the other could not. */
	return err != NULL
		       ? err
		       : injected_unmap_kind(&image->injected, tracee, INJECTED_TRAMPOLINES, true);
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

struct error *image_demote_all(struct image *image, const char *why)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	pad_area_refuse(&image->pads, why);
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL)
		err = error_first(err, image_demote(image, site));
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
	return injected_unmap_kind(&image->injected, tracee, INJECTED_TRAMPOLINES, false);
}

struct error *image_end_jumps(struct image *image, struct tracee *tracee, const char *why)
{
	struct error *err = image_demote_all(image, why);

	if (err == NULL)
		err = end_trampolines(image, tracee);
	return err != NULL ? err : pad_area_unmap(&image->pads, &image->injected, tracee);
}
