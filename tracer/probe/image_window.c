/* Where jumps displace code, and where none may; see image.h. Probe layer. */
#include "tracer/probe/image.h"

#include "tracer/probe/code/jump_window.h"
#include "tracer/probe/patch/slot_arena.h"

static bool is_in_module(const void *context, taddr_t page)
{
	return image_module_at(context, page) != NULL;
}

void image_cut(struct image *image, taddr_t pc)
{
	if (pc.value == 0 || cuts_add(&image->cuts, pc))
		return;
	/* Code that is in no file, perhaps gone by now, gets no jumps: signals met a compiler's, of some runtime. */
	cuts_keep(&image->cuts, is_in_module, image);
	image->cuts.has_lost = !cuts_add(&image->cuts, pc);
}

bool image_is_cut(const struct image *image, taddr_t address, size_t bytes)
{
	return cuts_has(&image->cuts, taddr_add(address, 1), bytes - 1);
}

struct site *image_block_site(const struct image *image, taddr_t pc)
{
	const struct code_block *block = slot_arena_find(&image->injected, pc);
	return block == NULL ? NULL : image_site(image, block->address);
}

struct site *image_slot_site(const struct image *image, taddr_t pc,
			     const struct arch_slot_point **ret_point)
{
	struct site *site = image_block_site(image, pc);

	return site != NULL && patch_contains(&site->patch, pc, ret_point) ? site : NULL;
}

bool site_window_holds(const struct site *site, taddr_t pc)
{
	const struct pad *pad = site->patch.pad;

	return pad != NULL && pc.value > site->address.value &&
	       pc.value - site->address.value < (uint64_t)pad->offset_bytes + pad->window_bytes;
}

static bool site_extent_holds(const struct site *site, taddr_t at)
{
	return site->patch.pad != NULL &&
	       at.value - site->address.value < pad_extent_bytes(site->patch.pad);
}

struct site *image_window_site(const struct image *image, taddr_t at)
{
	if (image->numbered_count == 0) /* no pad was ever made: so it is while sites are planned */
		return NULL;
	for (uint64_t back = 1; back < PAD_EXTENT_BYTES_MAX; back++) {
		struct site *site = image_site(image, taddr(at.value - back));
		if (site != NULL && site_extent_holds(site, at))
			return site;
	}
	return NULL;
}

struct site *image_jump_site(const struct image *image, taddr_t at)
{
	if (image->numbered_count == 0)
		return NULL;
	for (uint64_t back = 1; back <= ARCH_CALL_MARK_BYTES_MAX; back++) {
		struct site *site = image_site(image, taddr(at.value - back));
		if (site != NULL && site->patch.pad != NULL &&
		    site->patch.pad->offset_bytes == back)
			return site;
	}
	return NULL;
}

/* What needs the jump of @site to be there; each is in front of what it needs. */
static struct error *demote_needy(const struct image *image, const struct site *site)
{
	struct site *before;

	if (site->patch.pad == NULL || site->patch.pad->kind != ARCH_PAD_PLAIN)
		return NULL;
	before = image_window_site(image, site->address);
	if (before == NULL || !patch_is_jump(&before->patch))
		return NULL;
	before->heat.refusal = "another site is too near";
	/* What it needed may be needed by one more. */
	struct error *err = demote_needy(image, before);
	return err != NULL ? err : patch_demote(&before->patch, image->space);
}

struct error *image_demote(struct image *image, struct site *site)
{
	struct error *err = demote_needy(image, site);
	return err != NULL ? err : patch_demote(&site->patch, image->space);
}

struct error *image_disarm(struct image *image, const struct site *site)
{
	struct error *err = demote_needy(image, site);
	return err != NULL ? err : patch_remove(&site->patch, image->space);
}

struct error *image_make_way(struct image *image, taddr_t address)
{
	struct site *before = image_window_site(image, address);

	if (before == NULL)
		return NULL;
	if (site_window_holds(before, address))
		return error_new(ERR_FORMAT, "a jump displaces the code there");
	before->heat.refusal = "another site is too near";
	return image_demote(image, before);
}
