/* Unit tests of following the target's CPU: times in, a decision out. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/state/follow_trials.h"

static const int64_t US = 1000;
static const int64_t MS = 1000000;

/* A machine: what a stop takes in each way, and the time there. */
struct machine {
	struct follow_trials trials;
	int64_t stop_ns[FOLLOW_WAYS];
	int64_t now_ns;
	int64_t spent_ns[FOLLOW_WAYS]; /* in that way */
	bool is_crowded;
};

static void machine_stop(struct machine *machine)
{
	struct follow_trials *trials = &machine->trials;
	enum follow_way way = trials->way;

	machine->now_ns += machine->stop_ns[way];
	machine->spent_ns[way] += machine->stop_ns[way];
	if (follow_trials_note(trials, machine->stop_ns[way]))
		follow_trials_decide(trials, machine->is_crowded, machine->now_ns);
}

static void machine_run(struct machine *machine, unsigned windows)
{
	for (unsigned i = 0; i < windows * FOLLOW_WINDOW_STOPS; i++)
		machine_stop(machine);
}

/* @waited_ns of a gap of @gap_ns we waited. Whether that ended the following. */
static bool machine_long_gap(struct machine *machine, int64_t gap_ns, int64_t waited_ns)
{
	machine->now_ns += gap_ns;
	assert_true(follow_trials_is_long(&machine->trials, gap_ns));
	return follow_trials_wait(&machine->trials, waited_ns, machine->now_ns);
}

static void test_dear_crossing(void **state)
{
	(void)state;
	struct machine vm = { .stop_ns = { 130 * US, 10 * US } };

	machine_run(&vm, 1);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	machine_run(&vm, 10000);
	/* The other way is tried again and again, for less than 2 % of the time. */
	assert_true(vm.spent_ns[FOLLOW_NOT] > 2 * 32 * 130 * US);
	assert_true(vm.spent_ns[FOLLOW_NOT] < vm.spent_ns[FOLLOW_CPU] / 50);
}

/* The target runs alone on its CPU, or a stop is as cheap across two. */
static void test_no_gain(void **state)
{
	(void)state;
	struct machine even = { .stop_ns = { 10 * US, 10 * US } };
	struct machine worse = { .stop_ns = { 10 * US, 300 * US } };

	machine_run(&even, 10000);
	assert_int_equal(even.trials.way, FOLLOW_NOT);
	assert_true(even.spent_ns[FOLLOW_CPU] < even.spent_ns[FOLLOW_NOT] / 50);
	machine_run(&worse, 10000);
	assert_int_equal(worse.trials.way, FOLLOW_NOT);
	assert_true(worse.spent_ns[FOLLOW_CPU] > 0);
	assert_true(worse.spent_ns[FOLLOW_CPU] < worse.spent_ns[FOLLOW_NOT] / 50);
}

static void test_machine_changes(void **state)
{
	(void)state;
	struct machine machine = { .stop_ns = { 10 * US, 10 * US } };

	machine_run(&machine, 200);
	assert_int_equal(machine.trials.way, FOLLOW_NOT);
	machine.stop_ns[FOLLOW_NOT] = 130 * US;
	machine_run(&machine, 200);
	assert_int_equal(machine.trials.way, FOLLOW_CPU);
	machine.stop_ns[FOLLOW_CPU] = 150 * US; /* without one long wait */
	machine_run(&machine, 2);
	assert_int_equal(machine.trials.way, FOLLOW_NOT);
}

/* The target sleeps now and then: neither way is blamed. */
static void test_sleeping_target(void **state)
{
	(void)state;
	struct machine vm = { .stop_ns = { 130 * US, 10 * US } };

	for (int i = 0; i < 200; i++) {
		machine_run(&vm, 1);
		if (vm.trials.way == FOLLOW_CPU)
			assert_false(machine_long_gap(&vm, 500 * MS, 0));
		follow_trials_note(&vm.trials, 500 * MS);
		for (int stop = 1; stop < FOLLOW_WINDOW_STOPS; stop++)
			machine_stop(&vm);
	}
	/* The sleeps make the trial of the other way due each time. */
	assert_true(vm.trials.cost_ns[FOLLOW_CPU] == 10 * US);
	assert_true(vm.trials.cost_ns[FOLLOW_NOT] == 130 * US);
}

/* One wait is too much when nothing has been saved yet, and the next trial is far off. */
static void test_kept_waiting(void **state)
{
	(void)state;
	struct machine busy = { .stop_ns = { 130 * US, 10 * US } };

	machine_run(&busy, 1);
	assert_int_equal(busy.trials.way, FOLLOW_CPU);
	assert_false(machine_long_gap(&busy, 2 * MS, 1 * MS));
	assert_true(machine_long_gap(&busy, 40 * MS, 39 * MS));
	assert_int_equal(busy.trials.way, FOLLOW_NOT);
	int64_t left_ns = busy.now_ns;
	while (busy.trials.way == FOLLOW_NOT)
		machine_stop(&busy);
	assert_true(busy.now_ns - left_ns > 100 * 40 * MS);
}

/* Following has saved much: a short wait is paid for, and ever new ones are not. */
static void test_credit(void **state)
{
	(void)state;
	struct machine vm = { .stop_ns = { 130 * US, 10 * US } };
	unsigned waits = 0;

	machine_run(&vm, 50);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	assert_false(machine_long_gap(&vm, 4 * MS, 3 * MS));
	machine_run(&vm, 1);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	while (!machine_long_gap(&vm, 4 * MS, 3 * MS)) {
		machine_stop(&vm);
		waits++;
	}
	assert_true(waits < 10);
	assert_int_equal(vm.trials.way, FOLLOW_NOT);
}

