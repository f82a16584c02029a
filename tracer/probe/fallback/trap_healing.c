/* Patches of one that was killed are taken away: by the handler, and by the next; see trap_fallback.h. Probe layer. */
#include <string.h>

#include "tracer/probe/patch/kept_patch.h"
#include "tracer/probe/fallback/trap_fallback_private.h"
#include "tracer/proc/process_facts.h"
#include "tracer/tracee/filters.h"

static taddr_t heals_at(const struct injected *injected)
{
	return taddr_add(trap_fallback_entry_at(injected, 0), ARCH_TRAP_FALLBACK_HEALS_AT);
}

static struct error *set_heals(const struct injected *injected, uint64_t heals)
{
	return address_space_write(injected->injection.space, heals_at(injected), &heals,
				   sizeof(heals));
}

static struct error *read_entry(const struct injected *injected, uint64_t number,
				struct arch_trap_fallback_entry *ret, struct kept_patch *ret_kept)
{
	struct error *err =
		address_space_read(injected->injection.space,
				   trap_fallback_entry_at(injected, number), ret, sizeof(*ret));
	if (err == NULL)
		memcpy(ret_kept, ret->kept, sizeof(*ret_kept));
	return err;
}

static void note_block(const struct injected *injected, taddr_t start, uint16_t bytes)
{
	struct injected_mapping *mapping = injected_at(injected, start);

	if (mapping == NULL || mapping->kind != INJECTED_SLOTS)
		return;
	uint64_t end = start.value + bytes - mapping->start.value;
	if (end > mapping->used_bytes)
		mapping->used_bytes = end;
}

/* Those that others need, or all others. */
static struct error *heal_those(const struct trap_fallback *fallback,
				const struct injected *injected, bool are_needed,
				size_t *ret_healed)
{
	const struct address_space *space = injected->injection.space;
	struct arch_trap_fallback_entry entry;
	struct kept_patch kept;
	struct error *err = NULL;

	for (uint64_t i = fallback->count; err == NULL && i > 0; i--) {
		err = read_entry(injected, i, &entry, &kept);
		if (err != NULL || kept.is_needed != are_needed)
			continue;
		note_block(injected, taddr(entry.slot), kept.block_bytes);
		err = kept_patch_heal(&kept, space, arch_trap_site(taddr(entry.pc)), ret_healed);
	}
	return err;
}

/* The handler heals no more, if it is about to: what will be patched is ours. */
static struct error *stop_handler(const struct injected *injected)
{
	uint64_t heals = 0;

	struct error *err = address_space_read(injected->injection.space, heals_at(injected),
					       &heals, sizeof(heals));
	return err != NULL || heals == 0 ? err : set_heals(injected, heals + 1);
}

struct error *trap_healing_run(struct trap_fallback *fallback, const struct injected *injected,
			       size_t *ret_healed)
{
	const struct address_space *space = injected->injection.space;
	uint64_t count = 0;

	struct error *err = stop_handler(injected);
	if (err == NULL)
		err = address_space_read(space, trap_fallback_entry_at(injected, 0), &count,
					 sizeof(count));
	trap_fallback_note_count(fallback, injected, count < ENTRIES_MAX ? count : ENTRIES_MAX);
	if (err == NULL)
		err = heal_those(fallback, injected, false, ret_healed);
	return err != NULL ? err : heal_those(fallback, injected, true, ret_healed);
}

struct error *trap_healing_begin(const struct trap_fallback *fallback,
				 const struct injected *injected, struct tracee *tracee)
{
	struct process_facts facts;

	struct error *err = process_facts_read(tracee->tid, &facts);
	if (err != NULL)
		return err;
	const bool is_filtered =
		facts.seccomp != 0 && !filters_are_ours(tracee->process, tracee->tid);
	return set_heals(injected, is_filtered || fallback->is_filtered ? 0 : 1);
}

struct error *trap_fallback_filtered(struct trap_fallback *fallback,
				     const struct injected *injected)
{
	fallback->is_filtered = true;
	return fallback->is_installed ? set_heals(injected, 0) : NULL;
}
