/* What pads share; see pad_area.h. Probe layer. */
#include "tracer/probe/patch/pad_area.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tracer/base/array.h"
#include "tracer/probe/patch/locked_memory.h"
#include "tracer/probe/patch/pad_area_private.h"

enum {
	AREA_BYTES = (sizeof(struct arch_pad_data) + ARCH_PAGE_BYTES - 1) / ARCH_PAGE_BYTES *
		     ARCH_PAGE_BYTES,
};
_Static_assert(AREA_BYTES / ARCH_PAGE_BYTES <= PAD_AREA_PAGES_MOST,
	       "there are more pages than bits in is_used");

void pad_area_init(struct pad_area *area)
{
	*area = (struct pad_area){ .statm_fd = -1, .ages = { .usual = UINT64_MAX } };
}

void pad_area_deinit(struct pad_area *area)
{
	for (size_t i = 0; i < area->ring_count; i++)
		ring_destroy(area->rings[i]);
	free(area->rings);
	pad_area_init(area);
}

void pad_area_clone(struct pad_area *to, const struct pad_area *from)
{
	pad_area_init(to);
	to->refusal = from->refusal;
	to->data = from->data;
	to->is_memory_forbidden = from->is_memory_forbidden;
	to->memory_refusal = from->memory_refusal;
	to->statm_fd = from->statm_fd;
	to->statm_device = from->statm_device;
	to->statm_inode = from->statm_inode;
	to->is_statm_inherited = from->statm_fd >= 0;
}

uint64_t pad_area_bytes(void)
{
	return AREA_BYTES;
}

void pad_area_verify(struct pad_area *area, const struct injected *injected)
{
	uint8_t byte;

	if (address_space_read_some(injected->injection.space, area->data, &byte, 1) != 1)
		area->data = taddr(0);
}

void pad_area_refuse(struct pad_area *area, const char *why)
{
	if (area->refusal == NULL)
		area->refusal = why;
}

/* Maps @bytes that a child of a fork finds zeroed; *@ret stays valid until the next mapping. */
static struct error *map_wiped(struct injected *injected, struct tracee *tracee,
			       enum injected_kind kind, uint64_t bytes,
			       struct injected_mapping **ret)
{
	long result = 0;

	struct error *err = injected_add(injected, kind, taddr(0), bytes, ret);
	if (err != NULL)
		return err;
	(*ret)->used_bytes = 0;
	err = injected_map(injected, *ret, tracee, taddr(0));
	if (err != NULL) {
		injected_drop(injected, *ret);
		return err;
	}
	const uint64_t arguments[6] = { (*ret)->start.value, bytes, MADV_WIPEONFORK };
	err = injection_syscall(&injected->injection, tracee, SYS_madvise, arguments, &result);
	if (err == NULL && result != 0)
		err = error_new(ERR_FORMAT, "the kernel cannot wipe memory at a fork (before "
					    "Linux 4.14)");
	if (err != NULL)
		return err;
	/* A huge page would be in memory as a whole with the first byte. A kernel without them fails, and has none. */
	const uint64_t small[6] = { (*ret)->start.value, bytes, MADV_NOHUGEPAGE };
	return injection_syscall(&injected->injection, tracee, SYS_madvise, small, &result);
}

struct error *pad_area_map(struct pad_area *area, struct injected *injected, struct tracee *tracee)
{
	struct injected_mapping *mapping;

	if (area->refusal != NULL || area->data.value != 0)
		return NULL;
	if (injected->is_frugal) {
		pad_area_refuse(area, "the program locks its memory");
		return NULL;
	}
	struct error *err = map_wiped(injected, tracee, INJECTED_PAD_DATA, AREA_BYTES, &mapping);
	if (err == NULL)
		err = locked_memory_populate(injected, mapping, tracee);
	if (err == NULL)
		area->data = mapping->start;
	else if (error_code(err) == ERR_FORMAT) {
		pad_area_refuse(area, "no memory for their records could be mapped in the program");
		error_free(err);
		err = NULL;
	}
	return err;
}

struct error *pad_area_unmap(struct pad_area *area, struct injected *injected,
			     struct tracee *tracee)
{
	const char *refusal = area->refusal;
	struct error *err = NULL;
	long result = 0;

