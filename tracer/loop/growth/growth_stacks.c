/* The stacks of faults before they are named; see growth_stacks.h. Loop layer. */
#include "tracer/loop/growth/growth_stacks.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

enum { GROWTH_KNOWN = 4096 };

static taddr_t fault_pc(const struct perf_fault *fault)
{
	return taddr(fault->registers[UNWIND_PC]);
}

static taddr_t fault_sp(const struct perf_fault *fault)
{
	return taddr(fault->registers[UNWIND_SP]);
}

void growth_stacks_clear(struct growth_stacks *stacks)
{
	for (size_t i = 0; i < stacks->count; i++)
		free(stacks->all[i]);
	stacks->count = 0;
	addr_map_deinit(&stacks->number_of_key);
	stacks->number_of_key = (struct addr_map){ 0 };
	if (stacks->known != NULL)
		memset(stacks->known, 0, GROWTH_KNOWN * sizeof(*stacks->known));
}

void growth_stacks_deinit(struct growth_stacks *stacks)
{
	growth_stacks_clear(stacks);
	free(stacks->all);
	free(stacks->known);
	*stacks = (struct growth_stacks){ 0 };
}

void growth_stacks_forget(struct growth_stacks *stacks, pid_t pid)
{
	for (size_t i = 0; i < stacks->count; i++) {
		if (stacks->all[i]->pid == pid)
			stacks->all[i]->pid = 0;
	}
}

bool growth_stacks_is_full(const struct growth_stacks *stacks)
{
	return stacks->count >= GROWTH_STACKS_MAX;
}

static size_t known_slot(pid_t pid, const struct perf_fault *fault)
{
	const uint64_t words[] = { (uint64_t)pid, fault_pc(fault).value, fault_sp(fault).value };

	return addr_map_text_key((const char *)words, sizeof(words)) % GROWTH_KNOWN;
}

/* Whether the fault's copy of its stack has all return addresses of @raw where @raw had them, seen from its end. */
static bool stands_on(const struct raw_stack *raw, const struct perf_fault *fault)
{
	const uint64_t from = fault_sp(fault).value;

	for (size_t i = 1; i < raw->count; i++) {
		uint64_t word, at = from + (raw->sps[i].value - raw->sps[0].value) - sizeof(word);
		if (raw->is_exact[i] || at < from || at - from + sizeof(word) > fault->stack_bytes)
			return false;
		memcpy(&word, fault->stack + (at - from), sizeof(word));
		/* pcs are within the calls that they return behind. */
		if (word - 1 != raw->pcs[i].value)
			return false;
	}
	return raw->count > 0;
}

uint32_t growth_stacks_recall(const struct growth_stacks *stacks, pid_t pid,
			      const struct perf_fault *fault)
{
	if (stacks->known == NULL)
		return 0;
	const struct growth_known *known = &stacks->known[known_slot(pid, fault)];
	if (known->stack == 0 || known->pid != pid || !taddr_equal(known->pc, fault_pc(fault)) ||
	    !taddr_equal(known->sp, fault_sp(fault)) || stacks->all[known->stack - 1]->pid != pid ||
	    !stands_on(&stacks->all[known->stack - 1]->raw, fault))
		return 0;
	return known->stack;
}

static bool same_stack(const struct growth_stack *stack, pid_t pid, const struct raw_stack *raw)
{
	return stack->pid == pid && stack->raw.count == raw->count &&
	       stack->raw.is_cut == raw->is_cut &&
	       memcmp(stack->raw.pcs, raw->pcs, raw->count * sizeof(raw->pcs[0])) == 0;
}

static struct error *add_stack(struct growth_stacks *stacks, uint64_t key, pid_t pid,
			       const struct raw_stack *raw, uint32_t *ret)
{
	struct error *err = array_reserve(&stacks->all, &stacks->capacity, stacks->count + 1,
					  sizeof(struct growth_stack *));
	if (err != NULL)
		return err;
	struct growth_stack *stack = malloc(sizeof(*stack));
	if (stack == NULL)
		return error_no_memory();
	*stack = (struct growth_stack){ .pid = pid, .raw = *raw };
	err = addr_map_put(&stacks->number_of_key, key, (void *)(stacks->count + 1));
	if (err != NULL) {
		free(stack);
		return err;
	}
	stacks->all[stacks->count++] = stack;
	*ret = (uint32_t)stacks->count;
	return NULL;
}

struct error *growth_stacks_keep(struct growth_stacks *stacks, pid_t pid,
				 const struct perf_fault *fault, const struct raw_stack *raw,
				 uint32_t *ret)
{
	uint64_t key = addr_map_text_key((const char *)raw->pcs, raw->count * sizeof(raw->pcs[0]));
	struct error *err = NULL;

	key += (uint64_t)pid * 2 + raw->is_cut;
	*ret = (uint32_t)(uintptr_t)addr_map_get(&stacks->number_of_key, key);
	/* Two stacks with one key: the later one takes its place, and is kept once more if the first comes again. */
	if (*ret == 0 || !same_stack(stacks->all[*ret - 1], pid, raw))
		err = add_stack(stacks, key, pid, raw, ret);
	if (err != NULL || !stands_on(raw, fault))
		return err;
	if (stacks->known == NULL)
		stacks->known = calloc(GROWTH_KNOWN, sizeof(*stacks->known));
	if (stacks->known == NULL)
		return error_no_memory();
	/* Another one with the same addresses at other places must not be recalled for this one's. */
	if (!stands_on(&stacks->all[*ret - 1]->raw, fault))
		return NULL;
	stacks->known[known_slot(pid, fault)] =
		(struct growth_known){ pid, fault_pc(fault), fault_sp(fault), *ret };
	return NULL;
}
