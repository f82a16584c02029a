/* Where punned jumps lead; see trampoline.h. Probe layer. */
#include "tracer/probe/jump/trampoline.h"

#include <string.h>

#include "tracer/probe/patch/slot_arena.h"

enum {
	/* Each is a page or two that are in memory, and a mapping of the program's, of which there may be 65530. */
	TRAMPOLINE_MAPPINGS_MOST = 2048,
	/* Of the pages that a jump may lead to, so many are tried. */
	TRIES_MOST = 64,
	FAR_FROM_CODE_BYTES = 64 << 20,
};

/* Where the jump may lead: to @first, and every @step bytes from there on. */
struct reach {
	taddr_t first, last;
	uint64_t step;
};

/* The first such place in @mapping with room. */
static taddr_t find_in(const struct injected_mapping *mapping, const struct reach *reach)
{
	const uint64_t start = mapping->start.value, end = start + mapping->bytes;
	const uint64_t before = start > reach->first.value ? start - reach->first.value : 0;
	taddr_t ret = taddr(0);

	if (reach->step == 1)
		return slot_arena_free_place(mapping, reach->first, reach->last,
					     ARCH_TRAMPOLINE_BYTES_MAX);
	for (uint64_t i = (before + reach->step - 1) / reach->step; ret.value == 0; i++) {
		const taddr_t at = taddr_add(reach->first, i * reach->step);
		if (at.value > reach->last.value || at.value >= end)
			break;
		ret = slot_arena_free_place(mapping, at, at, ARCH_TRAMPOLINE_BYTES_MAX);
	}
	return ret;
}

/* In a page that others lead to. */
static taddr_t find_shared(const struct injected *injected, const struct reach *reach,
			   size_t *ret_count)
{
	*ret_count = 0;
	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->kind != INJECTED_TRAMPOLINES)
			continue;
		++*ret_count;
		taddr_t at = mapping->is_mapped ? find_in(mapping, reach) : taddr(0);
		if (at.value != 0)
			return at;
	}
	return taddr(0);
}

struct error *trampoline_read_maps(const struct injected *injected, const struct tracee *tracee,
				   struct proc_maps *ret)
{
	struct error *err = proc_maps_read(ret, tracee->tid);

	for (size_t i = 0; err == NULL && i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->is_mapped)
			proc_maps_note_ours(ret, mapping->start.value);
	}
	return err;
}

/* The whole pages that a trampoline at @at needs; the mapping begins with a head. */
static void pages_for(taddr_t at, uint64_t *ret_start, uint64_t *ret_end)
{
	const uint64_t page_bytes = ARCH_PAGE_BYTES, end = at.value + ARCH_TRAMPOLINE_BYTES_MAX;

	*ret_start = (at.value - INJECTED_HEAD_BYTES) / page_bytes * page_bytes;
	*ret_end = (end + page_bytes - 1) / page_bytes * page_bytes;
}

/*
 * The place number @i of @tries in @reach: scattered, so that the distances between trampolines are hardly ever those
 * between the program's code and a copy of it.
 */
static taddr_t place_of(const struct reach *reach, taddr_t from, uint64_t i, uint64_t tries)
{
	const uint64_t page_bytes = ARCH_PAGE_BYTES;
	const uint64_t pages = (reach->last.value - reach->first.value) / page_bytes;
	const uint64_t hash = from.value * UINT64_C(0x9e3779b97f4a7c15) >> 32;

	if (reach->step > 1) {
		const uint64_t places = (reach->last.value - reach->first.value) / reach->step + 1;
		return taddr_add(reach->first,
				 (hash + i * (places / tries | 1)) % places * reach->step);
	}
	if (pages <= 1)
		return reach->first;
	const uint64_t page = (hash + i * (pages / tries | 1)) % pages;
	return taddr((reach->first.value / page_bytes + page + 1) * page_bytes +
		     INJECTED_HEAD_BYTES);
}

/* The next place that is tried, from number *@try on, and is out of the way. 0: there is none. */
static taddr_t find_free(const struct proc_maps *maps, taddr_t from, const struct reach *reach,
			 uint64_t *try)
{
	const uint64_t pages =
		(reach->last.value - reach->first.value) / (uint64_t)ARCH_PAGE_BYTES + 1;
	const uint64_t tries = pages < TRIES_MOST ? pages : TRIES_MOST;
	uint64_t start, end;

	while (*try < tries) {
		const taddr_t at = place_of(reach, from, (*try)++, tries);
		pages_for(at, &start, &end);
		if (at.value <= reach->last.value &&
		    proc_maps_is_out_of_the_way(maps, start, end - start, FAR_FROM_CODE_BYTES))
			return at;
	}
	return taddr(0);
}

