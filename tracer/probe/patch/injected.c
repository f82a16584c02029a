/* The mappings that we have put into a program; see injected.h. Probe layer. */
#include "tracer/probe/patch/injected.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/base/array.h"

/* At the start of each mapping. */
struct injected_head {
	uint8_t syscall_insn[8];
	uint8_t return_trap[8];
	char mark[12];
	uint32_t kind;
	uint64_t bytes;
	uint64_t used_bytes; /* when it was left behind; 0: it is in use */
	uint64_t pad_data;   /* the tables of its pads; 0: it has none */
	uint64_t self;	     /* where this word is */
};
_Static_assert(sizeof(struct injected_head) == INJECTED_HEAD_BYTES, "the head has another size");
static const char mark[12] = "mprof-trace";

static taddr_t self_of(const struct injected_mapping *mapping)
{
	return taddr_add(mapping->start, offsetof(struct injected_head, self));
}

void injected_deinit(struct injected *injected)
{
	for (size_t i = 0; i < injected->count; i++)
		free(injected->mappings[i].blocks);
	free(injected->mappings);
	injected->mappings = NULL;
	injected->count = injected->capacity = 0;
}

struct error *injected_add(struct injected *injected, enum injected_kind kind, taddr_t start,
			   uint64_t bytes, struct injected_mapping **ret)
{
	struct error *err = array_reserve(&injected->mappings, &injected->capacity,
					  injected->count + 1, sizeof(*injected->mappings));
	if (err != NULL)
		return err;
	*ret = &injected->mappings[injected->count++];
	**ret = (struct injected_mapping){
		.kind = kind, .start = start, .bytes = bytes, .used_bytes = INJECTED_HEAD_BYTES
	};
	return NULL;
}

void injected_drop(struct injected *injected, struct injected_mapping *mapping)
{
	size_t index = (size_t)(mapping - injected->mappings);

	free(mapping->blocks);
	memmove(mapping, mapping + 1, (--injected->count - index) * sizeof(*mapping));
}

struct error *injected_clone(struct injected *to, const struct injected *from)
{
	struct injected_mapping *copy;
	struct error *err = NULL;

	injection_clone(&to->injection, &from->injection);
	to->is_frugal = from->is_frugal;
	to->keeps_used = from->keeps_used;
	for (size_t i = 0; err == NULL && i < from->count; i++) {
		const struct injected_mapping *mapping = &from->mappings[i];
		err = injected_add(to, mapping->kind, mapping->start, mapping->bytes, &copy);
		if (err == NULL)
			err = array_reserve(&copy->blocks, &copy->block_capacity,
					    mapping->block_count, sizeof(*copy->blocks));
		if (err != NULL)
			return err;
		copy->used_bytes = injected_is_code(mapping->kind) ? mapping->used_bytes : 0;
		copy->is_mapped = mapping->is_mapped;
		copy->is_left = mapping->is_left;
		copy->was_in_use = mapping->was_in_use;
		copy->is_resident = mapping->is_resident && injected_is_code(mapping->kind);
		copy->block_count = mapping->block_count;
		for (size_t k = 0; k < mapping->block_count; k++)
			copy->blocks[k] =
				(struct injected_block){ mapping->blocks[k].offset_bytes, NULL };
	}
	return err;
}

struct injected_mapping *injected_find(const struct injected *injected, enum injected_kind kind)
{
	for (size_t i = 0; i < injected->count; i++) {
		if (injected->mappings[i].kind == kind)
			return &injected->mappings[i];
	}
	return NULL;
}

taddr_t injected_self(const struct injected *injected)
{
	const struct injected_mapping *mapping = injected_find(injected, INJECTED_SLOTS);

	return mapping != NULL && mapping->is_mapped && !mapping->is_left ? self_of(mapping)
									  : taddr(0);
}

bool injected_is_self(const struct injected *injected, taddr_t address)
{
	const struct injected_mapping *mapping = injected_at(injected, address);

	return mapping != NULL && taddr_equal(address, self_of(mapping));
}

struct injected_mapping *injected_at(const struct injected *injected, taddr_t address)
{
	for (size_t i = 0; i < injected->count; i++) {
		struct injected_mapping *mapping = &injected->mappings[i];
		if (address.value - mapping->start.value < mapping->bytes)
			return mapping;
	}
	return NULL;
}

