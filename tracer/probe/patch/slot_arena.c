/* Pages of slots in the target; see slot_arena.h. Probe layer. */
#include "tracer/probe/patch/slot_arena.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tracer/base/array.h"
#include "tracer/probe/patch/trap_fallback.h"
#include "tracer/tracee/remote_syscall.h"

/* Slot 0 of a chunk. */
struct slot_chunk_head {
	uint8_t syscall_insn[8];
	char mark[16];
	uint64_t used; /* so many slots have been used when it was left behind; 0: it is in use */
};
static const char mark[16] = "mprof-trace slot";

static struct slot_chunk *slot_arena_chunk_at(const struct image *image, taddr_t pc)
{
	for (size_t i = 0; i < image->chunk_count; i++) {
		if (pc.value - image->chunks[i].start.value < SLOT_CHUNK_BYTES)
			return &image->chunks[i];
	}
	return NULL;
}

static bool is_within_reach(taddr_t a, taddr_t b)
{
	uint64_t distance = a.value > b.value ? a.value - b.value : b.value - a.value;
	return distance < ARCH_SLOT_REACH_BYTES;
}

/* 0: there is none in the first 64 KiB. By pages: one that is not looked at need not be in memory. */
static taddr_t find_syscall_insn_in(const struct image *image, const struct mapping *m)
{
	enum { PAGES_MAX = 16 };
	uint8_t code[FOOTPRINT_PAGE_BYTES];

	for (uint64_t at = m->start; at < m->end && at < m->start + PAGES_MAX * sizeof(code);
	     at += sizeof(code)) {
		size_t got = address_space_read_some(image->space, taddr(at), code, sizeof(code));
		const uint8_t *found =
			memmem(code, got, arch_syscall_insn, arch_syscall_insn_bytes);
		if (found != NULL)
			return taddr(at + (uint64_t)(found - code));
	}
	return taddr(0);
}

/* Any system call instruction in executable memory will do; the vdso has some on every machine. */
static struct error *find_syscall_insn(struct image *image, const struct proc_maps *maps)
{
	for (int only_vdso = 1; only_vdso >= 0 && image->syscall_insn.value == 0; only_vdso--) {
		for (size_t i = 0; i < maps->count && image->syscall_insn.value == 0; i++) {
			const struct mapping *m = &maps->mappings[i];
			bool is_vdso = strcmp(m->path, "[vdso]") == 0;
			if (m->executable && is_vdso == only_vdso &&
			    strcmp(m->path, "[vsyscall]") != 0)
				image->syscall_insn = find_syscall_insn_in(image, m);
		}
	}
	if (image->syscall_insn.value != 0)
		return NULL;
	struct error *err = address_space_check(image->space);
	return err != NULL ? err
			   : error_new(ERR_FORMAT,
				       "no system call instruction was found in the program");
}

struct error *slot_arena_find_syscall(struct image *image, pid_t tid)
{
	struct proc_maps maps;

	if (image->syscall_insn.value != 0)
		return NULL;
	struct error *err = proc_maps_read(&maps, tid);
	if (err != NULL)
		return err;
	err = find_syscall_insn(image, &maps);
	proc_maps_deinit(&maps);
	return err;
}

/* MAP_FIXED_NOREPLACE, and @start was taken; a kernel before 4.17 takes the address as a hint. */
static bool map_has_missed(long result, uint64_t start)
{
	return result == -EEXIST || (result > 0 && (uint64_t)result != start);
}

static struct error *slot_arena_map_at(struct image *image, struct tracee *tracee, uint64_t start,
				       bool *ret_is_taken)
{
	const uint64_t arguments[6] = { start,
					SLOT_CHUNK_BYTES,
					PROT_READ | PROT_EXEC,
					MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE,
					(uint64_t)-1,
					0 };
	long result;

	struct error *err =
		remote_syscall(tracee, image->syscall_insn, SYS_mmap, arguments, &result);
	if (err != NULL)
		return err;
	*ret_is_taken = map_has_missed(result, start);
	if (!*ret_is_taken && result < 0 && result > -4096)
		return error_new(ERR_FORMAT, "no memory could be mapped in the program: %s",
				 strerror((int)-result));
	return NULL;
}

