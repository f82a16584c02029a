/* The ways into and out of inlined code; see inlined_flow.h. Probe layer. */
#include "tracer/probe/inlined/inlined_flow.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	GAP_INSNS_MAX = 32, /* of the caller's between two pieces of inlined code */
	COPY_INSNS_MIN = 8, /* fewer, without a call, were only moved away, and are no copy */
	PASSES = 8,	    /* over all instructions of a function, for each call */
	CALL_WEIGHT = 64,   /* what a call counts in instructions */
};

static const unsigned WALK_ARRIVED = UINT_MAX;

enum insn_mark {
	MARK_INSIDE = 1 << 0,
	MARK_GAP = 1 << 1,     /* the caller's, on the way from inside to inside */
	MARK_VISITED = 1 << 2, /* by mark_gap */
	MARK_REACHED = 1 << 3, /* from where it is entered */
	MARK_SHARED = 1 << 4,  /* in a gap, and on a way from outside, too */
	MARK_WALKED = 1 << 5,  /* by walk_inside */
};

struct flow {
	const struct cfg *graph;
	uint8_t *marks; /* an instruction each */
	uint32_t *walk; /* what walk() has come to; as long */
	uint32_t entry;
	bool is_guessed; /* the entry */
	bool has_table;	 /* its code jumps through a table, to places that are not known */
	struct flow_point *points;
	size_t count;
	bool is_full;
	uint64_t *steps_left; /* instructions that may still be looked at */
};

/* False: there are not so many steps left. */
static bool spend(struct flow *flow, uint64_t steps)
{
	bool has_enough = *flow->steps_left > steps;

	*flow->steps_left = has_enough ? *flow->steps_left - steps : 0;
	return has_enough;
}

static bool is_part(const struct flow *flow, uint32_t i)
{
	return (flow->marks[i] & (MARK_INSIDE | MARK_GAP)) != 0;
}

static bool is_inside(const struct flow *flow, uint32_t i)
{
	return (flow->marks[i] & MARK_INSIDE) != 0;
}

/* Whether nothing is seen to lead to @i, so that a table of jumps may. */
static bool is_loose(const struct flow *flow, uint32_t i)
{
	const struct code_insn *insn = &flow->graph->insns[i];

	return insn->predecessors == 0 && !insn->is_start && !insn->is_padding &&
	       insn->flow != ARCH_FLOW_TRAP;
}

static unsigned insn_weight(const struct cfg *graph, uint32_t i)
{
	return graph->insns[i].is_call ? CALL_WEIGHT : 1;
}

/* False: a range does not begin with an instruction. What is not in the graph is never come to. */
static bool mark_inside(struct flow *flow, const struct inlined_range *ranges, size_t count)
{
	for (size_t r = 0; r < count; r++) {
		if (!cfg_holds(flow->graph, ranges[r].start))
			continue;
		uint32_t i = cfg_find(flow->graph, ranges[r].start);
		if (i == CODE_NOWHERE)
			return false;
		for (; i < flow->graph->count; i++) {
			taddr_t address = flow->graph->insns[i].address;
			if (address.value < ranges[r].start.value ||
			    address.value >= ranges[r].end.value)
				break;
			flow->marks[i] |= MARK_INSIDE;
			flow->has_table |= flow->graph->insns[i].flow == ARCH_FLOW_INDIRECT;
		}
	}
	return true;
}

/*
 * Walks on from @from over instructions that have a mark of @within and not yet @mark, which they get. The
 * number of those that were come to; they are in flow->walk.
 */
static size_t walk(struct flow *flow, uint32_t from, unsigned within, unsigned mark)
{
	size_t count = 0;

	flow->walk[count++] = from;
	flow->marks[from] |= (uint8_t)mark;
	for (size_t q = 0; q < count; q++) {
		uint32_t to[2];
		unsigned ways = cfg_successors(flow->graph, flow->walk[q], to);
		for (unsigned w = 0; w < ways; w++) {
			if (!(flow->marks[to[w]] & within) || (flow->marks[to[w]] & mark))
				continue;
			flow->marks[to[w]] |= (uint8_t)mark;
			flow->walk[count++] = to[w];
		}
	}
	(void)spend(flow, count);
	return count;
}

