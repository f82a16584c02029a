/* Reads the counter and the clock together; see tsc_look.h. Loop layer. */
#include "tracer/loop/state/tsc_look.h"

#include "tracer/arch/pad.h"
#include "tracer/base/clock.h"

enum { LOOKS = 3 };

void tsc_look(struct tsc_clock *clock)
{
	struct tsc_point best = { 0 };
	uint64_t shortest = UINT64_MAX;

	for (int i = 0; i < LOOKS; i++) {
		uint64_t before = arch_tsc();
		int64_t ns = clock_now_ns();
		uint64_t lasted = arch_tsc() - before;
		if (lasted < shortest) {
			shortest = lasted;
			best = (struct tsc_point){ before + lasted / 2, ns };
		}
	}
	tsc_clock_note(clock, best.tsc, best.ns);
}