/* Where a chunk for code at @near can go. */
static struct error *slot_arena_find_room(struct image *image, pid_t pid, taddr_t near,
					  taddr_t *ret)
{
	struct proc_maps maps;

	struct error *err = proc_maps_read(&maps, pid);
	if (err != NULL)
		return err;
	/* Places that are chosen and not mapped are in use, too. */
	for (size_t i = 0; err == NULL && i < image->chunk_count; i++) {
		uint64_t start = image->chunks[i].start.value;
		if (image->chunks[i].is_mapped)
			proc_maps_note_ours(&maps, start);
		else
			err = proc_maps_reserve(&maps, start, SLOT_CHUNK_BYTES);
	}
	if (err == NULL && image->syscall_insn.value == 0)
		err = find_syscall_insn(image, &maps);
	/* So that it serves the neighbours, too; else as far as it may be. */
	if (err == NULL &&
	    !proc_maps_find_room(&maps, near.value, SLOT_CHUNK_BYTES, ARCH_SLOT_REACH_BYTES / 2,
				 &ret->value) &&
	    !proc_maps_find_room(&maps, near.value, SLOT_CHUNK_BYTES,
				 ARCH_SLOT_REACH_BYTES - SLOT_CHUNK_BYTES, &ret->value))
		err = error_new(ERR_FORMAT, "there is no free memory near the function");
	proc_maps_deinit(&maps);
	return err;
}

/* Moves the chunk, of whose slots none has been used. */
static void slot_chunk_move(struct slot_chunk *chunk, taddr_t start)
{
	for (size_t i = 1; i < chunk->used; i++) {
		if (chunk->sites[i] != NULL)
			chunk->sites[i]->slot = taddr_add(start, i * ARCH_SLOT_BYTES);
	}
	chunk->start = start;
}

static struct error *slot_chunk_write_head(const struct image *image,
					   const struct slot_chunk *chunk, uint64_t used)
{
	struct slot_chunk_head head = { .used = used };

	memcpy(head.syscall_insn, arch_syscall_insn, arch_syscall_insn_bytes);
	memcpy(head.mark, mark, sizeof(head.mark));
	return address_space_write(image->space, chunk->start, &head, sizeof(head));
}

static struct error *slot_chunk_map(struct image *image, struct slot_chunk *chunk,
				    struct tracee *tracee, taddr_t near)
{
	enum { TRIES = 4 }; /* other threads may map things meanwhile */
	bool is_taken = true;
	struct error *err = NULL;

	for (int i = 0; err == NULL && is_taken && i < TRIES; i++) {
		err = slot_arena_map_at(image, tracee, chunk->start.value, &is_taken);
		taddr_t start;
		if (err != NULL || !is_taken)
			break;
		err = slot_arena_find_room(image, tracee->tid, near, &start);
		if (err == NULL)
			slot_chunk_move(chunk, start);
	}
	if (err == NULL && is_taken)
		err = error_new(ERR_FORMAT, "no memory could be mapped near the function");
	if (err == NULL)
		err = slot_chunk_write_head(image, chunk, 0);
	if (err != NULL)
		return err;
	chunk->is_mapped = true;
	image->syscall_insn = chunk->start; /* from now on our own: no library's end can take it */
	return NULL;
}

/* A copy of @chunk, with no site in its slots. */
static struct error *slot_arena_append(struct image *image, struct slot_chunk chunk)
{
	struct error *err = array_reserve(&image->chunks, &image->chunk_capacity,
					  image->chunk_count + 1, sizeof(*image->chunks));
	if (err != NULL)
		return err;
	chunk.sites = calloc(SLOTS_PER_CHUNK, sizeof(struct site *));
	if (chunk.sites == NULL)
		return error_no_memory();
	image->chunks[image->chunk_count++] = chunk;
	return NULL;
}

