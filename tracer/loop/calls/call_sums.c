/* What the calls of each pattern come to; see call_sums.h. Loop layer. */
#include "tracer/loop/calls/call_sums.h"

enum {
	/*
	 * Deep recursion must not make each call of what it calls as expensive as it is deep: what lies
	 * further out than so many calls is not looked for.
	 */
	LOOK_MOST = 256,
	WITHIN_BITS = 32, /* of call.within */
};

static bool probe_has_pattern(const struct probe *probe, size_t pattern)
{
	for (size_t i = 0; i < probe->pattern_count; i++) {
		if (probe->patterns[i] == pattern)
			return true;
	}
	return false;
}

/* Whether one of the newest of these @count calls, @call left out, is open and of @pattern. */
static bool calls_have(const struct call *calls, size_t count, const struct call *call,
		       size_t pattern)
{
	size_t least = count > LOOK_MOST ? count - LOOK_MOST : 0;

	for (size_t i = count; i-- > least;) {
		const struct call *outer = &calls[i];
		/* An inherited call is not counted here, and coroutines need not nest. */
		if (outer != call && !outer->is_passed && !outer->is_forked &&
		    outer->mark_id == 0 && probe_has_pattern(outer->probe, pattern))
			return true;
	}
	return false;
}

void call_sums_begin(struct probe_set *set, const struct call_stack *stack, struct call *call)
{
	const struct probe *probe = call->probe;

	set->call_count++;
	call->within = 0;
	call->pattern_count = (uint32_t)probe->pattern_count; /* which may grow while it is open */
	for (size_t i = 0; i < call->pattern_count; i++) {
		const size_t pattern = probe->patterns[i];
		struct pattern_sums *sums = probe_set_sums(set, pattern);
		/* Most functions have no other call open anywhere: nothing need be looked at. */
		bool is_within = sums->open > 0 && call->mark_id == 0 && i < WITHIN_BITS &&
				 (calls_have(stack->calls, stack->count, call, pattern) ||
				  calls_have(stack->marked, stack->marked_count, call, pattern));
		if (is_within)
			call->within |= UINT32_C(1) << i;
		sums->open++;
	}
}

static void sums_add(struct pattern_sums *sums, uint64_t count, int64_t total_ns,
		     int64_t gained_bytes)
{
	sums->ended += count;
	if (__builtin_add_overflow(sums->total_ns, total_ns, &sums->total_ns))
		sums->total_ns = INT64_MAX;
	sums->gained_bytes += gained_bytes;
}

void call_sums_end(const struct probe_set *set, const struct call *call,
		   const struct call_event *end)
{
	const struct probe *probe = call->probe;
	const int64_t gained_bytes = (int64_t)(end->memory_bytes - call->entry.memory_bytes);

	for (size_t i = 0; i < call->pattern_count; i++) {
		struct pattern_sums *sums = probe_set_sums(set, probe->patterns[i]);
		bool is_within = i < WITHIN_BITS && (call->within >> i & 1) != 0;
		if (call->is_forked) {
			sums->inherited++;
			continue;
		}
		sums->open--;
		if (is_within)
			sums_add(sums, 1, 0, 0);
		else
			sums_add(sums, 1, end->time_ns - call->entry.time_ns, gained_bytes);
	}
}

void call_sums_add(struct probe_set *set, const struct probe *probe, uint64_t count,
		   int64_t total_ns)
{
	set->call_count += count;
	for (size_t i = 0; i < probe->pattern_count; i++)
		sums_add(probe_set_sums(set, probe->patterns[i]), count, total_ns, 0);
}