/* Marks what control may come to from @first as long as it has not left. */
static void reach(struct flow *flow, uint32_t first)
{
	(void)walk(flow, first, MARK_INSIDE | MARK_GAP, MARK_REACHED);
}

/*
 * What there is on the way from @from by inlined code alone: the number of instructions, a call counting as
 * CALL_WEIGHT; or WALK_ARRIVED if @to is among them.
 */
static unsigned walk_inside(struct flow *flow, uint32_t from, uint32_t to)
{
	unsigned weight = 0;

	if (*flow->steps_left == 0)
		return 0;
	size_t count = walk(flow, from, MARK_INSIDE, MARK_WALKED);
	bool has_arrived = to != CODE_NOWHERE && (flow->marks[to] & MARK_WALKED);
	for (size_t i = 0; i < count; i++) {
		weight += insn_weight(flow->graph, flow->walk[i]);
		flow->marks[flow->walk[i]] &= (uint8_t)~MARK_WALKED;
	}
	return has_arrived ? WALK_ARRIVED : weight;
}

/*
 * Whether the way from @from (left inside, CODE_NOWHERE: a table) back to @to begins a new call: it does at
 * the entry. Where that is not known, a loop of the caller's is one that its inlined code closes, or that
 * goes back.
 */
static bool begins_anew(struct flow *flow, uint32_t from, uint32_t to)
{
	if (to == flow->entry)
		return true;
	return flow->is_guessed && from != CODE_NOWHERE && is_inside(flow, to) &&
	       (to <= from || walk_inside(flow, to, from) == WALK_ARRIVED);
}

/* Marks those of the @count instructions in @outside from which control comes back inside. */
static void mark_way_back(struct flow *flow, const uint32_t *outside, size_t count, uint32_t from)
{
	for (bool is_new = true; is_new;) {
		is_new = false;
		for (size_t q = count; q-- > 0;) {
			uint32_t to[2], i = outside[q];
			unsigned ways = cfg_successors(flow->graph, i, to);
			for (unsigned w = 0; w < ways && !is_part(flow, i); w++) {
				if (!is_part(flow, to[w]) || begins_anew(flow, from, to[w]))
					continue;
				flow->marks[i] |= MARK_GAP;
				is_new = true;
			}
		}
	}
}

/* Control goes from @from, inside, to @first, outside: does it soon come back, but to go on? */
static void mark_gap(struct flow *flow, uint32_t from, uint32_t first)
{
	uint32_t outside[GAP_INSNS_MAX];
	size_t count = 0, kept = 0;

	outside[count++] = first;
	flow->marks[first] |= MARK_VISITED;
	for (size_t q = 0; q < count; q++) {
		uint32_t to[2], i = outside[q];
		unsigned ways =
			flow->graph->insns[i].is_call ? 0 : cfg_successors(flow->graph, i, to);
		for (unsigned w = 0; w < ways && count < GAP_INSNS_MAX; w++) {
			if (is_part(flow, to[w]) || (flow->marks[to[w]] & MARK_VISITED))
				continue;
			flow->marks[to[w]] |= MARK_VISITED;
			outside[count++] = to[w];
		}
	}
	for (size_t q = 0; q < count; q++) {
		flow->marks[outside[q]] &= (uint8_t)~MARK_VISITED;
		/* A call is the caller's own doing: it is where a gap ends. */
		if (!flow->graph->insns[outside[q]].is_call)
			outside[kept++] = outside[q];
	}
	mark_way_back(flow, outside, kept, from);
}

