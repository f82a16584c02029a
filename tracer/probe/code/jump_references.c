/* Which references are ones; see jump_targets_private.h. Probe layer. */
#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/jump_targets_private.h"

/* What looks like one; distances from the start of the file's code, which is short of 4 GiB. */
struct reference {
	uint32_t to, from;
};

struct jump_references {
	struct reference *items; /* sorted */
	size_t count, capacity;
	struct error *err; /* of the reading; owned */
	bool is_read;
};

struct error *jump_references_create(struct jump_references **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret == NULL ? error_no_memory() : NULL;
}

void jump_references_destroy(struct jump_references *references)
{
	if (references == NULL)
		return;
	error_free(references->err);
	free(references->items);
	free(references);
}

struct collection {
	struct jump_references *references;
	taddr_t start;
};

static void collect(void *context, taddr_t address, enum arch_reference kind, taddr_t from)
{
	struct collection *collection = context;
	struct jump_references *references = collection->references;
	const uint64_t start = collection->start.value;

	(void)kind;
	if (references->err == NULL)
		references->err = array_reserve(&references->items, &references->capacity,
						references->count + 1, sizeof(*references->items));
	if (references->err == NULL)
		references->items[references->count++] = (struct reference){
			(uint32_t)(address.value - start),
			(uint32_t)(from.value - start),
		};
}

static int reference_compare(const void *left, const void *right)
{
	const struct reference *a = left, *b = right;

	return a->to != b->to ? (a->to > b->to) - (a->to < b->to)
			      : (a->from > b->from) - (a->from < b->from);
}

static void read_all(struct jump_references *references, const struct jump_targets *targets)
{
	struct collection collection = { references, targets->start };
	const struct arch_reference_sink sink = { targets->start, targets->end, collect,
						  &collection };

	references->is_read = true;
	struct error *err = jump_targets_scan_code(targets, &sink);
	references->err = error_first(references->err, err);
	if (references->count > 0)
		qsort(references->items, references->count, sizeof(*references->items),
		      reference_compare);
}

/* The instruction of a linked graph that has the byte at @address; CODE_NOWHERE: none. */
static uint32_t insn_over(const struct cfg *graph, taddr_t address)
{
	for (uint64_t i = 0; i < ARCH_INSN_BYTES_MAX; i++) {
		const uint32_t found = cfg_find(graph, taddr(address.value - i));
		if (found != CODE_NOWHERE)
			return graph->insns[found].bytes > i ? found : CODE_NOWHERE;
	}
	return CODE_NOWHERE;
}

/* Whether all of it is instructions, and no branch in it leads to where none begins. */
static bool is_understood(const struct cfg *graph)
{
	if (!cfg_is_whole(graph))
		return false;
	for (size_t i = 0; i < graph->count; i++) {
		const taddr_t branch = graph->insns[i].branch;
		if (branch.value != 0 && cfg_holds(graph, branch) &&
		    cfg_find(graph, branch) == CODE_NOWHERE)
			return false;
	}
	return true;
}

/* Whether the bytes at @from may be what refers to @to. */
static bool is_reference(const struct jump_targets *targets, taddr_t from, taddr_t to)
{
	struct cfg graph = { 0 };
	struct code_range range;
	uint8_t code[ARCH_INSN_BYTES_MAX];
	bool is_one = true;

	if (!jump_targets_range(targets, from, &range))
		return true;
	struct error *err = cfg_add_range(&graph, targets->file, range.start, range.end);
	if (err == NULL && is_understood(&graph)) {
		const uint32_t insn = insn_over(&graph, from);
		is_one = insn == CODE_NOWHERE || arch_refers_to(code, cfg_code(&graph, insn, code),
								graph.insns[insn].address, to);
	}
	error_free(err);
	cfg_deinit(&graph);
	return is_one;
}

/* The first that leads to @address, or behind it. */
static size_t first_to(const struct jump_references *references, uint64_t distance)
{
	size_t low = 0, high = references->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (references->items[middle].to < distance)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool jump_references_lead_from_outside(struct jump_references *references,
				       const struct jump_targets *targets, taddr_t address,
				       const struct cfg *graph)
{
	const uint64_t start = targets->start.value, distance = address.value - start;

	if (!references->is_read)
		read_all(references, targets);
	if (references->err != NULL)
		return true;
	for (size_t i = first_to(references, distance);
	     i < references->count && references->items[i].to == distance; i++) {
		const taddr_t from = taddr(start + references->items[i].from);
		if ((graph == NULL || !cfg_holds(graph, from)) &&
		    is_reference(targets, from, address))
			return true;
	}
	return false;
}

bool jump_references_lead_to(struct jump_references *references, const struct jump_targets *targets,
			     taddr_t address)
{
	return jump_references_lead_from_outside(references, targets, address, NULL);
}
