/* Beginnings of lines that are near to each other; see line_join.h. Probe layer. */
#include "tracer/probe/lines/line_join.h"

#include <stdbool.h>

#include "tracer/arch/pad.h"
#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/jump_window.h"

/* What jumps at the points of one function would displace. */
struct joining {
	const struct symbol_file *file;
	struct jump_targets *targets;
	struct jump_function *function;
	struct cfg graph; /* of the last one that was asked about */
};

static bool has_near_points(const struct line_points *points)
{
	for (size_t i = 1; i < points->count; i++) {
		const uint64_t distance =
			points->addresses[i].value - points->addresses[i - 1].value;
		if (distance > 0 && distance < ARCH_JUMP_BYTES + ARCH_CALL_MARK_BYTES_MAX)
			return true;
	}
	return false;
}

static struct error *find_window(struct joining *joining, taddr_t address, struct jump_window *ret)
{
	struct error *err = NULL;

	if (joining->function == NULL || !jump_function_holds(joining->function, address)) {
		jump_function_destroy(joining->function);
		joining->function = NULL;
		err = jump_function_create(joining->targets, address, &joining->function);
	}
	if (err == NULL)
		jump_window_find(joining->function, address, ret);
	return err;
}

/*
 * The first boundary of instructions of @window, which is at @from, that is not in front of @to, if they reach no memory
 * up to there. 0: they do, or there is none.
 */
static taddr_t quiet_up_to(const struct jump_window *window, taddr_t from, taddr_t to)
{
	const taddr_t start = taddr_add(from, window->offset_bytes);
	struct arch_insn insn;
	taddr_t at = start;

	for (; at.value < to.value; at = taddr_add(at, insn.bytes)) {
		const size_t offset = at.value - start.value;
		if (offset >= window->code_bytes ||
		    !arch_decode(window->code + offset, window->code_bytes - offset, at, &insn) ||
		    !insn.is_quiet)
			return taddr(0);
	}
	return at;
}

/* The first point behind point @i that is at another address. */
static size_t next_point(const struct line_points *points, size_t i)
{
	size_t next = i + 1;

	while (next < points->count && taddr_equal(points->addresses[next], points->addresses[i]))
		next++;
	return next;
}

/* The points that are joined with point @first: up to the one that is returned. */
static size_t join_end(const struct line_points *points, size_t first,
		       const struct jump_window *window)
{
	const taddr_t from = points->addresses[first];
	const taddr_t window_end = taddr_add(from, window->offset_bytes + window->run_bytes);
	size_t end = next_point(points, first);

	while (end < points->count && points->addresses[end].value < window_end.value) {
		const size_t next = next_point(points, end);
		const bool is_same_line =
			next == end + 1 && points->lines[end] == points->lines[end - 1];
		if (!is_same_line && !taddr_equal(quiet_up_to(window, from, points->addresses[end]),
						  points->addresses[end]))
			break;
		end = next;
	}
	return end;
}

/* Whether nothing but the instruction in front of @address leads there. */
static struct error *is_only_passed(struct joining *joining, taddr_t address, bool *ret)
{
	struct cfg *graph = &joining->graph;
	struct error *err = NULL;

	if (!cfg_holds(graph, address)) {
		cfg_deinit(graph);
		err = cfg_add(graph, joining->file, address);
		if (err == NULL)
			err = cfg_link(graph, joining->file, NULL, 0);
	}
	const uint32_t at = err == NULL ? cfg_find(graph, address) : CODE_NOWHERE;
	*ret = at != CODE_NOWHERE && at > 0 && graph->insns[at].predecessors == 1 &&
	       graph->insns[at - 1].next == at;
	for (size_t i = 0; *ret && i < graph->count; i++) /* a table may lead anywhere */
		*ret = graph->insns[i].flow != ARCH_FLOW_INDIRECT;
	return err;
}

/* Point @first, which begins in the code that a jump in front of it displaces, moves to @behind, or further. */
static struct error *move_behind(struct joining *joining, struct line_points *points, size_t first,
				 taddr_t behind)
{
	const taddr_t from = points->addresses[first];
	const size_t next = next_point(points, first);
	struct jump_window window = { .refusal = JUMP_NO_CODE };

	struct error *err = find_window(joining, from, &window);
	if (err != NULL || window.refusal != JUMP_POSSIBLE)
		return err;
	const taddr_t to = quiet_up_to(&window, from, behind);
	bool may_move = to.value != 0 &&
			(next == points->count || to.value < points->addresses[next].value);
	if (may_move && to.value >= from.value + window.offset_bytes + window.run_bytes)
		err = is_only_passed(joining, to, &may_move);
	for (size_t i = first; err == NULL && may_move && i < next; i++)
		points->addresses[i] = to;
	return err;
}

static struct error *join_all(struct joining *joining, struct line_points *points)
{
	struct error *err = NULL;
	size_t kept = 0;

	for (size_t i = 0, end; err == NULL && i < points->count; i = end) {
		const taddr_t address = points->addresses[i];
		struct jump_window window = { .refusal = JUMP_NO_CODE };
		err = find_window(joining, address, &window);
		end = err == NULL && window.refusal == JUMP_POSSIBLE ? join_end(points, i, &window)
								     : next_point(points, i);
		const size_t first = kept;
		for (size_t k = i; k < end; k++) {
			if (kept > first && points->lines[kept - 1] == points->lines[k])
				continue;
			points->addresses[kept] = address;
			points->lines[kept++] = points->lines[k];
		}
		const taddr_t behind =
			taddr_add(address, (uint64_t)window.offset_bytes + window.bytes);
		if (err == NULL && window.refusal == JUMP_POSSIBLE && end < points->count &&
		    points->addresses[end].value < behind.value)
			err = move_behind(joining, points, end, behind);
	}
	points->count = kept;
	return err;
}

struct error *line_points_join(const struct symbol_file *file, struct line_points *points)
{
	struct joining joining = { .file = file };

	if (!has_near_points(points))
		return NULL;
	struct error *err = jump_targets_create(file, &joining.targets);
	if (err == NULL)
		err = join_all(&joining, points);
	jump_function_destroy(joining.function);
	jump_targets_destroy(joining.targets);
	cfg_deinit(&joining.graph);
	return err;
}