	for (size_t i = injected->count; err == NULL && i-- > 0;) {
		struct injected_mapping *mapping = &injected->mappings[i];
		const uint64_t arguments[6] = { mapping->start.value, mapping->bytes };
		if (injected_is_code(mapping->kind) || !mapping->is_mapped || mapping->was_in_use)
			continue;
		err = injection_syscall(&injected->injection, tracee, SYS_munmap, arguments,
					&result);
		if (err == NULL && result == 0)
			injected_drop(injected, mapping);
	}
	pad_area_deinit(area);
	area->refusal = refusal;
	return err;
}

struct error *area_write(struct pad_area *area, const struct injected *injected, uint64_t offset,
			 const void *from, size_t bytes)
{
	const uint64_t page = offset / ARCH_PAGE_BYTES, bit = UINT64_C(1) << page % 64;

	struct error *err = address_space_write(injected->injection.space,
						taddr_add(area->data, offset), from, bytes);
	if (err == NULL && !(area->is_used[page / 64] & bit)) {
		area->is_used[page / 64] |= bit;
		area->used_pages++;
	}
	return err;
}

struct error *area_read(const struct pad_area *area, const struct injected *injected,
			uint64_t offset, void *ret, size_t bytes)
{
	return address_space_read(injected->injection.space, taddr_add(area->data, offset), ret,
				  bytes);
}

static uint64_t thread_at(uint32_t index)
{
	return offsetof(struct arch_pad_data, threads) + index * sizeof(struct arch_pad_thread);
}

static bool ring_is_at(const struct pad_area *area, taddr_t start)
{
	for (size_t i = 0; i < area->ring_count; i++) {
		if (taddr_equal(area->rings[i]->start, start))
			return true;
	}
	return false;
}

static struct error *area_add_ring(struct pad_area *area, taddr_t start, uint64_t slots,
				   struct ring **ret)
{
	struct error *err = array_reserve(&area->rings, &area->ring_capacity, area->ring_count + 1,
					  sizeof(void *));
	if (err != NULL)
		return err;
	*ret = calloc(1, sizeof(**ret));
	if (*ret == NULL)
		return error_no_memory();
	(*ret)->start = start;
	(*ret)->slots = slots;
	area->rings[area->ring_count++] = *ret;
	return NULL;
}

static uint64_t slots_of(const struct injected_mapping *mapping)
{
	uint64_t slots = RING_SLOTS_MIN;

	while (slots < RING_SLOTS_MAX && ring_bytes(2 * slots) <= mapping->bytes)
		slots *= 2;
	return slots;
}

/* So many threads have large rings; those of programs with very many threads are small. */
static uint64_t slots_for_next(const struct pad_area *area)
{
	enum { LARGE_COUNT = 8, MIDDLE_COUNT = 64 };

	if (area->ring_count < LARGE_COUNT)
		return RING_SLOTS_MAX;
	return area->ring_count < MIDDLE_COUNT ? RING_SLOTS_MAX / 4 : RING_SLOTS_MIN;
}

/* A ring that a thread has left, or whose mapping was the parent's; or a new one. */
static struct error *area_find_ring(struct pad_area *area, struct injected *injected,
				    struct tracee *tracee, struct ring **ret)
{
	struct injected_mapping *mapping;

	for (size_t i = 0; i < area->ring_count; i++) {
		*ret = area->rings[i];
		if ((*ret)->key == 0)
			return NULL;
	}
	for (size_t i = 0; i < injected->count; i++) {
		mapping = &injected->mappings[i];
		if (mapping->kind == INJECTED_RING && mapping->is_mapped &&
		    !ring_is_at(area, mapping->start))
			return area_add_ring(area, mapping->start, slots_of(mapping), ret);
	}
	uint64_t slots = slots_for_next(area);
	struct error *err = map_wiped(injected, tracee, INJECTED_RING, ring_bytes(slots), &mapping);
	return err != NULL ? err : area_add_ring(area, mapping->start, slots, ret);
}

/* The entry of @key, or one that is free; false: neither is near enough. */
static bool find_entry(const struct arch_pad_thread entries[ARCH_PAD_PROBES], uint64_t key,
		       uint32_t *ret)
{
	bool is_found = false;

	for (uint32_t i = ARCH_PAD_PROBES; i-- > 0;) {
		if (entries[i].key == key || (entries[i].ring == 0 && !is_found)) {
			*ret = i;
			is_found = true;
		}
		if (entries[i].key == key)
			return true;
	}
	return is_found;
}

