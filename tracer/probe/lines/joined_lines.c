/* Lines too near to each other; see joined_lines.h. Probe layer. */
#include "tracer/probe/lines/joined_lines.h"

#include "tracer/probe/jump/site_pad.h"
#include "tracer/probe/lines/line_plan.h"
#include "tracer/probe/site.h"

/* The site at @address, if there is one that is in use. */
static struct site *used_site(const struct image *image, taddr_t address)
{
	struct site *site = image_site(image, address);

	return site == NULL || site->patch.state == PATCH_RETIRED ? NULL : site;
}

/* Whether one of the lines from @first to @end of @function is among those from @end to @last. */
static bool has_line_again(const struct line_function *function, uint32_t first, uint32_t end,
			   uint32_t last)
{
	for (uint32_t i = first; i < end; i++) {
		for (uint32_t k = end; k < last; k++) {
			if (function->lines[i] == function->lines[k])
				return true;
		}
	}
	return false;
}

/* @other may be told by @site, which tells of lines up to @end of the plan. */
static bool may_be_told(const struct site *site, const struct site *other, uint32_t end)
{
	const struct patch *patch = &other->patch;

	return other->roles == SITE_LINE && other->lines == site->lines &&
	       other->line_of == site->line_of && other->line_first == end &&
	       !other->heat.is_joined && patch->state == PATCH_WRITTEN && !patch->is_in_copy &&
	       (patch->kind == PATCH_TRAP || patch->kind == PATCH_JUMP) &&
	       !has_line_again(site->lines, site->line_first, end, other->line_end);
}

/*
 * Whether @site can tell of all that begins in @window: control goes from each of them on to the next. *@ret_end: where their
 * lines end in the plan.
 */
static bool can_tell(const struct image *image, const struct site *site,
		     const struct jump_window *window, uint32_t *ret_end)
{
	struct arch_insn insn;
	bool goes_on = true;

	*ret_end = site->line_end;
	for (size_t at = 0; at < window->bytes; at += insn.bytes) {
		const taddr_t address = taddr_add(site->address, at);
		const struct site *other = at > 0 ? used_site(image, address) : NULL;
		if (other != NULL && (!goes_on || !may_be_told(site, other, *ret_end)))
			return false;
		if (other != NULL)
			*ret_end = other->line_end;
		if (!arch_decode(window->code + at, window->code_bytes - at, address, &insn))
			return false;
		for (size_t i = 1; i < insn.bytes; i++) {
			if (used_site(image, taddr_add(address, i)) != NULL)
				return false;
		}
		goes_on = goes_on && insn.flow == ARCH_FLOW_FALLTHROUGH && !insn.is_call;
	}
	return *ret_end > site->line_end;
}

/* They are traps from now on: who comes from the pad goes on behind its code, and a jump could reach as far as that. */
static struct error *make_traps(struct image *image, const struct site *site, size_t bytes)
{
	struct error *err = NULL;

	for (size_t at = 1; err == NULL && at < bytes; at++) {
		struct site *other = used_site(image, taddr_add(site->address, at));
		if (other == NULL)
			continue;
		err = image_demote(image, other);
		other->heat.refusal = "another site was to tell of its lines";
		other->joined_to = site->address;
	}
	return err;
}

struct error *joined_lines_begin(struct image *image, struct tracee *tracee, struct site *site,
				 struct jump_store *store, bool *ret_joined)
{
	struct jump_window found = { 0 };
	uint32_t end;
	bool is_there;

	*ret_joined = false;
	struct error *err = jump_site_window_shared(store, image, site, &found, &is_there);
	if (err != NULL || !is_there || found.offset_bytes > 0 ||
	    !can_tell(image, site, &found, &end))
		return err;
	const struct pad_window window = {
		.code = found.code,
		.bytes = found.bytes,
		.run_bytes = found.run_bytes,
		.code_bytes = found.code_bytes,
	};
	err = make_traps(image, site, found.bytes);
	if (err == NULL)
		err = image_make_pad(image, tracee, site, &window);
	if (err != NULL)
		return error_ignore(err, ERR_FORMAT);
	site->line_end = end;
	*ret_joined = true;
	return NULL;
}

struct error *joined_lines_end(struct image *image, struct site *site, bool *ret_are_gone)
{
	const size_t bytes = site->patch.pad->window_bytes;
	struct error *err = NULL;

	*ret_are_gone = true;
	for (size_t at = 1; at < bytes; at++) {
		const struct site *other = used_site(image, taddr_add(site->address, at));
		*ret_are_gone = *ret_are_gone &&
				(other == NULL || (other->roles == SITE_LINE &&
						   taddr_equal(other->joined_to, site->address)));
	}
	for (size_t at = 1; *ret_are_gone && err == NULL && at < bytes; at++) {
		struct site *other = used_site(image, taddr_add(site->address, at));
		if (other != NULL)
			err = image_remove_role(image, other, SITE_LINE);
	}
	return err;
}
