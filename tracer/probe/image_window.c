/* Where jumps displace code, and where none may; see image.h. Probe layer. */
#include "tracer/probe/image.h"

#include "tracer/probe/code/jump_window.h"

void image_cut(struct image *image, taddr_t pc)
{
	enum { CUTS_MOST = 4096 };

	if (pc.value == 0 || image->has_many_cuts || addr_map_get(&image->cuts, pc.value) != NULL)
		return;
	struct error *err =
		image->cuts.count < CUTS_MOST
			? addr_map_put(&image->cuts, pc.value, (void *)(uintptr_t)pc.value)
			: error_no_memory();
	image->has_many_cuts = err != NULL;
	error_free(err);
}

bool image_is_cut(const struct image *image, taddr_t address, size_t bytes)
{
	if (image->has_many_cuts)
		return true;
	for (size_t i = 1; i < bytes; i++) {
		if (addr_map_get(&image->cuts, address.value + i) != NULL)
			return true;
	}
	return false;
}

bool site_window_holds(const struct site *site, taddr_t pc)
{
	return site->patch.pad != NULL && pc.value > site->address.value &&
	       pc.value - site->address.value < site->patch.pad->window_bytes;
}

struct site *image_window_site(const struct image *image, taddr_t pc)
{
	if (image->numbered_count == 0) /* no pad was ever made: so it is while sites are planned */
		return NULL;
	for (uint64_t back = 1; back < JUMP_WINDOW_BYTES_MAX; back++) {
		struct site *site = image_site(image, taddr(pc.value - back));
		if (site != NULL && site_window_holds(site, pc))
			return site;
	}
	return NULL;
}