static void mark_gaps(struct flow *flow)
{
	for (uint32_t i = 0; i < flow->graph->count; i++) {
		uint32_t to[2];
		unsigned ways = is_inside(flow, i) ? cfg_successors(flow->graph, i, to) : 0;
		for (unsigned w = 0; w < ways; w++) {
			if (!is_part(flow, to[w]))
				mark_gap(flow, i, to[w]);
		}
		if (flow->has_table && is_loose(flow, i) && !is_part(flow, i))
			mark_gap(flow, CODE_NOWHERE, i);
	}
}

/* Gaps that the caller's other code leads to: control that comes inside from there has entered. */
static void mark_shared_gaps(struct flow *flow)
{
	for (bool is_new = true; is_new && spend(flow, flow->graph->count);) {
		is_new = false;
		for (uint32_t i = 0; i < flow->graph->count; i++) {
			uint32_t to[2];
			bool is_outside = !is_part(flow, i) || (flow->marks[i] & MARK_SHARED);
			unsigned ways = is_outside ? cfg_successors(flow->graph, i, to) : 0;
			for (unsigned w = 0; w < ways; w++) {
				if ((flow->marks[to[w]] & (MARK_GAP | MARK_SHARED)) != MARK_GAP)
					continue;
				flow->marks[to[w]] |= MARK_SHARED;
				is_new = true;
			}
		}
	}
}

static void add_point(struct flow *flow, uint32_t i, enum flow_kind kind, bool may_come_back)
{
	taddr_t address = flow->graph->insns[i].address;

	for (size_t p = 0; p < flow->count; p++) {
		if (taddr_equal(flow->points[p].address, address) && flow->points[p].kind == kind) {
			flow->points[p].may_come_back |= may_come_back;
			return;
		}
	}
	if (flow->count == FLOW_POINTS_MAX) {
		flow->is_full = true;
		return;
	}
	flow->points[flow->count++] = (struct flow_point){ address, kind, may_come_back };
}

/* What leads to each instruction: MARK_INSIDE its own code, MARK_SHARED the caller's. */
static void look_back(const struct flow *flow, uint8_t *from)
{
	for (uint32_t i = 0; i < flow->graph->count; i++) {
		uint32_t to[2];
		unsigned ways = cfg_successors(flow->graph, i, to);
		bool is_outside = !is_part(flow, i) || (flow->marks[i] & MARK_SHARED);
		for (unsigned w = 0; w < ways; w++)
			from[to[w]] |= (is_part(flow, i) ? MARK_INSIDE : 0) |
				       (is_outside ? MARK_SHARED : 0);
	}
}

/* By its weight: does more than what can be moved away, or as much as what it would be a copy of. */
static bool is_copy(struct flow *flow, unsigned weight)
{
	return weight >= CALL_WEIGHT ||
	       (weight >= COPY_INSNS_MIN &&
		weight >= walk_inside(flow, flow->entry, CODE_NOWHERE) / 2);
}

static void find_entries(struct flow *flow, const uint8_t *from)
{
	add_point(flow, flow->entry, FLOW_ENTER, (from[flow->entry] & MARK_INSIDE) != 0);
	reach(flow, flow->entry);
	for (uint32_t i = 0; flow->has_table && i < flow->graph->count; i++) {
		if (is_loose(flow, i) && is_part(flow, i))
			reach(flow, i);
	}
	for (uint32_t i = 0; i < flow->graph->count; i++) {
		if (i == flow->entry || !is_inside(flow, i) || !(from[i] & MARK_SHARED))
			continue;
		/* What is reached already is no copy: control has come in before it. */
		bool is_reached = (flow->marks[i] & MARK_REACHED) != 0;
		if ((is_reached && !flow->is_guessed) ||
		    !is_copy(flow, walk_inside(flow, i, CODE_NOWHERE)))
			continue;
		add_point(flow, i, FLOW_ENTER, (from[i] & MARK_INSIDE) != 0);
		if (!is_reached)
			reach(flow, i);
	}
}