static void test_crowded(void **state)
{
	(void)state;
	struct machine busy = { .stop_ns = { 130 * US, 10 * US }, .is_crowded = true };

	machine_run(&busy, 1000);
	assert_int_equal(busy.spent_ns[FOLLOW_CPU], 0);
	busy.is_crowded = false;
	machine_run(&busy, 1);
	assert_int_equal(busy.trials.way, FOLLOW_CPU);
}

/* To ask whether others want the CPUs takes as long as a stop: it is not asked at each window. */
static void test_crowded_for_long(void **state)
{
	(void)state;
	struct machine busy = { .stop_ns = { 10 * US, 10 * US }, .is_crowded = true };
	unsigned asked = 0;

	for (unsigned i = 0; i < 1000; i++) {
		machine_run(&busy, 1);
		if (!follow_trials_is_due(&busy.trials, busy.now_ns))
			continue;
		follow_trials_hold_back(&busy.trials, 10 * US, busy.now_ns);
		asked++;
	}
	assert_in_range(asked, 100, 300);
	assert_int_equal(busy.spent_ns[FOLLOW_CPU], 0);
}

/* Nothing was hit for a while, or work began: that is no failure of the way. */
static void test_left(void **state)
{
	(void)state;
	struct machine vm = { .stop_ns = { 130 * US, 10 * US } };

	machine_run(&vm, 100);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	follow_trials_leave(&vm.trials);
	assert_int_equal(vm.trials.way, FOLLOW_NOT);
	machine_run(&vm, 1);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
}

/* A stop while we follow, at the end of a window with the look that doubts ask for. Whether there was one. */
static bool machine_stop_with_look(struct machine *machine, bool has_moved)
{
	struct follow_trials *trials = &machine->trials;
	const int64_t gap_ns = machine->stop_ns[FOLLOW_CPU];

	machine->now_ns += gap_ns;
	if (follow_trials_doubts_gap(trials, gap_ns)) {
		follow_trials_looked(trials, has_moved);
		if (has_moved)
			return true;
	}
	if (!follow_trials_note(trials, gap_ns))
		return false;
	bool doubts = follow_trials_doubts_window(trials);
	if (doubts)
		follow_trials_looked(trials, has_moved);
	if (!doubts || !has_moved)
		follow_trials_decide(trials, false, machine->now_ns);
	return doubts;
}

static struct machine following_machine(void)
{
	struct machine vm = { .stop_ns = { 30 * US, 20 * US } };

	machine_run(&vm, 3);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	assert_false(vm.trials.is_trial);
	return vm;
}

/* Stops across two CPUs cost a little more: the way is not blamed for it, and we go after the target. */
static void test_moved_target(void **state)
{
	(void)state;
	struct machine vm = following_machine();

	vm.stop_ns[FOLLOW_CPU] = 34 * US;
	int stops = 1;
	while (!machine_stop_with_look(&vm, true))
		stops++;
	assert_in_range(stops, 1, FOLLOW_WINDOW_STOPS);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	vm.stop_ns[FOLLOW_CPU] = 20 * US;
	for (int i = 0; i < 2 * FOLLOW_WINDOW_STOPS; i++)
		assert_false(machine_stop_with_look(&vm, false));
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
	/* Where a crossing is dear, the first stop tells. */
	vm.stop_ns[FOLLOW_CPU] = 130 * US;
	assert_true(machine_stop_with_look(&vm, true));
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
}

/* It is moved again and again, faster than we can follow. */
static void test_restless_target(void **state)
{
	(void)state;
	static const int64_t stops_ns[] = { 34000, 130000 };

	for (size_t i = 0; i < sizeof(stops_ns) / sizeof(stops_ns[0]); i++) {
		struct machine vm = following_machine();
		int stops = 0;
		vm.stop_ns[FOLLOW_CPU] = stops_ns[i];
		for (; vm.trials.way == FOLLOW_CPU && stops < 1000; stops++)
			machine_stop_with_look(&vm, true);
		assert_true(stops <= 10 * FOLLOW_WINDOW_STOPS);
	}
}

/* The target does more between its stops than before, and is where it was. */
static void test_slower_target(void **state)
{
	(void)state;
	struct machine vm = following_machine();
	int looks = 0;

	vm.stop_ns[FOLLOW_CPU] = 28 * US; /* a window is doubted once */
	for (int i = 0; i < 10 * FOLLOW_WINDOW_STOPS; i++)
		looks += machine_stop_with_look(&vm, false);
	assert_int_equal(looks, 1);
	assert_int_equal(vm.trials.way, FOLLOW_CPU);
}

/* Every other call takes long: looks that tell nothing become rare. */
static void test_uneven_target(void **state)
{
	(void)state;
	struct machine vm = following_machine();
	int looks = 0;

	for (int i = 0; i < 10000; i++) {
		if (!follow_trials_doubts_gap(&vm.trials, 100 * US))
			continue;
		follow_trials_looked(&vm.trials, false);
		looks++;
	}
	assert_in_range(looks, 5, 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dear_crossing),	 cmocka_unit_test(test_no_gain),
		cmocka_unit_test(test_machine_changes),	 cmocka_unit_test(test_sleeping_target),
		cmocka_unit_test(test_kept_waiting),	 cmocka_unit_test(test_credit),
		cmocka_unit_test(test_crowded),		 cmocka_unit_test(test_left),
		cmocka_unit_test(test_crowded_for_long), cmocka_unit_test(test_moved_target),
		cmocka_unit_test(test_restless_target),	 cmocka_unit_test(test_slower_target),
		cmocka_unit_test(test_uneven_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
