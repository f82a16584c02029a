/* The TSC and CLOCK_MONOTONIC; see tsc_clock.h. Loop layer. */
#include "tracer/loop/state/tsc_clock.h"

/* Every other point is further away than this: what they are off makes no difference to a speed. */
static const int64_t DISTANCE_NS = 2000000;

/* Slewing is at most 0.05 %; one of the readings may have been held up between its two halves. */
static const double SPEED_TOLERANCE = 0.02;

static const struct tsc_point *point_at(const struct tsc_clock *clock, size_t i)
{
	return &clock->points[(clock->first + i) % TSC_POINTS];
}

static double speed_between(const struct tsc_point *from, const struct tsc_point *to)
{
	return (double)(to->ns - from->ns) / (double)(to->tsc - from->tsc);
}

static int64_t ns_at(const struct tsc_point *point, uint64_t tsc, double ns_a_tick)
{
	return point->ns + (int64_t)((double)(int64_t)(tsc - point->tsc) * ns_a_tick);
}

/* The last point becomes @now, if that is near the one before it, or is followed by it. */
static void append(struct tsc_clock *clock, const struct tsc_point *now)
{
	const bool is_near =
		clock->count > 1 && now->ns - point_at(clock, clock->count - 2)->ns < DISTANCE_NS;

	if (!is_near && clock->count < TSC_POINTS)
		clock->count++;
	else if (!is_near)
		clock->first = (clock->first + 1) % TSC_POINTS;
	clock->points[(clock->first + clock->count - 1) % TSC_POINTS] = *now;
}

static void note_speed(struct tsc_clock *clock)
{
	const struct tsc_point *last = point_at(clock, clock->count - 1);
	size_t i = clock->count - 1;

	while (i > 0 && last->ns - point_at(clock, i)->ns < DISTANCE_NS)
		i--;
	if (last->ns - point_at(clock, i)->ns < DISTANCE_NS)
		return;
	const double speed = speed_between(point_at(clock, i), last);
	if (clock->ns_a_tick > 0 && (speed > clock->ns_a_tick * (1 + SPEED_TOLERANCE) ||
				     speed < clock->ns_a_tick * (1 - SPEED_TOLERANCE)))
		clock->is_unstable = true;
	clock->ns_a_tick = speed_between(point_at(clock, 0), last);
}

/*
 * The moment of @reading: of what it may be, the nearest to what is known already. One that was interrupted tells little, and
 * an exact one leaves no choice.
 */
static struct tsc_point moment(const struct tsc_clock *clock, const struct tsc_reading *reading)
{
	const uint64_t half = (reading->after - reading->before) / 2;
	struct tsc_point now = { reading->before + half, reading->ns };

	if (clock->ns_a_tick > 0) {
		const int64_t slack_ns = (int64_t)((double)half * clock->ns_a_tick);
		const int64_t ns =
			ns_at(point_at(clock, clock->count - 1), now.tsc, clock->ns_a_tick);
		now.ns = ns < now.ns - slack_ns	  ? now.ns - slack_ns
			 : ns > now.ns + slack_ns ? now.ns + slack_ns
						  : ns;
	}
	return now;
}

void tsc_clock_note(struct tsc_clock *clock, const struct tsc_reading *reading)
{
	const struct tsc_point now = moment(clock, reading);
	const uint64_t width = reading->after - reading->before;

	if (width < clock->closest || !tsc_clock_is_close(clock, reading))
		clock->closest = width;
	if (clock->count > 0 && now.tsc <= point_at(clock, clock->count - 1)->tsc) {
		clock->is_unstable |= now.tsc < point_at(clock, clock->count - 1)->tsc;
		return;
	}
	append(clock, &now);
	note_speed(clock);
}

bool tsc_clock_is_close(const struct tsc_clock *clock, const struct tsc_reading *reading)
{
	return clock->closest > 0 && reading->after - reading->before <= 2 * clock->closest;
}

bool tsc_clock_is_known(const struct tsc_clock *clock)
{
	return clock->ns_a_tick > 0 && !clock->is_unstable;
}

int64_t tsc_clock_ns(const struct tsc_clock *clock, uint64_t tsc)
{
	size_t i = clock->count - 1;

	if (tsc >= point_at(clock, i)->tsc)
		return point_at(clock, i)->ns;
	while (i > 0 && point_at(clock, i)->tsc > tsc)
		i--;
	const struct tsc_point *from = point_at(clock, i);
	if (from->tsc > tsc || i + 1 == clock->count) /* older than all */
		return ns_at(from, tsc, clock->ns_a_tick);
	return ns_at(from, tsc, speed_between(from, point_at(clock, i + 1)));
}

int64_t tsc_clock_duration_ns(const struct tsc_clock *clock, uint64_t ticks)
{
	return (int64_t)((double)ticks * clock->ns_a_tick);
}

uint64_t tsc_clock_ticks(const struct tsc_clock *clock, int64_t ns)
{
	return clock->ns_a_tick > 0 ? (uint64_t)((double)ns / clock->ns_a_tick) : UINT64_MAX;
}