static void find_exits(struct flow *flow)
{
	for (uint32_t i = 0; i < flow->graph->count; i++) {
		const struct code_insn *insn = &flow->graph->insns[i];
		uint32_t to[2];
		if (!(flow->marks[i] & MARK_REACHED))
			continue;
		unsigned ways = cfg_successors(flow->graph, i, to);
		for (unsigned w = 0; w < ways; w++) {
			if (!is_part(flow, to[w]))
				add_point(flow, to[w], FLOW_LEAVE, false);
		}
		bool leaves_function = insn->flow == ARCH_FLOW_RETURN ||
				       (insn->flow == ARCH_FLOW_JUMP && ways == 0);
		if (leaves_function)
			add_point(flow, i, FLOW_LAST, false);
	}
	for (uint32_t i = 0; flow->has_table && i < flow->graph->count; i++) {
		if (is_loose(flow, i) && !is_part(flow, i))
			add_point(flow, i, FLOW_LEAVE, false);
	}
}

static void flow_find(struct flow *flow, uint8_t *from)
{
	mark_gaps(flow);
	mark_shared_gaps(flow);
	look_back(flow, from);
	find_entries(flow, from);
	find_exits(flow);
}

/* Instructions in @range, a call counting as CALL_WEIGHT of them. */
static unsigned range_weight(const struct cfg *graph, uint32_t first,
			     const struct inlined_range *range)
{
	unsigned weight = 0;

	for (uint32_t i = first;
	     i < graph->count && graph->insns[i].address.value < range->end.value; i++)
		weight += insn_weight(graph, i);
	return weight;
}

/*
 * Where it begins. Clang does not say; its ranges are in the order of the code. What has been moved away (out
 * of a loop, say) may come first, but is short; what the caller's code does not lead to is no beginning.
 */
static uint32_t find_entry(struct flow *flow, const uint8_t *from, taddr_t entry,
			   const struct inlined_range *ranges, size_t count)
{
	const struct cfg *graph = flow->graph;
	uint32_t best = cfg_find(graph, entry);

	if (best != CODE_NOWHERE && is_inside(flow, best))
		return best;
	flow->is_guessed = true;
	best = cfg_find(graph, ranges[0].start);
	bool has_any = false;
	for (size_t r = 0; r < count; r++) {
		uint32_t first = cfg_find(graph, ranges[r].start);
		if (first == CODE_NOWHERE ||
		    !((from[first] & MARK_SHARED) || graph->insns[first].is_start))
			continue;
		if (range_weight(graph, first, &ranges[r]) >= COPY_INSNS_MIN)
			return first;
		if (!has_any)
			best = first;
		has_any = true;
	}
	return best;
}

struct error *inlined_flow_find(const struct cfg *graph, taddr_t entry,
				const struct inlined_range *ranges, size_t range_count,
				uint64_t *steps_left, struct flow_point *ret, size_t *ret_count)
{
	struct flow flow = { .graph = graph, .points = ret, .steps_left = steps_left };
	struct error *err = NULL;
	uint8_t *from = calloc(graph->count + 1, sizeof(*from));

	*ret_count = 0;
	bool is_cheap = spend(&flow, PASSES * (uint64_t)graph->count);
	flow.marks = calloc(graph->count + 1, sizeof(*flow.marks));
	flow.walk = calloc(graph->count + 1, sizeof(*flow.walk));
	if (from == NULL || flow.marks == NULL || flow.walk == NULL) {
		err = error_no_memory();
	} else if (is_cheap && mark_inside(&flow, ranges, range_count)) {
		look_back(&flow, from);
		flow.entry = find_entry(&flow, from, entry, ranges, range_count);
		memset(from, 0, graph->count);
		if (flow.entry != CODE_NOWHERE)
			flow_find(&flow, from);
		*ret_count = flow.is_full || *steps_left == 0 ? 0 : flow.count;
	}
	free(from);
	free(flow.marks);
	free(flow.walk);
	return err;
}
