/* The modules and sites of one address space; see image.h. Probe layer. */
#include "tracer/probe/image.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"
#include "tracer/probe/patch/slot_arena.h"

struct error *image_create(struct address_space *space)
{
	assert(space->image == NULL);
	struct image *image = calloc(1, sizeof(*image));
	if (image == NULL)
		return error_no_memory();
	image->space = space;
	image->injected.injection.space = space;
	pad_area_init(&image->pads);
	footprint_init(&image->footprint);
	code_reader_init(&image->reader);
	space->image = image;
	return NULL;
}

void image_destroy(struct image *image)
{
	size_t cursor = 0;
	struct site *site;
	struct python_mark *mark;

	if (image == NULL)
		return;
	while ((mark = addr_map_next(&image->python_marks, &cursor)) != NULL)
		free(mark);
	addr_map_deinit(&image->python_marks);
	cursor = 0;
	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		free(site->patch.pad);
		free(site->patch.former_pad);
		free(site);
	}
	addr_map_deinit(&image->sites);
	free(image->numbered);
	free(image->sum_probes);
	pad_area_deinit(&image->pads);
	injected_deinit(&image->injected);
	footprint_deinit(&image->footprint);
	code_reader_end_file(&image->reader);
	semaphores_deinit(&image->semaphores);
	cuts_deinit(&image->cuts);
	addr_map_deinit(&image->own_traps);
	addr_map_deinit(&image->mended_traps);
	proc_maps_deinit(&image->maps);
	free(image->modules);
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
		copy->patch.former_pad = NULL;
		struct error *err = pad_clone(site->patch.pad, &to->injected, &copy->patch.pad);
		if (err == NULL)
			err = pad_clone(site->patch.former_pad, &to->injected,
					&copy->patch.former_pad);
		if (err == NULL)
			err = addr_map_put(&to->sites, copy->address.value, copy);
		if (err != NULL) {
			free(copy->patch.pad);
			free(copy->patch.former_pad);
			free(copy);
			return err;
		}
		slot_arena_tie(&to->injected, &copy->patch.block);
		if (copy->patch.pad != NULL)
			to->numbered[copy->patch.pad->number] = copy;
	}
	return NULL;
}

static struct error *image_clone_sums(struct image *to, const struct image *from)
{
	struct error *err =
		array_reserve(&to->sum_probes, &to->sum_capacity, from->sum_count, sizeof(void *));
	if (err != NULL || from->sum_count == 0)
		return err;
	to->sum_count = from->sum_count;
	memcpy(to->sum_probes, from->sum_probes, to->sum_count * sizeof(void *));
	return NULL;
}

/* As many numbers as the parent has, none of them given. */
static struct error *image_clone_numbers(struct image *to, const struct image *from)
{
	struct error *err = array_reserve(&to->numbered, &to->numbered_capacity,
					  from->numbered_count, sizeof(void *));
	if (err != NULL || from->numbered_count == 0)
		return err;
	to->numbered_count = from->numbered_count;
	memset(to->numbered, 0, to->numbered_count * sizeof(void *));
	return NULL;
}

struct error *image_clone(const struct image *parent, struct address_space *space)
{
	struct error *err = image_create(space);
	if (err != NULL)
		return err;
	struct image *child = space->image;
	child->linker_hits = parent->linker_hits;
	child->has_linker_site = parent->has_linker_site;
	child->last_block = parent->last_block;
	child->last_patched = parent->last_patched;
	child->is_settled = parent->is_settled;
	child->is_attached = parent->is_attached;
	child->has_no_sums = parent->has_no_sums;
	child->is_given_up = parent->is_given_up;
	child->is_waiting = parent->is_waiting;
	child->python = parent->python;
	child->is_go = parent->is_go;
	child->trap_fallback = parent->trap_fallback;
	pad_area_clone(&child->pads, &parent->pads);
	err = array_reserve(&child->modules, &child->module_capacity, parent->module_count,
			    sizeof(*child->modules));
	if (err == NULL && parent->module_count > 0) {
		memcpy(child->modules, parent->modules,
		       parent->module_count * sizeof(*child->modules));
		child->module_count = parent->module_count;
	}
	if (err == NULL)
		err = semaphores_clone(&child->semaphores, &parent->semaphores);
	if (err == NULL)
		err = injected_clone(&child->injected, &parent->injected);
	if (err == NULL)
		err = cuts_copy(&child->cuts, &parent->cuts);
	if (err == NULL)
		err = image_clone_numbers(child, parent);
	if (err == NULL)
		err = image_clone_sites(child, parent);
	if (err == NULL)
		err = image_clone_sums(child, parent);
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

void image_drop_pad(struct image *image, struct patch *patch)
{
	if (patch->pad != NULL)
		image->numbered[patch->pad->number] = NULL;
	pad_destroy(patch->pad, &image->injected);
	pad_destroy(patch->former_pad, &image->injected);
	patch->pad = patch->former_pad = NULL;
}

struct site *image_numbered(const struct image *image, uint32_t number)
{
	return number < image->numbered_count ? image->numbered[number] : NULL;
}

static struct error *disarm_all(struct image *image, bool are_watches)
{
	size_t cursor = 0;
	const struct site *site;
	struct error *first = NULL;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (((site->roles & SITE_TRAP_WATCH) != 0) == are_watches)
			first = error_first(first, image_disarm(image, site));
	}
	return first;
}

