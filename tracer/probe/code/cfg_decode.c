/*
 * The instructions of a piece of code; see cfg_private.h. Probe layer.
 *
 * Compilers put no data between a function's instructions on x86-64, people who write assembly do, and jump over it.
 * Decoded as instructions it makes the decoder lose its step: the returns behind it are missed. Code cannot be found by
 * following branches alone: what a table of jumps leads to is not known here. So all is decoded in a row. Where that
 * cannot be right, it is done again, with those instructions first that branches lead to from the beginning.
 */
#include "tracer/probe/code/cfg_private.h"

#include <stdlib.h>

#include "tracer/arch/references.h"
#include "tracer/base/array.h"

struct decoding {
	struct cfg *graph;
	struct code_piece *piece;
	const uint8_t *code;
	size_t bytes;
	/* By byte: an instruction begins here that is certainly one; the bytes still to be looked at. */
	bool *is_certain;
	uint32_t *pending;
	size_t pending_count;
};

/* At the start of a function, what indirect calls look at is taken for one instruction. */
static bool decode_at(const struct decoding *decoding, size_t at, struct arch_insn *ret)
{
	const uint8_t *code = decoding->code + at;
	const size_t bytes = decoding->bytes - at;
	const size_t mark_bytes = at == 0 ? arch_type_mark(code, bytes) : 0;

	if (mark_bytes == 0)
		return arch_decode(code, bytes, taddr_add(decoding->piece->start, at), ret);
	*ret = (struct arch_insn){ .bytes = (uint8_t)mark_bytes, .is_call_mark = true };
	return true;
}

static struct error *append(struct decoding *decoding, size_t at, const struct arch_insn *insn)
{
	struct cfg *graph = decoding->graph;

	struct error *err = array_reserve(&graph->insns, &graph->capacity, graph->count + 1,
					  sizeof(*graph->insns));
	if (err != NULL)
		return err;
	graph->insns[graph->count++] = (struct code_insn){
		.address = taddr_add(decoding->piece->start, at),
		.branch = insn->target,
		.constant = insn->constant,
		.next = CODE_NOWHERE,
		.target = CODE_NOWHERE,
		.flow = insn->flow,
		.popped_bytes = insn->popped_bytes,
		.is_call = insn->is_call,
		.bytes = insn->bytes,
		.is_padding = insn->is_padding,
		.is_call_mark = insn->is_call_mark,
		.enters_kernel = insn->enters_kernel,
		.is_start = at == 0,
	};
	return NULL;
}

/* All in a row from @at on, up to @end or the first that is none: *@ret is where the last one ends. */
static struct error *append_row(struct decoding *decoding, size_t at, size_t end, size_t *ret)
{
	struct arch_insn insn;
	struct error *err = NULL;

	while (err == NULL && at < end && decode_at(decoding, at, &insn)) {
		err = append(decoding, at, &insn);
		at += insn.bytes;
	}
	*ret = at;
	return err;
}