static struct error *slot_arena_add_chunk(struct image *image, struct tracee *tracee, taddr_t near)
{
	struct slot_chunk chunk = { .used = 1 };

	struct error *err = slot_arena_find_room(image, tracee->tid, near, &chunk.start);
	if (err == NULL)
		err = slot_arena_append(image, chunk);
	if (err != NULL || !tracee->is_stopped)
		return err;
	struct slot_chunk *added = &image->chunks[image->chunk_count - 1];
	err = slot_chunk_map(image, added, tracee, near);
	if (err != NULL) {
		free(added->sites);
		image->chunk_count--;
	}
	return err;
}

struct error *slot_arena_map_rest(struct image *image, struct tracee *tracee)
{
	struct error *err = slot_arena_find_syscall(image, tracee->tid);

	for (size_t i = 0; err == NULL && i < image->chunk_count; i++) {
		struct slot_chunk *chunk = &image->chunks[i];
		const struct site *first = NULL;
		for (size_t k = 1; k < chunk->used && first == NULL; k++)
			first = chunk->sites[k];
		if (!chunk->is_mapped && first != NULL)
			err = slot_chunk_map(image, chunk, tracee, first->address);
	}
	return err;
}

static void slot_chunk_lose(struct slot_chunk *chunk)
{
	chunk->is_mapped = false;
	for (size_t i = 1; i < chunk->used; i++) {
		if (chunk->sites[i] != NULL)
			chunk->sites[i]->has_slot = false;
	}
}

struct error *slot_arena_unmap(struct image *image, struct tracee *tracee)
{
	struct error *err = NULL;

	for (size_t i = image->chunk_count; err == NULL && i-- > 0;) {
		struct slot_chunk *chunk = &image->chunks[i];
		const uint64_t arguments[6] = { chunk->start.value, SLOT_CHUNK_BYTES };
		long result = 0;
		if (!chunk->is_mapped)
			continue;
		/* The kernel returns into the page that is gone; where, it is told next. */
		err = remote_syscall(tracee, image->syscall_insn, SYS_munmap, arguments, &result);
		if (err == NULL && result != 0)
			err = error_new(ERR_FORMAT, "its slots could not be unmapped: %s",
					strerror((int)-result));
		slot_chunk_lose(chunk);
		image->syscall_insn = i > 0 ? image->chunks[i - 1].start : taddr(0);
	}
	return err;
}

struct error *slot_arena_alloc(struct image *image, struct tracee *tracee, taddr_t near,
			       taddr_t *ret_slot)
{
	for (int tries = 0; tries < 2; tries++) {
		for (size_t i = image->chunk_count; i-- > 0;) {
			struct slot_chunk *chunk = &image->chunks[i];
			if (chunk->used < SLOTS_PER_CHUNK && is_within_reach(chunk->start, near)) {
				*ret_slot = taddr_add(chunk->start, chunk->used * ARCH_SLOT_BYTES);
				return NULL;
			}
		}
		struct error *err = slot_arena_add_chunk(image, tracee, near);
		if (err != NULL)
			return err;
	}
	return error_new(ERR_FORMAT, "there is no free memory near the function");
}

bool slot_arena_is_mapped(const struct image *image, taddr_t slot)
{
	const struct slot_chunk *chunk = slot_arena_chunk_at(image, slot);
	return chunk != NULL && chunk->is_mapped;
}

void slot_arena_assign(struct image *image, taddr_t slot, struct site *site)
{
	struct slot_chunk *chunk = slot_arena_chunk_at(image, slot);
	assert(chunk != NULL);
	size_t i = (slot.value - chunk->start.value) / ARCH_SLOT_BYTES;
	chunk->sites[i] = site;
	if (i >= chunk->used)
		chunk->used = i + 1;
}

struct site *slot_arena_site(const struct image *image, taddr_t pc)
{
	const struct slot_chunk *chunk = slot_arena_chunk_at(image, pc);

