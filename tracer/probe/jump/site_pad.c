/* The pads and jumps of sites; see site_pad.h. Probe layer. */
#include "tracer/probe/jump/site_pad.h"

#include "tracer/base/array.h"
#include "tracer/probe/jump/trampoline.h"

bool site_pad_kind(const struct site *site, enum arch_pad_kind *ret)
{
	const unsigned roles = site->roles;
	const struct cfa_rule *cfa = &site->inlined_cfa;

	*ret = roles == SITE_ENTRY	   ? ARCH_PAD_ENTRY
	       : roles == SITE_PYTHON_MARK ? ARCH_PAD_MARK
	       : roles == SITE_EVICTED	   ? ARCH_PAD_PLAIN
					   : ARCH_PAD_RETURN;
	if (roles == SITE_INLINED)
		return cfa->is_known && cfa->offset_bytes == (int32_t)cfa->offset_bytes &&
		       arch_pad_frame_kind(cfa->dwarf_register, ret);
	return roles == SITE_ENTRY || roles == SITE_RETURN || roles == SITE_RET_INSN ||
	       roles == SITE_PYTHON_MARK || roles == SITE_USDT ||
	       (roles & ~(unsigned)SITE_RETURN) == SITE_LINE;
}

static struct error *image_add_number(struct image *image, struct site *site, uint32_t *ret)
{
	struct error *err = array_reserve(&image->numbered, &image->numbered_capacity,
					  image->numbered_count + 1, sizeof(void *));
	if (err != NULL)
		return err;
	*ret = (uint32_t)image->numbered_count;
	image->numbered[image->numbered_count++] = site;
	return NULL;
}

struct error *image_make_pad(struct image *image, struct tracee *tracee, struct site *site,
			     const struct pad_window *window)
{
	/* The jump in a copy must not lead to where the copy's own pad is: as far from it as pads are. */
	const enum injected_kind room = site->roles & SITE_COPY ? INJECTED_SLOTS : INJECTED_PADS;
	/* Who is in a copy comes by the jump that was copied. */
	const bool is_punned = window->bytes < ARCH_JUMP_BYTES && !(site->roles & SITE_COPY);
	enum arch_pad_kind kind;
	struct error *err = NULL;
	struct pad_window displaced = *window;
	taddr_t trampoline = window->trampoline;
	struct pad *pad;
	uint32_t number;

	(void)site_pad_kind(site, &kind);
	if (window->is_stack_free && site->roles == SITE_ENTRY)
		kind = ARCH_PAD_CALLED;
	else if (window->is_stack_free && site->roles == SITE_RETURN)
		kind = ARCH_PAD_RETURNED;
	if (is_punned && trampoline.value == 0)
		err = trampoline_find(&image->injected, tracee,
				      taddr_add(site->address, window->offset_bytes), window,
				      &trampoline, &displaced.prefix_bytes);
	if (err == NULL)
		err = image_add_number(image, site, &number);
	if (err != NULL)
		return err;
	err = pad_create(kind, number, site->address, &displaced, image->pads.data,
			 &image->injected, room, tracee, &pad);
	if (err != NULL) {
		image->numbered[number] = NULL;
		return err;
	}
	site->patch.pad = pad;
	if (trampoline.value != 0)
		err = trampoline_write(&image->injected, pad, trampoline);
	if (err == NULL)
		err = trap_fallback_note_pad(&image->trap_fallback, &image->injected, pad,
					     image->pads.data);
	if (err == NULL)
		err = trap_fallback_note_jump(&image->trap_fallback, &image->injected,
					      &site->patch);
	if (err == NULL)
		err = trap_fallback_note(&image->trap_fallback, &image->injected, &site->patch);
	if (err != NULL)
		image_drop_pad(image, &site->patch);
	return err;
}

struct error *image_write_jump(struct image *image, struct site *site)
{
	const struct module *module = image_module_at(image, site->address);

	if (!patch_is_alone(&site->patch, image->space)) {
		site->heat.refusal = "the program has changed its code";
		return NULL;
	}
	const struct pad *pad = site->patch.pad;
	const size_t bytes = (size_t)pad->offset_bytes + pad_jump_bytes(pad);
	struct error *err = footprint_patch(&image->footprint, site->address, bytes,
					    module == NULL ? 0 : module->start,
					    module == NULL ? 0 : module->end);
	if (err != NULL)
		return err;
	image->last_patched = site->address;
	return patch_promote(&site->patch, image->space);
}
