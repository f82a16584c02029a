/* How a mapping of ours comes into a program; see injected.h. Probe layer. */
#include "tracer/probe/patch/injected.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "tracer/probe/patch/locked_memory.h"

/* MAP_FIXED_NOREPLACE, and @start was taken; a kernel before 4.17 takes the address as a hint. */
static bool map_has_missed(long result, uint64_t start)
{
	return result == -EEXIST || (result > 0 && (uint64_t)result != start);
}

static struct error *unmap_missed(const struct injection *injection, struct tracee *tracee,
				  long start, uint64_t bytes)
{
	const uint64_t arguments[6] = { (uint64_t)start, bytes };
	long ignored;

	return injection_syscall(injection, tracee, SYS_munmap, arguments, &ignored);
}

static struct error *map_once(const struct injection *injection, struct injected_mapping *mapping,
			      struct tracee *tracee, bool *ret_is_taken)
{
	const uint64_t start = mapping->start.value;
	const int placed = start != 0 ? MAP_FIXED_NOREPLACE : 0;
	const int protection =
		injected_is_code(mapping->kind) ? PROT_READ | PROT_EXEC : PROT_READ | PROT_WRITE;
	const uint64_t arguments[6] = { start,
					mapping->bytes,
					(uint64_t)protection,
					(uint64_t)(MAP_PRIVATE | MAP_ANONYMOUS | placed),
					(uint64_t)-1,
					0 };
	long result;

	struct error *err = injection_syscall(injection, tracee, SYS_mmap, arguments, &result);
	if (err != NULL)
		return err;
	*ret_is_taken = placed != 0 && map_has_missed(result, start);
	if (*ret_is_taken)
		return result < 0 ? NULL : unmap_missed(injection, tracee, result, mapping->bytes);
	if (result < 0 && result > -4096)
		return error_new(ERR_FORMAT, "no memory could be mapped in the program: %s",
				 strerror((int)-result));
	mapping->start = taddr((uint64_t)result);
	return NULL;
}

/* Of its blocks none has been used. */
static void mapping_move(struct injected_mapping *mapping, taddr_t start)
{
	mapping->start = start;
	for (size_t i = 0; i < mapping->block_count; i++) {
		const struct injected_block *given = &mapping->blocks[i];
		if (given->block != NULL)
			given->block->start = taddr_add(start, given->offset_bytes);
	}
}

/* Up to @tries times: other threads may map things meanwhile. */
static struct error *map_within(struct injected *injected, struct injected_mapping *mapping,
				struct tracee *tracee, taddr_t near, int tries)
{
	bool is_taken = true;
	uint64_t locked_bytes;

	struct error *err = injection_find_syscall(&injected->injection, tracee->tid);
	if (err == NULL)
		err = locked_memory_prepare(injected, mapping, tracee->tid, &locked_bytes);
	for (int i = 0; err == NULL && is_taken && i < tries; i++) {
		err = map_once(&injected->injection, mapping, tracee, &is_taken);
		taddr_t start;
		if (err != NULL || !is_taken || i + 1 == tries)
			break;
		err = injected_find_room(injected, tracee->tid, mapping->kind, near, mapping->bytes,
					 &start);
		if (err == NULL)
			mapping_move(mapping, start);
	}
	if (err == NULL && is_taken)
		err = error_new(ERR_FORMAT, "no memory could be mapped near the function");
	/* From now on the system call instruction is our own: no library's end can take it. */
	if (err == NULL)
		err = injected_claim(injected, mapping);
	if (err != NULL)
		return err;
	mapping->is_mapped = true;
	return locked_memory_release(injected, mapping, tracee, locked_bytes);
}

struct error *injected_map(struct injected *injected, struct injected_mapping *mapping,
			   struct tracee *tracee, taddr_t near)
{
	enum { MAP_TRIES = 4 };

	return map_within(injected, mapping, tracee, near, MAP_TRIES);
}

struct error *injected_map_there(struct injected *injected, struct injected_mapping *mapping,
				 struct tracee *tracee)
{
	return map_within(injected, mapping, tracee, mapping->start, 1);
}
