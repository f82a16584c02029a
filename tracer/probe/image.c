/* The modules and sites of one address space; see image.h. Probe layer. */
#include "tracer/probe/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"
#include "tracer/probe/patch/semaphores.h"
#include "tracer/probe/patch/slot_arena.h"
#include "tracer/probe/patch/trap_fallback.h"

struct error *image_create(struct address_space *space)
{
	assert(space->image == NULL);
	struct image *image = calloc(1, sizeof(*image));
	if (image == NULL)
		return error_no_memory();
	image->space = space;
	footprint_init(&image->footprint);
	space->image = image;
	return NULL;
}

void image_destroy(struct image *image)
{
	size_t cursor = 0;
	struct site *site;

	if (image == NULL)
		return;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL)
		free(site);
	addr_map_deinit(&image->sites);
	slot_arena_deinit(image);
	footprint_deinit(&image->footprint);
	proc_maps_deinit(&image->maps);
	free(image->modules);
	free(image->semaphores);
	image->space->image = NULL;
	free(image);
}

static struct error *image_clone_sites(struct image *to, const struct image *from)
{
	size_t cursor = 0;
	const struct site *site;

	while ((site = addr_map_next(&from->sites, &cursor)) != NULL) {
		struct site *copy = malloc(sizeof(*copy));
		if (copy == NULL)
			return error_no_memory();
		*copy = *site;
		struct error *err = addr_map_put(&to->sites, copy->address.value, copy);
		if (err != NULL) {
			free(copy);
			return err;
		}
		slot_arena_assign(to, copy->slot, copy);
	}
	return NULL;
}

struct error *image_clone(const struct image *parent, struct address_space *space)
{
	struct error *err = image_create(space);
	if (err != NULL)
		return err;
	struct image *child = space->image;
	child->syscall_insn = parent->syscall_insn;
	child->linker_hits = parent->linker_hits;
	child->has_linker_site = parent->has_linker_site;
	child->last_filled = parent->last_filled;
	child->last_armed = parent->last_armed;
	child->is_settled = parent->is_settled;
	child->python = parent->python;
	child->is_go = parent->is_go;
	child->trap_fallback = parent->trap_fallback;
	err = array_reserve(&child->modules, &child->module_capacity, parent->module_count,
			    sizeof(*child->modules));
	if (err == NULL && parent->module_count > 0) {
		memcpy(child->modules, parent->modules,
		       parent->module_count * sizeof(*child->modules));
		child->module_count = parent->module_count;
	}
	if (err == NULL)
		err = semaphores_clone(child, parent);
	if (err == NULL)
		err = slot_arena_clone(child, parent);
	if (err == NULL)
		err = image_clone_sites(child, parent);
	if (err == NULL)
		err = footprint_clone(&child->footprint, &parent->footprint);
	if (err != NULL)
		image_destroy(child);
	return err;
}

struct site *image_site(const struct image *image, taddr_t address)
{
	return addr_map_get(&image->sites, address.value);
}

struct site *image_slot_site(const struct image *image, taddr_t pc,
			     const struct arch_slot_point **ret_point)
{
	struct site *site = slot_arena_site(image, pc);
	if (site == NULL)
		return NULL;
	/* A thread stops at instruction boundaries only, and each is a point. */
	for (size_t i = 0; i < site->point_count; i++) {
		if (pc.value == site->slot.value + site->points[i].offset_bytes) {
			*ret_point = &site->points[i];
			return site;
		}
	}
	return NULL;
}

bool image_has_trap(const struct image *image, const struct site *site)
{
	uint8_t byte;

	return address_space_read_some(image->space, site->address, &byte, 1) == 1 &&
	       byte == arch_trap_byte;
}

struct error *image_disarm(struct image *image, const struct site *site)
{
	/* Where its trap is no more, the program has written code of its own, or unmapped it. */
	if (!image_has_trap(image, site))
		return NULL;
	return address_space_write(image->space, site->address, &site->original_byte, 1);
}

struct error *image_restore(struct image *image)
{
	size_t cursor = 0;
	const struct site *site;
	struct error *first = semaphores_lower(image);

