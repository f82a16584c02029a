/* Sites come and go; see site.h. Probe layer. */
#include "tracer/probe/site.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/log.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/probe/patch/trap_fallback.h"

/* Relocates the displaced instruction to @site's slot, and writes it there if it is mapped. */
static struct error *image_fill_slot(struct image *image, struct site *site)
{
	struct arch_slot slot;

	struct error *err =
		arch_relocate(site->code, site->code_bytes, site->address, site->slot, &slot);
	bool has_slot = slot_arena_is_mapped(image, site->slot);
	if (err == NULL && has_slot)
		err = address_space_write(image->space, site->slot, slot.code, slot.code_bytes);
	if (err != NULL)
		return err;
	site->has_slot = has_slot;
	image->last_filled = has_slot ? site->slot : image->last_filled;
	site->original_byte = site->code[0];
	site->original_bytes = slot.original_bytes;
	site->is_syscall = slot.is_syscall;
	site->point_count = slot.point_count;
	memcpy(site->points, slot.points, sizeof(site->points));
	return has_slot ? trap_fallback_note(image, site) : NULL;
}

static struct error *image_arm_site(struct image *image, struct site *site)
{
	struct error *err = footprint_patch(image, site->address);
	if (err != NULL)
		return err;
	site->is_armed = true;
	image->last_armed = site->address;
	return address_space_write(image->space, site->address, &arch_trap_byte, 1);
}

/* Whether the trap of @site, as the books have it, is in the memory; or put there, if its code is. */
static bool image_renew_trap(struct image *image, struct site *site)
{
	uint8_t byte;

	if (address_space_read_some(image->space, site->address, &byte, 1) != 1)
		return false;
	if (byte == arch_trap_byte)
		return true;
	struct error *err = byte == site->original_byte ? image_arm_site(image, site) : NULL;
	bool is_armed = err == NULL && byte == site->original_byte;
	error_free(err);
	return is_armed;
}

/* What was written last: where it is in the memory, all others are. */
static bool image_has_last_trap(const struct image *image)
{
	const struct site *site = image_site(image, image->last_armed);

	return site != NULL && !site->is_retired && image_has_trap(image, site);
}

static bool image_has_last_slot(const struct image *image)
{
	uint8_t byte; /* hardly any instruction begins with 0 */

	return address_space_read_some(image->space, image->last_filled, &byte, 1) == 1 &&
	       byte != 0;
}

void image_verify(struct image *image)
{
	size_t cursor = 0;
	struct site *site;

	slot_arena_verify(image);
	trap_fallback_verify(image);
	bool has_slots = image_has_last_slot(image);
	if (has_slots && image_has_last_trap(image))
		return;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		site->has_slot = site->has_slot && has_slots;
		if (!site->is_armed || site->is_retired || image_renew_trap(image, site))
			continue;
		image_forget_site(image, site);
		cursor--;
	}
}

struct error *image_arm(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	image->defers_traps = false;
	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (!site->is_armed && !site->is_retired)
			err = image_arm_site(image, site);
	}
	return err;
}

/* Kept: read again later, from memory that it is not in, it would come into it. */
static struct error *image_read_site(struct image *image, pid_t tid, struct site *site)
{
	size_t bytes =
		footprint_read_code(image, tid, site->address, site->code, sizeof(site->code));
	site->code_bytes = (uint8_t)bytes;
	if (bytes > 0)
		return NULL;
	struct error *err = address_space_check(image->space);
	return err != NULL ? err
			   : error_new(ERR_FORMAT, "its code at %#lx cannot be read",
				       (unsigned long)site->address.value);
}

/* Makes the site and its slot; the trap comes last, when everything it needs is there. */
static struct error *image_place(struct image *image, struct tracee *tracee, struct site *site)
{
	struct error *err = tracee->is_stopped ? trap_fallback_install(image, tracee) : NULL;
	if (err == NULL)
		err = slot_arena_alloc(image, tracee, site->address, &site->slot);
	if (err == NULL)
		err = image_read_site(image, tracee->tid, site);
	if (err == NULL)
		err = image_fill_slot(image, site);
	site->is_armed = false;
	if (err == NULL && !image->defers_traps)
		err = image_arm_site(image, site);
	if (err != NULL)
		return err;
	site->is_retired = false;
	slot_arena_assign(image, site->slot, site);
	return NULL;
}

struct error *image_insert(struct image *image, struct tracee *tracee, taddr_t address,
			   enum site_role role, struct site **ret)
{
	struct site *site = image_site(image, address);
	if (site == NULL) {
		site = calloc(1, sizeof(*site));
		if (site == NULL)
			return error_no_memory();
		site->address = address;
		struct error *err = image_place(image, tracee, site);
		if (err == NULL)
			err = addr_map_put(&image->sites, address.value, site);
		if (err != NULL) {
			free(site);
			return err;
		}
	} else if (site->is_retired) {
		struct error *err = image_place(image, tracee, site);
		if (err != NULL)
			return err;
	}
	site->roles |= role;
	*ret = site;
	return NULL;
}

/* The trap goes; who has executed it already is led back. */
static struct error *image_retire(struct image *image, struct site *site)
{
	site->is_retired = true;
	site->roles = 0;
	return image_disarm(image, site);
}

struct error *image_remove_role(struct image *image, struct site *site, enum site_role role)
{
	site->roles &= ~(unsigned)role;
	return site->roles == 0 && !site->is_retired ? image_retire(image, site) : NULL;
}

static struct error *image_retire_slotless(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (!site->is_retired && !site->has_slot)
			err = image_retire(image, site);
	}
	return err;
}

struct error *image_map_slots(struct image *image, struct tracee *tracee)
{
	struct error *err = trap_fallback_install(image, tracee);
	return err != NULL ? err : slot_arena_map_rest(image, tracee);
}

struct error *image_fill_slots(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct error *err = NULL;

	while (err == NULL && (site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (!site->is_retired && !site->has_slot)
			err = image_fill_slot(image, site);
	}
	return err;
}

/*
 * The code behind the trap may be another than when the trap was written: the dynamic linker relocates
 * code, too, if it must (DT_TEXTREL). By the first hit it has.
 */
static struct error *image_renew_site(struct image *image, struct site *site)
{
	uint8_t code[ARCH_INSN_BYTES_MAX];
	size_t bytes = image_read_code(image, site->address, code, site->code_bytes);

	if (bytes < site->original_bytes || memcmp(code, site->code, site->original_bytes) == 0)
		return NULL;
	memcpy(site->code, code, bytes);
	struct error *err = image_fill_slot(image, site);
	if (error_take(&err, ERR_FORMAT, log_debug, "%#lx is not probed any more",
		       (unsigned long)site->address.value))
		err = image_retire(image, site);
	return err;
}

struct error *image_ready_slot(struct image *image, struct tracee *tracee, struct site *site)
{
	struct error *err = NULL;

	if (!site->is_retired && !site->is_used)
		err = image_renew_site(image, site);
	if (err != NULL || site->is_retired || (site->has_slot && !image->trap_fallback.is_wanted))
		return err;
	err = image_map_slots(image, tracee);
	if (err == NULL)
		err = image_fill_slots(image);
	if (err == NULL || error_code(err) != ERR_FORMAT)
		return err;
	return error_first(image_retire_slotless(image), err);
}