/* Of the piece, which is the last one. */
static const struct code_insn *find_insn(const struct decoding *decoding, size_t at)
{
	const struct cfg *graph = decoding->graph;
	const uint64_t address = decoding->piece->start.value + at;
	size_t low = decoding->piece->first, high = graph->count;

	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		if (graph->insns[middle].address.value < address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < graph->count && graph->insns[low].address.value == address ? &graph->insns[low]
										: NULL;
}

/* Whether an instruction begins at @at, or behind a prefix that may be jumped over. */
static bool is_boundary(const struct decoding *decoding, size_t at)
{
	const struct code_insn *before = at > 0 ? find_insn(decoding, at - 1) : NULL;

	return find_insn(decoding, at) != NULL ||
	       (before != NULL &&
		arch_has_optional_prefix(decoding->code + at - 1, decoding->bytes - (at - 1)));
}

/* Whether a branch in the row leads to where none of it begins: either may be data. */
static bool is_out_of_step(const struct decoding *decoding)
{
	const struct cfg *graph = decoding->graph;

	for (size_t i = decoding->piece->first; i < graph->count; i++) {
		const uint64_t branch = graph->insns[i].branch.value;
		const uint64_t at = branch - decoding->piece->start.value;
		if (branch != 0 && at < decoding->bytes && !is_boundary(decoding, at))
			return true;
	}
	return false;
}

static void note_certain(struct decoding *decoding, uint64_t at)
{
	if (at >= decoding->bytes || decoding->is_certain[at])
		return;
	decoding->is_certain[at] = true;
	decoding->pending[decoding->pending_count++] = (uint32_t)at;
}

/* Follows all branches from the beginning. */
static void find_certain(struct decoding *decoding)
{
	struct arch_insn insn;

	note_certain(decoding, 0);
	while (decoding->pending_count > 0) {
		const uint32_t at = decoding->pending[--decoding->pending_count];
		if (!decode_at(decoding, at, &insn)) {
			decoding->is_certain[at] = false; /* not understood */
			continue;
		}
		if (insn.flow == ARCH_FLOW_FALLTHROUGH || insn.flow == ARCH_FLOW_BRANCH)
			note_certain(decoding, at + insn.bytes);
		if (insn.target.value != 0)
			note_certain(decoding, insn.target.value - decoding->piece->start.value);
	}
}

static size_t next_certain(const struct decoding *decoding, size_t at)
{
	while (at < decoding->bytes && !decoding->is_certain[at])
		at++;
	return at;
}

/*
 * Between two that are certain, what fits there as a row is left as it is: a table may lead to it. What does not is data
 * in whole or in part: nothing of it may be touched, even if some of it looks like a return.
 */
static struct error *append_in_step(struct decoding *decoding, size_t *ret)
{
	const size_t bytes = decoding->bytes;
	struct error *err = NULL;
	struct arch_insn insn;
	size_t at = 0, end = 0;

	while (err == NULL && at < bytes) {
		if (decoding->is_certain[at] && decode_at(decoding, at, &insn)) {
			err = append(decoding, at, &insn);
			at = end = at + insn.bytes;
			continue;
		}
		const size_t before = decoding->graph->count, limit = next_certain(decoding, at);
		if (err == NULL)
			err = append_row(decoding, at, limit, &end);
		if (limit == bytes)
			break;
		if (end != limit) {
			decoding->graph->count = before;
			decoding->piece->has_gaps = true;
		}
		at = limit;
	}
	*ret = end;
	return err;
}

static struct error *decode_again(struct decoding *decoding, size_t *ret_end)
{
	struct error *err = NULL;

	decoding->is_certain = calloc(decoding->bytes, sizeof(*decoding->is_certain));
	decoding->pending = malloc(decoding->bytes * sizeof(*decoding->pending));
	if (decoding->is_certain == NULL || decoding->pending == NULL) {
		err = error_no_memory();
	} else {
		decoding->graph->count = decoding->piece->first;
		find_certain(decoding);
		err = append_in_step(decoding, ret_end);
	}
	free(decoding->is_certain);
	free(decoding->pending);
	return err;
}

struct error *cfg_decode(struct cfg *graph, struct code_piece *piece, const uint8_t *code)
{
	struct decoding decoding = {
		.graph = graph,
		.piece = piece,
		.code = code,
		.bytes = piece->end.value - piece->start.value,
	};
	size_t end = 0;

	struct error *err = append_row(&decoding, 0, decoding.bytes, &end);
	if (err == NULL && is_out_of_step(&decoding))
		err = decode_again(&decoding, &end);
	piece->count = (uint32_t)(graph->count - piece->first);
	piece->is_whole = end == decoding.bytes && !piece->has_gaps;
	piece->end = taddr_add(piece->start, end); /* nothing behind it is certain */
	return err;
}
