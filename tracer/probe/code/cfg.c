/* Where control goes in a function; see cfg.h. Probe layer. */
#include "tracer/probe/code/cfg.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/probe/code/cfg_private.h"

enum { PIECE_BYTES_MAX = 16 << 20 };

void cfg_deinit(struct cfg *graph)
{
	for (size_t i = 0; i < graph->piece_count; i++)
		free(graph->pieces[i].code);
	free(graph->insns);
	*graph = (struct cfg){ 0 };
}

static const struct code_piece *piece_of(const struct cfg *graph, taddr_t address)
{
	for (size_t i = 0; i < graph->piece_count; i++) {
		const struct code_piece *piece = &graph->pieces[i];
		if (address.value >= piece->start.value && address.value < piece->end.value)
			return piece;
	}
	return NULL;
}

uint32_t cfg_find(const struct cfg *graph, taddr_t address)
{
	const struct code_piece *piece = piece_of(graph, address);
	uint32_t low = piece ? piece->first : 0, high = piece ? low + piece->count : 0;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;
		if (graph->insns[middle].address.value < address.value)
			low = middle + 1;
		else
			high = middle;
	}
	return piece != NULL && low < piece->first + piece->count &&
			       taddr_equal(graph->insns[low].address, address)
		       ? low
		       : CODE_NOWHERE;
}

bool cfg_is_whole(const struct cfg *graph)
{
	for (size_t i = 0; i < graph->piece_count; i++) {
		if (!graph->pieces[i].is_whole)
			return false;
	}
	return graph->piece_count > 0;
}

bool cfg_holds(const struct cfg *graph, taddr_t address)
{
	return piece_of(graph, address) != NULL;
}

struct error *cfg_add_code(struct cfg *graph, taddr_t start, const uint8_t *code, size_t bytes)
{
	if (graph->piece_count == CODE_PIECES_MAX)
		return NULL;
	struct code_piece *piece = &graph->pieces[graph->piece_count];
	*piece = (struct code_piece){
		.start = start,
		.end = taddr_add(start, bytes),
		.first = (uint32_t)graph->count,
	};
	struct error *err = cfg_decode(graph, piece, code);
	if (err != NULL || piece->count == 0)
		return err;
	bytes = piece->end.value - start.value;
	piece->code = malloc(bytes);
	if (piece->code == NULL)
		return error_no_memory();
	memcpy(piece->code, code, bytes);
	graph->piece_count++;
	return NULL;
}

size_t cfg_code(const struct cfg *graph, uint32_t i, uint8_t *ret)
{
	const struct code_insn *insn = &graph->insns[i];
	const struct code_piece *piece = piece_of(graph, insn->address);

	memcpy(ret, piece->code + (insn->address.value - piece->start.value), insn->bytes);
	return insn->bytes;
}

static struct error *add_piece(struct cfg *graph, const struct symbol_file *file, taddr_t start,
			       uint64_t bytes)
{
	if (bytes == 0 || bytes > PIECE_BYTES_MAX)
		return NULL;
	uint8_t *code = malloc(bytes);
	if (code == NULL)
		return error_no_memory();
	size_t got = symbol_file_read_code(file, start, code, bytes);
	const size_t pieces = graph->piece_count;
	struct error *err = cfg_add_code(graph, start, code, got);
	if (graph->piece_count > pieces && got < bytes)
		graph->pieces[pieces].is_whole = false;
	free(code);
	return err;
}

struct error *cfg_add_range(struct cfg *graph, const struct symbol_file *file, taddr_t start,
			    taddr_t end)
{
	return add_piece(graph, file, start, end.value - start.value);
}

struct error *cfg_add(struct cfg *graph, const struct symbol_file *file, taddr_t address)
{
	const struct function *function = symbol_file_function_at(file, address);

	if (function == NULL || piece_of(graph, address) != NULL)
		return NULL;
	return add_piece(graph, file, function->start, function->size_bytes);
}

/* A jump to the beginning of a range: what GCC has put aside as unlikely. */
static struct error *follow_jump(struct cfg *graph, const struct symbol_file *file, taddr_t target,
				 const struct inlined_range *ranges, size_t range_count)
{
	for (size_t r = 0; r < range_count; r++) {
		if (taddr_equal(ranges[r].start, target) && piece_of(graph, target) == NULL)
			return add_piece(graph, file, target,
					 ranges[r].end.value - ranges[r].start.value);
	}
	return NULL;
}

/* Whether the next instruction is right behind it: between them there may be data, or another piece begins. */
static bool is_next(const struct cfg *graph, uint32_t i)
{
	const struct code_insn *insn = &graph->insns[i];

	return i + 1 < graph->count && !graph->insns[i + 1].is_start &&
	       taddr_equal(graph->insns[i + 1].address, taddr_add(insn->address, insn->bytes));
}

static void link_insn(struct cfg *graph, uint32_t i)
{
	struct code_insn *insn = &graph->insns[i];
	const bool goes_on = insn->flow == ARCH_FLOW_FALLTHROUGH || insn->flow == ARCH_FLOW_BRANCH;

	insn->predecessors = 0;
	insn->target = insn->branch.value != 0 ? cfg_find(graph, insn->branch) : CODE_NOWHERE;
	insn->next = goes_on && is_next(graph, i) ? i + 1 : CODE_NOWHERE;
}

struct error *cfg_link(struct cfg *graph, const struct symbol_file *file,
		       const struct inlined_range *ranges, size_t range_count)
{
	/* The count grows meanwhile. */
	for (size_t i = 0; i < graph->count; i++) {
		struct error *err =
			follow_jump(graph, file, graph->insns[i].branch, ranges, range_count);
		if (err != NULL)
			return err;
	}
	for (uint32_t i = 0; i < graph->count; i++)
		link_insn(graph, i);
	for (uint32_t i = 0; i < graph->count; i++) {
		const struct code_insn *insn = &graph->insns[i];
		if (insn->next != CODE_NOWHERE)
			graph->insns[insn->next].predecessors++;
		if (insn->target != CODE_NOWHERE)
			graph->insns[insn->target].predecessors++;
	}
	for (uint32_t i = 0; i < graph->count; i++) {
		const struct code_insn *insn = &graph->insns[i];
		if (insn->is_padding && insn->predecessors == 0 && !insn->is_start &&
		    insn->next != CODE_NOWHERE)
			graph->insns[insn->next].predecessors--;
	}
	return NULL;
}

unsigned cfg_successors(const struct cfg *graph, uint32_t i, uint32_t ret[2])
{
	const struct code_insn *insn = &graph->insns[i];
	unsigned count = 0;

	if (insn->next != CODE_NOWHERE)
		ret[count++] = insn->next;
	if (insn->target != CODE_NOWHERE)
		ret[count++] = insn->target;
	return count;
}
