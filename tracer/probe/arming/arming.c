/* Writes what has been prepared; see arming.h. Probe layer. */
#include "tracer/probe/arming/arming.h"

#include "tracer/probe/site.h"

/* Its page is no memory that we have added to; its module is to be looked at again. */
static void lose_site(struct image *image, struct site *site)
{
	const uint64_t page = site->address.value & ~((uint64_t)ARCH_PAGE_BYTES - 1);
	struct module *module = image_module_at(image, site->address);

	if (module != NULL)
		module->is_opened = false;
	footprint_forget(&image->footprint, page, page + (uint64_t)ARCH_PAGE_BYTES);
	image_forget_site(image, site);
}

/* Of those that have one of @roles. */
static struct error *arm_sites(struct image *image, unsigned roles, bool *ret_has_lost)
{
	size_t cursor = 0;
	struct site *site;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->patch.state != PATCH_PLANNED || !(site->roles & roles))
			continue;
		struct error *err = image_arm_site(image, site);
		const bool is_lost = err != NULL && error_code(err) == ERR_UNMAPPED;
		err = error_ignore(err, ERR_UNMAPPED);
		if (err != NULL)
			return err;
		if (!is_lost)
			continue;
		*ret_has_lost = true;
		lose_site(image, site);
		cursor--;
	}
	return NULL;
}

struct error *image_arm_first(struct image *image, unsigned roles)
{
	bool has_lost;

	return image->is_given_up ? NULL : arm_sites(image, roles, &has_lost);
}

struct error *image_arm(struct image *image, bool *ret_has_lost)
{
	*ret_has_lost = false;
	image->defers_patches = false;
	if (image->is_given_up)
		return NULL;
	struct error *err = arm_sites(image, SITE_ANY, ret_has_lost);
	return err != NULL ? err : semaphores_raise(&image->semaphores, image->space);
}
