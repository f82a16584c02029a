/* The sites of dropped probes; see dropped_sites.h. Loop layer. */
#include "tracer/loop/overhead/dropped_sites.h"

#include "tracer/loop/calls/calls.h"
#include "tracer/probe/inlined/inlined_plan.h"
#include "tracer/probe/site.h"

/*
 * Where calls of several functions return, through a pointer, a site stays as long as calls of others than dropped ones
 * have been seen to return there within so many looks. A call that comes later is met at its entry, which asks for the
 * site again.
 */
enum { UNCLAIMED_LOOKS = 4 };

static bool is_dropped(const struct probe *probe)
{
	return probe != NULL && probe->is_dropped;
}

/* Whether @probe, which may be NULL, still needs the places where its calls end. */
static bool has_ends(const struct probe *probe, const struct address_space *space)
{
	return probe != NULL && (!probe->is_dropped || calls_are_open(space, probe));
}

static bool has_inlined(const struct site *site, const struct address_space *space)
{
	for (uint32_t i = site->inlined_first; i < site->inlined_end; i++) {
		if (has_ends(site->inlined->probes[site->inlined->points[i].name], space))
			return true;
	}
	return false;
}

/* Of @site, where inlined calls begin and end. *@ret_rest: calls that are open want it still. */
static bool is_useless_inlined(const struct site *site, const struct address_space *space,
			       bool *ret_rest)
{
	if (!(site->roles & SITE_INLINED))
		return false;
	if (!has_inlined(site, space))
		return true;
	for (uint32_t i = site->inlined_first; i < site->inlined_end; i++) {
		const struct probe *probe = site->inlined->probes[site->inlined->points[i].name];
		*ret_rest = *ret_rest || (is_dropped(probe) && has_ends(probe, space));
	}
	return false;
}

static bool is_useless_usdt(struct site *site, const struct address_space *space, bool *ret_rest)
{
	if (!(site->roles & SITE_USDT))
		return false;
	site->moment = is_dropped(site->moment) ? NULL : site->moment;
	site->pair = has_ends(site->pair, space) ? site->pair : NULL;
	*ret_rest = *ret_rest || is_dropped(site->pair);
	return site->moment == NULL && site->pair == NULL;
}

/* One call may go through a line for ever: what it gains from now on is the last line's. */
static bool is_useless_line(const struct site *site)
{
	return (site->roles & SITE_LINE) && is_dropped(site->line_of);
}

/* The roles of @site that are of no use any more, but for those that wait for returns. */
static unsigned useless_entries(struct site *site, const struct address_space *space,
				bool *ret_rest)
{
	unsigned roles = 0;

	if ((site->roles & SITE_ENTRY) && is_dropped(site->probe))
		roles |= SITE_ENTRY;
	if ((site->roles & SITE_RESOLVER) && is_dropped(site->implements))
		roles |= SITE_RESOLVER;
	if (is_useless_inlined(site, space, ret_rest))
		roles |= SITE_INLINED;
	if (is_useless_usdt(site, space, ret_rest))
		roles |= SITE_USDT;
	if (is_useless_line(site))
		roles |= SITE_LINE;
	return roles;
}

/* Whether no call that is recorded returns to @site any more. *@ret_rest: perhaps later. */
static bool is_useless_return(struct site *site, const struct address_space *space, bool *ret_rest)
{
	bool is_useless = false;

	if (!(site->roles & SITE_RETURN))
		return false;
	if (is_dropped(site->returns_of) && site->is_shared) {
		site->returns_of = NULL;
		site->is_shared = false;
		site->unclaimed_looks = 0;
	}
	if (site->returns_of == NULL && site->unclaimed_looks < UNCLAIMED_LOOKS)
		site->unclaimed_looks++;
	else if (site->returns_of == NULL || is_dropped(site->returns_of))
		is_useless = !calls_await_return(space, site->address);
	else
		return false;
	*ret_rest = *ret_rest || !is_useless;
	return is_useless;
}

/* Likewise for its function's own return instruction. */
static bool is_useless_ret_insn(const struct site *site, const struct address_space *space,
				bool *ret_rest)
{
	if (!(site->roles & SITE_RET_INSN) || !is_dropped(site->returns_of))
		return false;
	bool is_useless = !calls_are_open(space, site->returns_of);
	*ret_rest = *ret_rest || !is_useless;
	return is_useless;
}

static struct error *remove_roles(struct image *image, struct site *site, unsigned roles)
{
	struct error *err = NULL;

	for (unsigned role = 1; err == NULL && role != 0 && role <= roles; role <<= 1) {
		if (roles & role)
			err = image_remove_role(image, site, role);
	}
	return err;
}

static struct error *image_remove(struct image *image, bool *ret_rest)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		unsigned roles = useless_entries(site, image->space, ret_rest);
		if (is_useless_return(site, image->space, ret_rest))
			roles |= SITE_RETURN;
		if (is_useless_ret_insn(site, image->space, ret_rest))
			roles |= SITE_RET_INSN;
		err = remove_roles(image, site, roles);
	}
	return error_ignore(err, ERR_GONE);
}

struct error *dropped_sites_remove(struct session *session, bool *ret_rest)
{
	size_t cursor = 0;
	const struct process *process;
	struct error *err = NULL;

	*ret_rest = false;
	while (err == NULL &&
	       (process = addr_map_next(&session->target.processes, &cursor)) != NULL) {
		const struct address_space *space = process->space;
		if (space == NULL || space->image == NULL || space->processes != process ||
		    space->image->is_given_up)
			continue;
		err = image_remove(space->image, ret_rest);
	}
	return err;
}