struct error *image_restore_but_watches(struct image *image)
{
	struct error *first = address_space_check(image->space);

	if (first != NULL)
		return first;
	first = semaphores_lower(&image->semaphores, image->space);
	return error_first(first, disarm_all(image, false));
}

/* As long as one trap is left, what the program does with SIGTRAP must be known. */
struct error *image_restore(struct image *image)
{
	struct error *first = image_restore_but_watches(image);

	if (first != NULL && error_code(first) == ERR_GONE)
		return first;
	first = error_first(first, disarm_all(image, true));
	image->is_restored = first == NULL;
	image->watches_traps = false;
	return first;
}

struct error *image_give_up(struct image *image)
{
	image->is_given_up = true;
	return image_restore(image);
}

struct error *image_restore_copy(const struct image *image, pid_t pid)
{
	const struct address_space copy = { .pid = pid, .mem_fd = -1 };
	size_t cursor = 0;
	const struct site *site;
	struct error *first = NULL;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL)
		first = error_first(first, patch_remove(&site->patch, &copy));
	return first;
}

bool image_has_mappings(const struct image *image)
{
	return injected_has_any(&image->injected);
}

struct error *image_unmap(struct image *image, struct tracee *tracee)
{
	struct error *err = trap_fallback_remove(&image->trap_fallback, &image->injected, tracee);
	return err != NULL ? err : injected_unmap(&image->injected, tracee);
}

void image_leave_mappings(struct image *image)
{
	trap_fallback_leave(&image->trap_fallback, &image->injected);
	injected_leave(&image->injected);
}

struct error *image_adopt(struct image *image, pid_t pid, const struct proc_maps *maps,
			  size_t *ret_healed)
{
	*ret_healed = 0;
	struct error *err = injected_adopt(&image->injected, maps);
	if (err == NULL)
		err = trap_fallback_adopt(&image->trap_fallback, &image->injected, pid, ret_healed);
	return err != NULL ? err : slot_arena_adopt(&image->injected);
}

void image_forget_site(struct image *image, struct site *site)
{
	addr_map_remove(&image->sites, site->address.value);
	slot_arena_free(&image->injected, &site->patch.block);
	image_drop_pad(image, &site->patch);
	if (site->roles & SITE_RETURN)
		error_free(pad_area_remove_return(&image->pads, &image->injected, site->address));
	free(site);
}

/*
 * Forgets the sites in [start, end); with @keeps_patched not those whose patches are there. Whether
 * any stay.
 */
static bool forget_sites(struct image *image, uint64_t start, uint64_t end, bool keeps_patched)
{
	size_t cursor = 0;
	struct site *site;
	bool has_kept = false;

	while ((site = addr_map_next(&image->sites, &cursor)) != NULL) {
		if (site->address.value < start || site->address.value >= end)
			continue;
		if (keeps_patched && patch_look(&site->patch, image->space) == PATCH_IS_THERE) {
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
	semaphores_forget(&image->semaphores, start, end);
	footprint_forget(&image->footprint, start, end);
	cuts_forget(&image->cuts, start, end);
}

void image_hide_patches(const struct image *image, taddr_t from, uint8_t *code, size_t bytes)
{
	/* One that begins in front of @from may reach into it. */
	for (uint64_t at = from.value - (PATCH_BYTES_MAX - 1); at != from.value + bytes; at++) {
		if (at - from.value < bytes && !patch_may_begin_with(code[at - from.value]))
			continue;
		const struct site *site = image_site(image, taddr(at));
		const struct site *marked = image_jump_site(image, taddr(at));
		if (site != NULL)
			patch_hide(&site->patch, from, code, bytes);
		if (marked != NULL)
			patch_hide(&marked->patch, from, code, bytes);
	}
}

size_t image_read_code(const struct image *image, taddr_t from, uint8_t *ret, size_t bytes)
{
	size_t got = address_space_read_some(image->space, from, ret, bytes);
	image_hide_patches(image, from, ret, got);
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

taddr_t image_mapping_end(struct image *image, pid_t pid, taddr_t address)
{
	struct error *err = image_know_mappings(image, pid, address, address);
	const struct mapping *mapping =
		err == NULL ? proc_maps_find(&image->maps, address.value) : NULL;

	error_free(err);
	return taddr(mapping == NULL ? 0 : mapping->end);
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
