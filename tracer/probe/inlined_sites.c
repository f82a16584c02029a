/* The sites of inlined functions; see inlined_sites.h. Probe layer. */
#include "tracer/probe/inlined_sites.h"

#include "tracer/base/log.h"
#include "tracer/probe/site.h"

static struct error *plan_make_probe(struct inlined_plan *plan, struct probe_set *probes,
				     size_t number)
{
	const struct inlined_name *name = &plan->list.names[number];
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < name->pattern_count; i++)
		err = probe_set_add(probes, plan->list.patterns[name->first_pattern + i],
				    plan->list.text + name->label, &plan->probes[number]);
	return err;
}

/* The rule of all points from @first to @end; unknown: they have several. */
static struct cfa_rule plan_cfa(const struct inlined_plan *plan, size_t first, size_t end)
{
	struct cfa_rule ret = plan->points[first].cfa;

	for (size_t i = first + 1; i < end; i++) {
		const struct cfa_rule *other = &plan->points[i].cfa;
		ret.is_known &= other->dwarf_register == ret.dwarf_register &&
				other->offset_bytes == ret.offset_bytes;
	}
	return ret;
}

struct error *inlined_plan_insert(struct inlined_plan *plan, struct image *image,
				  struct tracee *tracee, struct probe_set *probes,
				  const struct module *module)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < plan->point_count; i++) {
		if (plan->probes[plan->points[i].name] == NULL)
			err = plan_make_probe(plan, probes, plan->points[i].name);
	}
	for (size_t i = 0, end; err == NULL && i < plan->point_count; i = end) {
		struct site *site;
		for (end = i + 1; end < plan->point_count &&
				  taddr_equal(plan->points[end].address, plan->points[i].address);
		     end++)
			;
		err = image_insert(image, tracee, taddr_add(plan->points[i].address, module->bias),
				   SITE_INLINED, &site);
		if (err == NULL) {
			site->inlined = plan;
			site->inlined_first = (uint32_t)i;
			site->inlined_end = (uint32_t)end;
			site->inlined_cfa = plan_cfa(plan, i, end);
		}
		(void)error_take(&err, ERR_FORMAT, log_debug, "no site at %#lx of %s",
				 (unsigned long)plan->points[i].address.value,
				 symbol_file_name(module->file));
	}
	return err;
}
