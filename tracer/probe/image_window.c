/* Where jumps displace code, and where none may; see image.h. Probe layer. */
#include "tracer/probe/image.h"

#include "tracer/probe/code/jump_window.h"

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