/* Far below, in steps further away; where that is in use, or is no memory, in steps nearer. */
static bool find_room_for_pads(const struct proc_maps *maps, taddr_t near, uint64_t bytes,
			       taddr_t *ret)
{
	const uint64_t page = near.value & ~((uint64_t)ARCH_PAGE_BYTES - 1);
	const uint64_t step = INJECTED_PADS_STEP_BYTES, far = INJECTED_PADS_FAR_BYTES;

	for (uint64_t down = far; down < page && down < ARCH_SLOT_REACH_BYTES; down += step) {
		*ret = taddr(page - down);
		if (proc_maps_is_free(maps, ret->value, bytes))
			return true;
	}
	for (uint64_t down = far - step; down >= step; down -= step) {
		*ret = taddr(page - down);
		if (down < page && proc_maps_is_free(maps, ret->value, bytes))
			return true;
	}
	return false;
}

struct error *injected_find_room(struct injected *injected, pid_t tid, enum injected_kind kind,
				 taddr_t near, uint64_t bytes, taddr_t *ret)
{
	struct proc_maps maps;

	struct error *err = proc_maps_read(&maps, tid);
	if (err != NULL)
		return err;
	/* Places that are chosen and not mapped are in use, too. */
	for (size_t i = 0; err == NULL && i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->is_mapped)
			proc_maps_note_ours(&maps, mapping->start.value);
		else
			err = proc_maps_reserve(&maps, mapping->start.value, mapping->bytes);
	}
	if (err == NULL && injected->injection.syscall_insn.value == 0)
		err = injection_find_syscall_in(&injected->injection, &maps);
	bool is_found =
		err == NULL && kind == INJECTED_PADS && find_room_for_pads(&maps, near, bytes, ret);
	/* So that it serves the neighbours, too; else as far as it may be. */
	if (err == NULL && !is_found &&
	    !proc_maps_find_room(&maps, near.value, bytes, ARCH_SLOT_REACH_BYTES / 2,
				 &ret->value) &&
	    !proc_maps_find_room(&maps, near.value, bytes, ARCH_SLOT_REACH_BYTES - bytes,
				 &ret->value))
		err = error_new(ERR_FORMAT, "there is no free memory near the function");
	proc_maps_deinit(&maps);
	return err;
}

static struct error *mapping_write_head(const struct injected *injected,
					const struct injected_mapping *mapping, uint64_t used_bytes)
{
	struct injected_head head = { .kind = mapping->kind,
				      .bytes = mapping->bytes,
				      .used_bytes = used_bytes,
				      .self = self_of(mapping).value };
	const struct injected_mapping *data = injected_find(injected, INJECTED_PAD_DATA);

	if (mapping->kind == INJECTED_PADS && data != NULL)
		head.pad_data = data->start.value;
	memcpy(head.syscall_insn, arch_syscall_insn, arch_syscall_insn_bytes);
	memcpy(head.return_trap, arch_trap_insn, arch_trap_insn_bytes);
	memcpy(head.mark, mark, sizeof(head.mark));
	return address_space_write(injected->injection.space, mapping->start, &head, sizeof(head));
}

struct error *injected_claim(struct injected *injected, const struct injected_mapping *mapping)
{
	if (!injected_is_code(mapping->kind))
		return NULL;
	injected->injection.syscall_insn = mapping->start;
	return mapping_write_head(injected, mapping, 0);
}

/* It is in the memory no more. */
static void injected_lose(struct injected *injected, struct injected_mapping *mapping)
{
	if (injected->injection.resume.value - mapping->start.value < mapping->bytes)
		injected->injection.resume = taddr(0);
	mapping->is_mapped = false;
	for (size_t i = 0; i < mapping->block_count; i++) {
		if (mapping->blocks[i].block != NULL)
			mapping->blocks[i].block->is_written = false;
	}
	injected->injection.syscall_insn = taddr(0);
	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *other = &injected->mappings[i];
		if (other->is_mapped && injected_is_code(other->kind))
			injected->injection.syscall_insn = other->start;
	}
}

static struct error *unmap_one(struct injected *injected, struct injected_mapping *mapping,
			       struct tracee *tracee)
{
	const uint64_t arguments[6] = { mapping->start.value, mapping->bytes };
	long result = 0;
	if (!mapping->is_mapped || (injected->keeps_used && mapping->was_in_use))
		return NULL;
	/* The kernel returns into the page that is gone; where, it is told next. */
	struct error *err =
		injection_syscall(&injected->injection, tracee, SYS_munmap, arguments, &result);
	if (err == NULL && result != 0)
		err = error_new(ERR_FORMAT, "it could not be unmapped: %s", strerror((int)-result));
	injected_lose(injected, mapping);
	return err;
}

struct error *injected_unmap(struct injected *injected, struct tracee *tracee)
{
	struct error *err = NULL;

	for (size_t i = injected->count; err == NULL && i-- > 0;)
		err = unmap_one(injected, &injected->mappings[i], tracee);
	return err;
}

struct error *injected_unmap_kind(struct injected *injected, struct tracee *tracee,
				  enum injected_kind kind, bool only_empty)
{
	struct error *err = NULL;

