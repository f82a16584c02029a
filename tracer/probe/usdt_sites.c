/* Static probes (USDT): their sites; see usdt_sites.h. Probe layer. */
#include "tracer/probe/usdt_sites.h"

#include "tracer/probe/site.h"

struct error *usdt_insert(struct image *image, struct tracee *tracee, struct probe_set *probes,
			  const struct module *module, const struct usdt_match *match)
{
	struct probe *probe;
	struct site *site;

	struct error *err = probe_set_add(probes, match->pattern, match->label, &probe);
	if (err == NULL && probe->is_dropped)
		return NULL;
	if (err == NULL)
		err = image_insert(image, tracee, taddr_add(match->probe->address, module->bias),
				   SITE_USDT, &site);
	if (err != NULL)
		return err;
	if (match->kind == USDT_MARK) {
		site->moment = probe;
	} else {
		site->pair = probe;
		site->is_pair_end = match->kind == USDT_LEAVE;
	}
	if (match->probe->semaphore.value == 0)
		return NULL;
	err = semaphores_add(&image->semaphores, taddr_add(match->probe->semaphore, module->bias));
	/* While sites are only prepared, its library may go, and another memory be there. */
	return err != NULL || image->defers_patches
		       ? err
		       : semaphores_raise(&image->semaphores, image->space);
}
