/* Whether stops come fast; see pace.h. Loop layer. */
#include "tracer/loop/pace.h"

/* So late may a signal to us, or the end of the front end, be noticed. */
static const int64_t BEAT_NS_MAX = 10000000;

void pace_init(struct pace *pace, int64_t interval_ns)
{
	int64_t beats = (interval_ns + BEAT_NS_MAX - 1) / BEAT_NS_MAX;

	/* Rounded up: a beat that came a nanosecond before its tick would notice the one before. */
	*pace = (struct pace){ .beat_ns = (interval_ns + beats - 1) / beats };
}

bool pace_note(struct pace *pace, unsigned count, int64_t now_ns)
{
	if (!pace->is_fast && now_ns - pace->since_ns > pace->beat_ns) {
		pace->since_ns = now_ns;
		pace->stops = 0;
	}
	pace->stops += count;
	if (pace->is_fast || pace->stops < PACE_FAST_STOPS)
		return false;
	pace->is_fast = true; /* and these stops count for the first beat, which may come at once */
	return true;
}

bool pace_beat(struct pace *pace)
{
	if (pace->is_fast && pace->stops < PACE_SLOW_STOPS)
		pace_leave(pace);
	pace->stops = 0;
	return pace->is_fast;
}

void pace_leave(struct pace *pace)
{
	pace->is_fast = false;
	pace->stops = 0;
	pace->since_ns = 0;
}
