/* Our mappings in a program that locks its memory; see locked_memory.h. Probe layer. */
#include "tracer/probe/patch/locked_memory.h"

#include <sys/mman.h>
#include <sys/syscall.h>

#include "tracer/arch/arch.h"
#include "tracer/proc/process_facts.h"

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t whole_pages_bytes(uint64_t bytes)
{
	const uint64_t page_bytes = ARCH_PAGE_BYTES;
	return (bytes + page_bytes - 1) / page_bytes * page_bytes;
}

/* What @mapping needs. The fallback's table cannot be elsewhere when it grows: 500 patches more. */
static uint64_t needed_bytes(const struct injected_mapping *mapping)
{
	enum { FALLBACK_GROWS_BYTES = 16 * 1024 };
	uint64_t grows_bytes = mapping->kind == INJECTED_TRAP_FALLBACK ? FALLBACK_GROWS_BYTES : 0;

	return least(whole_pages_bytes(mapping->used_bytes + grows_bytes), mapping->bytes);
}

/* For a mapping that is new: where there are many blocks, there will be as many more. */
static uint64_t needed_bytes_of_new(const struct injected *injected,
				    const struct injected_mapping *mapping)
{
	uint64_t bytes = needed_bytes(mapping), slots_bytes = 0;

	for (size_t i = 0; i < injected->count; i++) {
		const struct injected_mapping *other = &injected->mappings[i];
		if (mapping->kind == INJECTED_SLOTS && other->kind == INJECTED_SLOTS)
			slots_bytes += whole_pages_bytes(other->used_bytes);
	}
	return slots_bytes > bytes ? least(slots_bytes, mapping->bytes) : bytes;
}

/* So that our books hold however the program locks its memory: now, later, or at the first use. */
static struct error *make_resident(const struct injected *injected,
				   struct injected_mapping *mapping)
{
	static const uint8_t nothing;
	struct error *err = NULL;

	for (uint64_t at = whole_pages_bytes(mapping->used_bytes);
	     err == NULL && at < mapping->bytes; at += ARCH_PAGE_BYTES)
		err = address_space_write(injected->injection.space, taddr_add(mapping->start, at),
					  &nothing, sizeof(nothing));
	mapping->is_resident = err == NULL;
	return err;
}

struct error *locked_memory_prepare(struct injected *injected, struct injected_mapping *mapping,
				    pid_t tid, uint64_t *ret_locked_bytes)
{
	struct process_facts facts;

	struct error *err = process_facts_read(tid, &facts);
	if (err != NULL)
		return err;
	*ret_locked_bytes = facts.locked_bytes;
	injected->is_frugal = injected->is_frugal || facts.locked_bytes > 0;
	if (injected->is_frugal)
		mapping->bytes = needed_bytes_of_new(injected, mapping);
	return NULL;
}

struct error *locked_memory_release(const struct injected *injected,
				    struct injected_mapping *mapping, struct tracee *tracee,
				    uint64_t locked_bytes)
{
	const uint64_t arguments[6] = { mapping->start.value, mapping->bytes };
	struct process_facts facts;
	long result;

	if (!injected->is_frugal)
		return NULL;
	struct error *err = process_facts_read(tracee->tid, &facts);
	if (err == NULL && facts.locked_bytes > locked_bytes)
		err = injection_syscall(&injected->injection, tracee, SYS_munlock, arguments,
					&result);
	return err != NULL ? err : make_resident(injected, mapping);
}

struct error *locked_memory_populate(const struct injected *injected,
				     struct injected_mapping *mapping, struct tracee *tracee)
{
	const uint64_t arguments[6] = { mapping->start.value, mapping->bytes,
					MADV_POPULATE_WRITE };
	long result = 0;

	struct error *err = injection_syscall(&injected->injection, tracee, SYS_madvise, arguments,
					      &result);
	mapping->is_resident = err == NULL && result == 0; /* since Linux 5.14 */
	return err;
}

static struct error *trim_mapping(struct injected *injected, struct injected_mapping *mapping,
				  struct tracee *tracee)
{
	const uint64_t kept_bytes = needed_bytes(mapping);
	const uint64_t arguments[6] = { mapping->start.value + kept_bytes,
					mapping->bytes - kept_bytes };
	struct error *err = NULL;
	long result = 0;

	if (!injected_is_code(mapping->kind))
		return locked_memory_populate(injected, mapping, tracee);
	if (kept_bytes < mapping->bytes)
		err = injection_syscall(&injected->injection, tracee, SYS_munmap, arguments,
					&result);
	if (err == NULL && result == 0) /* else there are too many mappings to split one */
		mapping->bytes = kept_bytes;
	if (err == NULL) /* a later tracer finds its size there */
		err = injected_claim(injected, mapping);
	return err != NULL ? err : make_resident(injected, mapping);
}

struct error *locked_memory_trim(struct injected *injected, struct tracee *tracee)
{
	struct error *err = NULL;

	injected->is_frugal = true;
	for (size_t i = 0; err == NULL && i < injected->count; i++) {
		if (injected->mappings[i].is_mapped)
			err = trim_mapping(injected, &injected->mappings[i], tracee);
	}
	return err;
}