static struct error *area_write_thread(struct pad_area *area, const struct injected *injected,
				       uint64_t key, taddr_t ring, bool *ret_has_room)
{
	const uint32_t index = arch_pad_thread_index(key);
	struct arch_pad_thread entries[ARCH_PAD_PROBES];
	uint32_t i = 0;

	struct error *err = area_read(area, injected, thread_at(index), entries, sizeof(entries));
	*ret_has_room = err == NULL && find_entry(entries, key, &i);
	if (err != NULL || !*ret_has_room)
		return err;
	const uint64_t at = thread_at(index + i);
	/* The ring last: with none, an entry is no thread's. */
	if (entries[i].key != key)
		err = area_write(area, injected, at + offsetof(struct arch_pad_thread, key), &key,
				 sizeof(key));
	return err != NULL ? err
			   : area_write(area, injected, at + offsetof(struct arch_pad_thread, ring),
					&ring.value, sizeof(ring.value));
}

struct error *pad_area_add_thread(struct pad_area *area, struct injected *injected,
				  struct tracee *tracee, uint64_t key, struct ring **ret)
{
	struct ring *ring;
	bool has_room = false;

	*ret = NULL;
	if (area->data.value == 0 || area->refusal != NULL)
		return NULL;
	struct error *err = area_find_ring(area, injected, tracee, &ring);
	if (err == NULL)
		err = ring_reset(ring, injected->injection.space, area->statm_fd, &area->ages);
	if (err == NULL)
		err = area_write_thread(area, injected, key, ring->start, &has_room);
	if (err != NULL || !has_room)
		return err;
	ring->key = key;
	ring->tid = ring->owner_tid = tracee->tid;
	pad_area_account(area, injected);
	*ret = ring;
	return NULL;
}

struct error *pad_area_remove_thread(struct pad_area *area, const struct injected *injected,
				     struct ring *ring)
{
	bool has_room = false;

	struct error *err = area_write_thread(area, injected, ring->key, taddr(0), &has_room);
	if (err == NULL)
		ring->key = 0;
	return err;
}

struct error *pad_area_revoke(struct pad_area *area, const struct injected *injected,
			      struct ring *ring)
{
	struct error *err = pad_area_remove_thread(area, injected, ring);
	ring->key = UINT64_MAX; /* no thread's */
	return err;
}

struct ring *pad_area_ring(const struct pad_area *area, uint64_t key)
{
	for (size_t i = 0; i < area->ring_count; i++) {
		if (area->rings[i]->key == key)
			return area->rings[i];
	}
	return NULL;
}

struct ring *pad_area_ring_of(const struct pad_area *area, pid_t tid)
{
	for (size_t i = 0; i < area->ring_count; i++) {
		if (area->rings[i]->key != 0 && area->rings[i]->tid == tid)
			return area->rings[i];
	}
	return NULL;
}

struct error *pad_area_set_memory(struct pad_area *area, const struct injected *injected,
				  const struct memory_ages *ages)
{
	struct error *err = NULL;

	area->ages = *ages;
	if (ages->usual != UINT64_MAX)
		area->memory_age_kept = ages->lax > ages->usual ? ages->lax : ages->usual;
	for (size_t i = 0; err == NULL && i < area->ring_count; i++) {
		if (area->rings[i]->key != 0)
			err = ring_set_memory(area->rings[i], injected->injection.space,
					      area->statm_fd, ages);
	}
	return err;
}

void pad_area_account_ring(const struct ring *ring, const struct injected *injected,
			   uint64_t but_slots)
{
	struct injected_mapping *mapping = injected_at(injected, ring->start);
	const uint64_t used_bytes = ring_used_bytes(ring, but_slots);

	if (mapping != NULL && used_bytes > mapping->used_bytes)
		mapping->used_bytes = used_bytes;
}

void pad_area_account(const struct pad_area *area, const struct injected *injected)
{
	for (size_t i = 0; i < area->ring_count; i++)
		pad_area_account_ring(area->rings[i], injected, 0);
	struct injected_mapping *data = injected_at(injected, area->data);
	if (data != NULL && data->kind == INJECTED_PAD_DATA)
		data->used_bytes = area->used_pages * ARCH_PAGE_BYTES;
}
