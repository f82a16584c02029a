/* The TSC and CLOCK_MONOTONIC; see tsc_clock.h. Loop layer. */
#include "tracer/loop/state/tsc_clock.h"

/* Two readings are never of the same moment: over this time that makes no difference worth a thought. */
static const int64_t BASELINE_NS = 2000000;

/* The base moves on, so that what was long ago does not hide a change of speed. */
static const int64_t BASELINE_NS_MAX = 1000000000;

/* Slewing is at most 0.05 %; one of the readings may have been held up between its two halves. */
static const double SPEED_TOLERANCE = 0.02;

static double speed_between(const struct tsc_point *from, const struct tsc_point *to)
{
	return (double)(to->ns - from->ns) / (double)(to->tsc - from->tsc);
}

static void note_speed(struct tsc_clock *clock)
{
	double speed = speed_between(&clock->base, &clock->last);

	if (clock->ns_a_tick > 0 && (speed > clock->ns_a_tick * (1 + SPEED_TOLERANCE) ||
				     speed < clock->ns_a_tick * (1 - SPEED_TOLERANCE)))
		clock->is_unstable = true;
	clock->ns_a_tick = speed;
}

void tsc_clock_note(struct tsc_clock *clock, uint64_t tsc, int64_t ns)
{
	const struct tsc_point now = { tsc, ns };

	if (clock->base.tsc == 0) {
		clock->base = clock->last = now;
		return;
	}
	if (tsc < clock->last.tsc) {
		clock->is_unstable = true;
		return;
	}
	clock->last = now;
	if (ns - clock->base.ns >= BASELINE_NS && tsc > clock->base.tsc)
		note_speed(clock);
	if (ns - clock->base.ns >= BASELINE_NS_MAX)
		clock->base = now;
}

bool tsc_clock_is_known(const struct tsc_clock *clock)
{
	return clock->ns_a_tick > 0 && !clock->is_unstable;
}

int64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc)
{
	uint64_t ago = tsc < clock->last.tsc ? clock->last.tsc - tsc : 0;

	return clock->last.ns - (int64_t)((double)ago * clock->ns_a_tick);
}

int64_t tsc_clock_duration_ns(const struct tsc_clock *clock, uint64_t ticks)
{
	return (int64_t)((double)ticks * clock->ns_a_tick);
}

uint64_t tsc_clock_ticks(const struct tsc_clock *clock, int64_t ns)
{
	return clock->ns_a_tick > 0 ? (uint64_t)((double)ns / clock->ns_a_tick) : UINT64_MAX;
}
