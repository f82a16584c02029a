/* Beginnings of lines that are near to each other; see line_join.h. Probe layer. */
#include "tracer/probe/lines/line_join.h"

#include <stdbool.h>

#include "tracer/arch/pad.h"
#include "tracer/probe/code/jump_window.h"

/* What jumps at the points of one function would displace. */
struct joining {
	struct jump_targets *targets;
	struct jump_function *function;
};

static bool has_near_points(const struct line_points *points)
{
	for (size_t i = 1; i < points->count; i++) {
		const uint64_t distance =
			points->addresses[i].value - points->addresses[i - 1].value;
		if (distance > 0 && distance < ARCH_JUMP_BYTES + ARCH_CALL_MARK_BYTES)
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

/* Whether the instructions from @from on, of @window, reach no memory up to @to. */
static bool is_quiet(const struct jump_window *window, taddr_t from, taddr_t to)
{
	const taddr_t start = taddr_add(from, window->offset_bytes);
	struct arch_insn insn;

	for (taddr_t at = start; at.value < to.value; at = taddr_add(at, insn.bytes)) {
		const size_t offset = at.value - start.value;
		if (offset >= window->code_bytes ||
		    !arch_decode(window->code + offset, window->code_bytes - offset, at, &insn) ||
		    !insn.is_quiet)
			return false;
	}
	return true;
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
		if (!is_same_line && !is_quiet(window, from, points->addresses[end]))
			break;
		end = next;
	}
	return end;
}

static struct error *join_all(struct joining *joining, struct line_points *points)
{
	struct error *err = NULL;
	size_t kept = 0;

	for (size_t i = 0, end; err == NULL && i < points->count; i = end) {
		const taddr_t address = points->addresses[i];
		struct jump_window window;
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
	}
	points->count = kept;
	return err;
}

struct error *line_points_join(const struct symbol_file *file, struct line_points *points)
{
	struct joining joining = { 0 };

	if (!has_near_points(points))
		return NULL;
	struct error *err = jump_targets_create(file, &joining.targets);
	if (err == NULL)
		err = join_all(&joining, points);
	jump_function_destroy(joining.function);
	jump_targets_destroy(joining.targets);
	return err;
}
