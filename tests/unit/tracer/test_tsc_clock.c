/* The relation of a counter to the clock, and that of the clocks to each other. */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

#include "tracer/arch/pad.h"
#include "tracer/base/clock.h"
#include "tracer/loop/state/tsc_look.h"

enum { MS = 1000000, US = 1000, TICKS_A_NS = 2 };

/* --- a machine whose time goes on when it is read, and which may be held up before each reading */

static struct {
	int64_t now_ns, cost_ns;
	uint32_t random;
	int64_t (*held_up_ns)(void); /* NULL: never */
	double speed;		     /* of the clock, the counter being right */
	int64_t slewed_since_ns, slewed_ns;
} machine;

static const int64_t REALTIME_AHEAD_NS = 1796000000 * (int64_t)NS_PER_S;

static void begin(int64_t (*held_up_ns)(void))
{
	machine.now_ns = 70 * (int64_t)MS;
	machine.cost_ns = 20;
	machine.random = 1;
	machine.held_up_ns = held_up_ns;
	machine.speed = 1;
	machine.slewed_since_ns = machine.slewed_ns = 0;
}

static void pass(void)
{
	machine.now_ns += machine.cost_ns;
	if (machine.held_up_ns != NULL)
		machine.now_ns += machine.held_up_ns();
}

/* Of CLOCK_MONOTONIC, at the machine's time @now_ns. */
static int64_t monotonic_at(int64_t now_ns)
{
	return machine.slewed_ns +
	       (int64_t)((double)(now_ns - machine.slewed_since_ns) * machine.speed);
}

static void slew(double speed)
{
	machine.slewed_ns = monotonic_at(machine.now_ns);
	machine.slewed_since_ns = machine.now_ns;
	machine.speed = speed;
}

static uint64_t tsc_at(int64_t now_ns)
{
	return 5000 + TICKS_A_NS * (uint64_t)now_ns;
}

uint64_t arch_tsc(void)
{
	pass();
	return tsc_at(machine.now_ns);
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	pass();
	int64_t ns = monotonic_at(machine.now_ns);
	if (clock == CLOCK_REALTIME)
		ns += REALTIME_AHEAD_NS;
	ret->tv_sec = ns / NS_PER_S;
	ret->tv_nsec = ns % NS_PER_S;
	return 0;
}

/* One reading in four is, for up to two milliseconds. */
static int64_t often(void)
{
	machine.random = machine.random * 1103515245 + 12345;
	return machine.random >> 30 == 0 ? (int64_t)(machine.random >> 8) % (2 * MS) : 0;
}

static int64_t always(void)
{
	return 50 * US + often();
}

/* --- */

static void assert_near(int64_t found_ns, int64_t wanted_ns, int64_t off_ns)
{
	if (llabs(found_ns - wanted_ns) > off_ns)
		fail_msg("%" PRId64 " ns off", found_ns - wanted_ns);
}

/* An exact reading, of a counter of 2 GHz, and a clock that began at another time. */
static void note_at(struct tsc_clock *clock, int64_t ns)
{
	const uint64_t tsc = 5000 + 2 * (uint64_t)ns;

	tsc_clock_note(clock, &(struct tsc_reading){ tsc, tsc, 70 * (int64_t)MS + ns });
}

static void is_known_after_two_readings(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	note_at(&clock, 0);
	assert_false(tsc_clock_is_known(&clock));
	note_at(&clock, MS); /* too short a time for a speed */
	assert_false(tsc_clock_is_known(&clock));
	note_at(&clock, 3 * MS);
	assert_true(tsc_clock_is_known(&clock));
	assert_int_equal(tsc_clock_ns(&clock, 5000 + 2 * MS), 71 * MS);
	assert_int_equal(tsc_clock_ticks(&clock, MS), 2 * MS);
}

static void another_speed_is_no_clock(void **state)
{
	struct tsc_clock clock = { 0 };
	const uint64_t later = 5000 + 2 * 4 * MS;

	(void)state;
	note_at(&clock, 0);
	note_at(&clock, 3 * MS);
	tsc_clock_note(&clock, &(struct tsc_reading){ later, later, 76 * (int64_t)MS });
	assert_true(clock.is_unstable);
	assert_false(tsc_clock_is_known(&clock));
}