	if (chunk == NULL || !chunk->is_mapped)
		return NULL;
	/* Wild jumps lead anywhere, also behind the last slot. */
	size_t i = (pc.value - chunk->start.value) / ARCH_SLOT_BYTES;
	return i < chunk->used ? chunk->sites[i] : NULL;
}

struct error *slot_arena_clone(struct image *to, const struct image *from)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < from->chunk_count; i++)
		err = slot_arena_append(to, from->chunks[i]);
	return err;
}

struct page_range slot_arena_chunk_range(const struct slot_chunk *chunk)
{
	const uint64_t page_bytes = FOOTPRINT_PAGE_BYTES;

	return (struct page_range){
		.start = chunk->start.value,
		.end = chunk->start.value + SLOT_CHUNK_BYTES,
		.own_pages = !chunk->is_mapped ? 0
					       : (chunk->used * ARCH_SLOT_BYTES + page_bytes - 1) /
							 page_bytes,
	};
}

void slot_arena_verify(struct image *image)
{
	for (size_t i = image->chunk_count; i-- > 0;) {
		uint8_t byte;
		if (!image->chunks[i].is_mapped ||
		    address_space_read_some(image->space, image->chunks[i].start, &byte, 1) == 1)
			continue;
		slot_chunk_lose(&image->chunks[i]);
		image->syscall_insn = taddr(0);
	}
}

void slot_arena_leave(struct image *image)
{
	for (size_t i = 0; i < image->chunk_count; i++) {
		const struct slot_chunk *chunk = &image->chunks[i];
		if (chunk->is_mapped)
			error_free(slot_chunk_write_head(image, chunk, chunk->used));
	}
}

bool mapping_may_be_ours(const struct mapping *m)
{
	static const uint64_t CODE_BYTES_MAX = UINT64_C(16) << 20; /* more is a compiler's */

	return m->executable && !m->writable && m->inode == 0 && m->path[0] == '\0' &&
	       m->end - m->start <= CODE_BYTES_MAX;
}

/*
 * A thread may still sleep in a slot that was in use: those are not used again, and a chunk that is
 * mostly used is left alone. Where its owner was killed, the trap fallback knows the slots.
 */
static bool chunk_is_left_behind(const struct image *image, taddr_t start, size_t *ret_used)
{
	struct slot_chunk_head head;

	if (address_space_read_some(image->space, start, &head, sizeof(head)) != sizeof(head) ||
	    memcmp(head.mark, mark, sizeof(mark)) != 0)
		return false;
	*ret_used = head.used;
	if (head.used == 0) {
		taddr_t end = taddr_add(start, SLOT_CHUNK_BYTES);
		taddr_t last = trap_fallback_last_slot(image, start, end);
		*ret_used = (last.value - start.value) / ARCH_SLOT_BYTES + 1;
	}
	return *ret_used > 1 && *ret_used < SLOTS_PER_CHUNK / 2;
}

static struct error *slot_arena_adopt_chunk(struct image *image, struct slot_chunk chunk)
{
	struct error *err = slot_arena_append(image, chunk);
	if (err != NULL)
		return err;
	image->syscall_insn = chunk.start;
	return slot_chunk_write_head(image, &chunk, 0);
}

struct error *slot_arena_adopt(struct image *image, const struct proc_maps *maps)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < maps->count; i++) {
		const struct mapping *m = &maps->mappings[i];
		uint64_t end = mapping_may_be_ours(m) ? m->end : 0;
		for (uint64_t at = m->start; err == NULL && at + SLOT_CHUNK_BYTES <= end;
		     at += PAGE_STEP_BYTES) {
			struct slot_chunk chunk = { .start = taddr(at), .is_mapped = true };
			if (chunk_is_left_behind(image, chunk.start, &chunk.used))
				err = slot_arena_adopt_chunk(image, chunk);
		}
	}
	return err;
}

void slot_arena_deinit(struct image *image)
{
	for (size_t i = 0; i < image->chunk_count; i++)
		free(image->chunks[i].sites);
	free(image->chunks);
	image->chunks = NULL;
	image->chunk_count = image->chunk_capacity = 0;
}