/* Maps a page; *@ret is 0 where there is no place for one. */
static struct error *map_page(struct injected *injected, struct tracee *tracee, taddr_t from,
			      const struct reach *reach, taddr_t *ret)
{
	struct injected_mapping *mapping;
	struct proc_maps maps;
	uint64_t try = 0, start, end;

	*ret = taddr(0);
	struct error *err = trampoline_read_maps(injected, tracee, &maps);
	if (err != NULL)
		return err;
	while (err == NULL && ret->value == 0) {
		const taddr_t at = find_free(&maps, from, reach, &try);
		if (at.value == 0)
			break;
		pages_for(at, &start, &end);
		err = slot_arena_add_trampolines(injected, tracee, taddr(start), end - start,
						 &mapping);
		if (err == NULL)
			*ret = at;
		else if (error_code(err) == ERR_FORMAT) { /* another thread was faster */
			error_free(err);
			err = NULL;
		}
	}
	proc_maps_deinit(&maps);
	return err;
}

struct error *trampoline_find(struct injected *injected, struct tracee *tracee, taddr_t from,
			      const struct pad_window *window, taddr_t *ret,
			      uint8_t *ret_prefix_bytes)
{
	const unsigned prefixes_most = window->code_bytes - ARCH_JUMP_BYTES;
	struct error *err = NULL;
	struct reach reach = { .step = 1 };
	size_t count;

	*ret = taddr(0);
	/* A page that is there already is best. Each prefix moves the distance to other bytes of the code. */
	for (int maps_pages = 0; maps_pages < 2; maps_pages++) {
		for (unsigned i = 0; err == NULL && i <= prefixes_most && i < window->bytes; i++) {
			if (!arch_pun_reach(from, window->code, window->bytes, i, &reach.first,
					    &reach.last))
				continue;
			*ret_prefix_bytes = (uint8_t)i;
			*ret = find_shared(injected, &reach, &count);
			if (ret->value == 0 && maps_pages && count < TRAMPOLINE_MAPPINGS_MOST)
				err = map_page(injected, tracee, from, &reach, ret);
			if (err == NULL && ret->value != 0)
				return NULL;
		}
	}
	return err != NULL ? err
			   : error_new(ERR_FORMAT, "there is no free memory where it would lead");
}

/* False: nowhere that can be mapped. */
static bool find_reach(taddr_t from, const uint8_t jump[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		       unsigned prefix_bytes, unsigned given_bytes, struct reach *ret)
{
	uint32_t given = 0;

	ret->step = UINT64_C(1) << 8 * given_bytes;
	if (!arch_pun_reach(from, jump, own_bytes, prefix_bytes, &ret->first, &ret->last))
		return false;
	memcpy(&given, jump + prefix_bytes + 1, given_bytes);
	ret->first = taddr_add(ret->first, given);
	return true;
}

bool trampoline_may_be(const struct injected *injected, const struct proc_maps *maps, taddr_t from,
		       const uint8_t jump[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		       unsigned prefix_bytes, unsigned given_bytes)
{
	struct reach reach;
	uint64_t try = 0;
	size_t count;

	return find_reach(from, jump, own_bytes, prefix_bytes, given_bytes, &reach) &&
	       (find_shared(injected, &reach, &count).value != 0 ||
		(count < TRAMPOLINE_MAPPINGS_MOST &&
		 find_free(maps, from, &reach, &try).value != 0));
}

struct error *trampoline_find_given(struct injected *injected, struct tracee *tracee, taddr_t from,
				    const uint8_t jump[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
				    unsigned prefix_bytes, unsigned given_bytes, taddr_t *ret)
{
	struct reach reach;
	size_t count;

	*ret = taddr(0);
	if (!find_reach(from, jump, own_bytes, prefix_bytes, given_bytes, &reach))
		return NULL;
	*ret = find_shared(injected, &reach, &count);
	return ret->value != 0 || count >= TRAMPOLINE_MAPPINGS_MOST
		       ? NULL
		       : map_page(injected, tracee, from, &reach, ret);
}

struct error *trampoline_write(struct injected *injected, struct pad *pad, taddr_t at)
{
	struct injected_mapping *mapping = injected_at(injected, at);
	uint8_t code[ARCH_TRAMPOLINE_BYTES_MAX];
	const size_t bytes = arch_trampoline_build(at, pad_entry(pad), code);

	pad->trampoline.address = pad->block.address;
	struct error *err = slot_arena_place(mapping, at, &pad->trampoline, (uint16_t)bytes);
	if (err == NULL)
		err = address_space_write(injected->injection.space, at, code, bytes);
	if (err == NULL)
		pad->trampoline.is_written = true;
	return err;
}
