/* The sites of lines; see line_sites.h. Probe layer. */
#include "tracer/probe/lines/line_sites.h"

#include "tracer/base/log.h"
#include "tracer/probe/site.h"

/* Its probe, when it is probed in @image; its entries tell from now on that lines begin there, too. */
static struct probe *note_entries(const struct line_function *function, const struct image *image,
				  const struct module *module)
{
	struct probe *probe = NULL;

	for (size_t i = 0; i < function->function_count; i++) {
		const taddr_t in_file = function->functions[i]->start;
		struct site *site = image_site(image, taddr_add(in_file, module->bias));
		if (site == NULL || !(site->roles & SITE_ENTRY) || site->probe == NULL)
			continue;
		probe = site->probe;
		site->lines = function;
		line_function_at(function, in_file, &site->line_first, &site->line_end);
	}
	return probe;
}

static struct error *insert_point(const struct line_function *function, uint32_t first,
				  struct probe *probe, struct image *image, struct tracee *tracee,
				  const struct module *module)
{
	const taddr_t in_file = function->addresses[first];
	const taddr_t address = taddr_add(in_file, module->bias);
	struct site *site = image_site(image, address);

	if (site != NULL && (site->roles & (SITE_ENTRY | SITE_LINE)))
		return NULL; /* it tells of its own lines, which these are, or are not */
	struct error *err = image_insert(image, tracee, address, SITE_LINE, &site);
	if (err != NULL)
		return err;
	site->lines = function;
	site->line_of = probe;
	line_function_at(function, in_file, &site->line_first, &site->line_end);
	return NULL;
}

static struct error *insert_function(const struct line_function *function, struct image *image,
				     struct tracee *tracee, const struct module *module)
{
	struct probe *probe = note_entries(function, image, module);
	struct error *err = NULL;
	size_t refused_count = 0;

	if (probe == NULL || probe->is_dropped)
		return NULL;
	for (uint32_t i = 0; err == NULL && i < function->point_count; i++) {
		if (i > 0 && taddr_equal(function->addresses[i], function->addresses[i - 1]))
			continue;
		err = insert_point(function, i, probe, image, tracee, module);
		refused_count += err != NULL && error_code(err) == ERR_FORMAT;
		err = error_ignore(err, ERR_FORMAT);
	}
	if (refused_count > 0)
		log_debug("%s: %zu beginnings of lines have no site", function->label,
			  refused_count);
	return err;
}

struct error *line_plan_insert(const struct line_plan *plan, struct image *image,
			       struct tracee *tracee, const struct module *module)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < plan->count; i++)
		err = insert_function(&plan->functions[i], image, tracee, module);
	return err;
}