	image->is_restored = true;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL)
		first = error_first(first, image_disarm(image, site));
	return first;
}

bool image_has_mappings(const struct image *image)
{
	if (image->trap_fallback.is_installed)
		return true;
	for (size_t i = 0; i < image->chunk_count; i++) {
		if (image->chunks[i].is_mapped)
			return true;
	}
	return false;
}

struct error *image_unmap(struct image *image, struct tracee *tracee)
{
	struct error *err = trap_fallback_remove(image, tracee);
	return err != NULL ? err : slot_arena_unmap(image, tracee);
}

void image_leave_mappings(struct image *image)
{
	trap_fallback_leave(image);
	slot_arena_leave(image);
}

void image_forget_site(struct image *image, struct site *site)
{
	addr_map_remove(&image->sites, site->address.value);
	slot_arena_assign(image, site->slot, NULL);
	free(site);
}

/* Forgets the sites in [start, end); with @keeps_traps not those whose traps are there. Whether any stay. */
static bool forget_sites(struct image *image, uint64_t start, uint64_t end, bool keeps_traps)
{
	size_t cursor = 0;
	struct site *site;
	bool has_kept = false;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->address.value < start || site->address.value >= end)
			continue;
		if (keeps_traps && image_has_trap(image, site)) {
			has_kept = true;
			continue;
		}
		image_forget_site(image, site);
		cursor--;
	}
	return has_kept;
}

bool image_forget_replaced(struct image *image, uint64_t start, uint64_t end)
{
	return forget_sites(image, start, end, true);
}

void image_forget(struct image *image, uint64_t start, uint64_t end)
{
	(void)forget_sites(image, start, end, false);
	semaphores_forget(image, start, end);
	footprint_forget(&image->footprint, start, end);
}

void image_hide_traps(const struct image *image, taddr_t from, uint8_t *code, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		if (code[i] != arch_trap_byte)
			continue;
		const struct site *site = image_site(image, taddr_add(from, i));
		if (site != NULL)
			code[i] = site->original_byte;
	}
}

size_t image_read_code(const struct image *image, taddr_t from, uint8_t *ret, size_t bytes)
{
	size_t got = address_space_read_some(image->space, from, ret, bytes);
	image_hide_traps(image, from, ret, got);
	return got;
}

/* Reads the mappings again if one of the addresses is in none of those known. */
static struct error *image_know_mappings(struct image *image, pid_t pid, taddr_t a, taddr_t b)
{
	struct proc_maps fresh;

	if (proc_maps_find(&image->maps, a.value) != NULL &&
	    proc_maps_find(&image->maps, b.value) != NULL)
		return NULL;
	struct error *err = proc_maps_read(&fresh, pid);
	if (err != NULL)
		return err;
	proc_maps_deinit(&image->maps);
	image->maps = fresh;
	return NULL;
}

bool image_same_mapping(struct image *image, pid_t pid, taddr_t a, taddr_t b)
{
	struct error *err = image_know_mappings(image, pid, a, b);
	if (err != NULL) {
		error_free(err);
		return true;
	}
	return proc_maps_find(&image->maps, a.value) == proc_maps_find(&image->maps, b.value);
}

bool image_find_elf(struct image *image, pid_t pid, taddr_t pc, taddr_t *ret_header)
{
	struct error *err = image_know_mappings(image, pid, pc, pc);
	const struct mapping *header =
		err == NULL ? proc_maps_elf_header(&image->maps, pc.value) : NULL;

	error_free(err);
	if (header != NULL)
		*ret_header = taddr(header->start);
	return header != NULL;
}

bool image_has_entries(const struct image *image)
{
	size_t cursor = 0;
	const struct site *site;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->roles & SITE_ENTRY)
			return true;
	}
	return false;
}

struct module *image_module_at(const struct image *image, taddr_t address)
{
	for (size_t i = 0; i < image->module_count; i++) {
		if (address.value >= image->modules[i].start &&
		    address.value < image->modules[i].end)
			return &image->modules[i];
	}
	return NULL;
}