	for (size_t i = injected->count; err == NULL && i-- > 0;) {
		struct injected_mapping *it = &injected->mappings[i];
		if (it->kind != kind || (only_empty && it->block_count > 0))
			continue;
		err = unmap_one(injected, it, tracee);
		if (err == NULL)
			injected_drop(injected, it);
	}
	return err;
}

void injected_leave(const struct injected *injected)
{
	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->is_mapped && injected_is_code(mapping->kind) && !mapping->is_left &&
		    !mapping->was_in_use)
			error_free(mapping_write_head(injected, mapping, mapping->used_bytes));
	}
}

static bool read_head(const struct injected *injected, taddr_t start, struct injected_head *ret)
{
	return address_space_read_some(injected->injection.space, start, ret, sizeof(*ret)) ==
		       sizeof(*ret) &&
	       memcmp(ret->mark, mark, sizeof(mark)) == 0;
}

/* Whether one of ours may be @m or a part of it, for the kernel joins neighbours. */
static bool may_be_ours(const struct mapping *m)
{
	static const uint64_t CODE_BYTES_MAX = UINT64_C(16) << 20; /* more is a compiler's */

	return m->executable && !m->writable && m->inode == 0 && m->path[0] == '\0' &&
	       m->end - m->start <= CODE_BYTES_MAX;
}

static struct error *adopt_at(struct injected *injected, const struct mapping *m, taddr_t at)
{
	struct injected_mapping *mapping;
	struct injected_head head;

	if (!read_head(injected, at, &head) || !injected_is_code(head.kind) ||
	    head.bytes < INJECTED_HEAD_BYTES || head.bytes > m->end - at.value ||
	    head.used_bytes > head.bytes)
		return NULL;
	struct error *err = injected_add(injected, head.kind, at, head.bytes, &mapping);
	if (err != NULL)
		return err;
	mapping->used_bytes = head.used_bytes;
	mapping->is_mapped = true;
	mapping->was_in_use = head.used_bytes == 0;
	return NULL;
}

struct error *injected_adopt(struct injected *injected, const struct proc_maps *maps)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		uint64_t end = may_be_ours(m) ? m->end : 0;
		for (uint64_t at = m->start; err == NULL && at < end; at += ARCH_PAGE_BYTES)
			err = adopt_at(injected, m, taddr(at));
	}
	return err;
}

taddr_t injected_pad_data(const struct injected *injected, const struct injected_mapping *mapping)
{
	struct injected_head head;

	return taddr(mapping->kind == INJECTED_PADS && read_head(injected, mapping->start, &head)
			     ? head.pad_data
			     : 0);
}

bool injected_has_used(const struct injected *injected)
{
	bool has = false;

	for (size_t i = 0; i < injected->count && !has; i++)
		has = injected->mappings[i].is_mapped && injected->mappings[i].was_in_use;
	return has;
}

static bool injected_is_there(const struct injected *injected,
			      const struct injected_mapping *mapping)
{
	struct injected_head head;
	uint8_t byte;

	if (injected_is_code(mapping->kind))
		return read_head(injected, mapping->start, &head);
	return address_space_read_some(injected->injection.space, mapping->start, &byte, 1) == 1;
}

void injected_verify(struct injected *injected)
{
	for (size_t i = injected->count; i-- > 0;) {
		struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->is_mapped && !injected_is_there(injected, mapping))
			injected_lose(injected, mapping);
	}
}

bool injected_has_any(const struct injected *injected)
{
	return injected_return_trap(injected).value != 0;
}

taddr_t injected_return_trap(const struct injected *injected)
{
	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *mapping = &injected->mappings[i];
		if (mapping->is_mapped && injected_is_code(mapping->kind))
			return taddr_add(mapping->start,
					 offsetof(struct injected_head, return_trap));
	}
	return taddr(0);
}

struct page_range injected_range(const struct injected_mapping *mapping)
{
	const uint64_t page_bytes = ARCH_PAGE_BYTES;
	uint64_t bytes = mapping->is_resident ? mapping->bytes : mapping->used_bytes;

	return (struct page_range){
		.start = mapping->start.value,
		.end = mapping->start.value + mapping->bytes,
		.own_pages = mapping->is_mapped ? (bytes + page_bytes - 1) / page_bytes : 0,
	};
}

size_t injected_pages(const struct injected *injected)
{
	size_t pages = 0;

	for (size_t i = 0; i < injected->count; i++)
		pages += injected_range(&injected->mappings[i]).own_pages;
	return pages;
}

uint64_t injected_bytes(const struct injected *injected)
{
	uint64_t bytes = 0;

	for (size_t i = 0; i < injected->count; i++)
		bytes += injected->mappings[i].is_mapped ? injected->mappings[i].bytes : 0;
	return bytes;
}
