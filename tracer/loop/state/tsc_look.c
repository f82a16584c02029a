/* Reads the counter and the clock together; see tsc_look.h. Loop layer. */
#include "tracer/loop/state/tsc_look.h"

#include "tracer/arch/pad.h"
#include "tracer/base/clock.h"

void tsc_look(struct tsc_clock *clock)
{
	enum { LOOKS = 16 };
	struct tsc_reading closest = { 0, UINT64_MAX, 0 };

	for (int i = 0; i < LOOKS && !tsc_clock_is_close(clock, &closest); i++) {
		struct tsc_reading reading = { .before = arch_tsc() };
		reading.ns = clock_now_ns();
		reading.after = arch_tsc();
		if (reading.after - reading.before < closest.after - closest.before)
			closest = reading;
	}
	tsc_clock_note(clock, &closest);
}