static void running_backwards_is_no_clock(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	note_at(&clock, 3 * MS);
	note_at(&clock, 2 * MS);
	assert_true(clock.is_unstable);
}

/* A reading that took 2 ms may be of any moment of these: the others tell which. */
static void one_that_was_interrupted_tells_little(void **state)
{
	struct tsc_clock clock = { 0 };
	const int64_t ns = 10 * MS;

	(void)state;
	note_at(&clock, 0);
	note_at(&clock, 3 * MS);
	const uint64_t tsc = 5000 + 2 * (uint64_t)ns;
	tsc_clock_note(&clock, &(struct tsc_reading){ tsc, tsc + 4 * MS, 70 * (int64_t)MS + ns });
	for (int64_t t = 3 * MS; t < 11 * MS; t += MS)
		assert_near(tsc_clock_ns(&clock, 5000 + 2 * (uint64_t)t), 70 * MS + t, 2);
	assert_false(clock.is_unstable);
}

/* Looks every now and then, and in between times that are told once the next look has been taken, as those of records are. */
static void look_on(struct tsc_clock *clock, int times, int64_t off_ns)
{
	uint64_t records[10];
	int64_t wanted_ns[10];

	for (int i = 0; i < times; i++) {
		for (unsigned j = 0; j < 10; j++) {
			/* Now and then we are not on for a tenth of a second. */
			machine.now_ns += i % 50 == 49 ? 10 * MS : 150 * US;
			records[j] = tsc_at(machine.now_ns);
			wanted_ns[j] = monotonic_at(machine.now_ns);
		}
		tsc_look(clock);
		for (unsigned j = 0; tsc_clock_is_known(clock) && j < 10; j++)
			assert_near(tsc_clock_ns(clock, records[j]), wanted_ns[j], off_ns);
	}
	assert_true(tsc_clock_is_known(clock));
}

static void times_are_right_on_a_loaded_machine(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	begin(often);
	look_on(&clock, 10000, 50);
}

/* adjtimex(2) makes it slower or faster by 0.05 %: within the two milliseconds that are told by two points, 0.1 % is unseen. */
static void a_clock_that_is_slewed_is_followed(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	begin(often);
	for (int i = 0; i < 20; i++) {
		look_on(&clock, 200, 1 * US);
		tsc_look(&clock);
		slew(i % 2 == 0 ? 1.0005 : 0.9995);
	}
}

/* No reading is close: no time is off by more than half of what the closest of many take. */
static void what_is_never_close_is_made_the_best_of(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	begin(always);
	look_on(&clock, 1000, 60 * US);
}

/* On a quiet machine a look is one reading; where readings become more expensive, it is soon one again. */
static void looks_are_short(void **state)
{
	struct tsc_clock clock = { 0 };

	(void)state;
	begin(NULL);
	tsc_look(&clock);
	for (int i = 0; i < 2; i++) {
		tsc_look(&clock);
		const int64_t before_ns = machine.now_ns;
		tsc_look(&clock);
		assert_int_equal(machine.now_ns - before_ns, 3 * machine.cost_ns);
		machine.cost_ns = 500;
	}
}

static void the_epoch_is_right_on_a_loaded_machine(void **state)
{
	struct clock_base base;

	(void)state;
	begin(often);
	for (int i = 0; i < 1000; i++) {
		clock_base_init(&base);
		assert_near(clock_epoch_ns(&base, 0), REALTIME_AHEAD_NS, 50);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_known_after_two_readings),
		cmocka_unit_test(another_speed_is_no_clock),
		cmocka_unit_test(running_backwards_is_no_clock),
		cmocka_unit_test(one_that_was_interrupted_tells_little),
		cmocka_unit_test(times_are_right_on_a_loaded_machine),
		cmocka_unit_test(a_clock_that_is_slewed_is_followed),
		cmocka_unit_test(what_is_never_close_is_made_the_best_of),
		cmocka_unit_test(looks_are_short),
		cmocka_unit_test(the_epoch_is_right_on_a_loaded_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
