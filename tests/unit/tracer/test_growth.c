/* Unit tests of growth: sums, the pace of taking stacks, stacks that are recalled. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/loop/growth/growth_pace.h"
#include "tracer/loop/growth/growth_stacks.h"
#include "tracer/loop/growth/growth_sums.h"

enum { PAGE = 4096, HUGE_PAGE = 2 << 20 };

static void adds_up_by_process_and_stack(void **state)
{
	struct growth_sums sums = { 0 };
	size_t first, again, other;

	(void)state;
	assert_null(growth_sums_find(&sums, 1, 7, &first));
	assert_null(growth_sums_find(&sums, 2, 7, &other));
	assert_int_not_equal(first, other);
	assert_null(growth_sums_find(&sums, 1, 7, &again));
	assert_int_equal(first, again);
	growth_sum_add(&sums.all[first], 3, PAGE);
	growth_sum_add(&sums.all[first], 1, HUGE_PAGE);
	assert_int_equal(growth_sum_bytes(&sums.all[first], PAGE), 3 * PAGE + HUGE_PAGE);
	growth_sum_join(&sums.all[other], &sums.all[first]);
	assert_int_equal(sums.all[other].faults, 4);
	growth_sums_clear(&sums);
	assert_int_equal(sums.count, 0);
	assert_null(growth_sums_find(&sums, 1, 7, &again));
	assert_int_equal(growth_sum_bytes(&sums.all[again], PAGE), 0);
	growth_sums_deinit(&sums);
}

/* What is not known is as what is known of the same stack, and a page without that. */
static void weighs_what_is_not_known(void **state)
{
	struct growth_sum sum = { 0 };

	(void)state;
	growth_sum_add_unknown(&sum, 5);
	assert_int_equal(growth_sum_bytes(&sum, PAGE), 5 * PAGE);
	growth_sum_add(&sum, 1, HUGE_PAGE);
	assert_int_equal(growth_sum_bytes(&sum, PAGE), 6 * HUGE_PAGE);
	growth_sum_add(&sum, 1, 0); /* of zeros */
	assert_int_equal(growth_sum_bytes(&sum, PAGE), HUGE_PAGE + 5 * (HUGE_PAGE / 2));
}

/* Stacks at a steady rate for @ms; each costs @stack_ns. Which share of the time they were all taken. */
static double run_pace(struct growth_pace *pace, int64_t *now_ns, unsigned ms, uint64_t faults_a_ms,
		       int64_t stack_ns)
{
	unsigned fine_ms = 0;

	for (unsigned i = 0; i < ms; i++) {
		uint64_t taken = pace->is_coarse ? faults_a_ms / 32 : faults_a_ms;
		fine_ms += !pace->is_coarse;
		*now_ns += 1000000;
		growth_pace_note(pace, taken, 0, (int64_t)taken * stack_ns, *now_ns);
	}
	return (double)fine_ms / ms;
}

static void takes_each_while_that_is_cheap(void **state)
{
	struct growth_pace pace;
	int64_t now_ns = 1000;

	(void)state;
	growth_pace_init(&pace, true, 0.02, now_ns);
	assert_true(run_pace(&pace, &now_ns, 2000, 1, 5000) == 1);
	/* A hundred times as many; on a machine that is ten times slower fewer are too many. */
	assert_true(run_pace(&pace, &now_ns, 10000, 300, 5000) < 0.1);
	assert_true(run_pace(&pace, &now_ns, 10000, 1, 5000) > 0.9);
	assert_true(run_pace(&pace, &now_ns, 10000, 30, 50000) < 0.1);
	assert_true(run_pace(&pace, &now_ns, 10000, 0, 50000) > 0.9);
}

static void takes_each_where_that_was_asked_for(void **state)
{
	struct growth_pace pace;
	int64_t now_ns = 1000;

	(void)state;
	growth_pace_init(&pace, false, 0.02, now_ns);
	assert_true(run_pace(&pace, &now_ns, 1000, 1000, 50000) == 1);
}

enum { WORDS = 64 };
struct made_fault {
	struct perf_fault fault;
	struct raw_stack raw;
	uint64_t stack[WORDS];
};

/* Three functions, whose return addresses are at words 3 and 9 of the stack. */
static void make_fault(struct made_fault *made, uint64_t sp)
{
	const struct {
		uint64_t pc, sp_words;
	} frames[] = { { 0x1000, 0 }, { 0x2000, 4 }, { 0x3000, 10 } };

	memset(made, 0, sizeof(*made));
	for (size_t i = 0; i < 3; i++) {
		made->raw.pcs[i] = taddr(frames[i].pc);
		made->raw.sps[i] = taddr(sp + frames[i].sp_words * 8);
		made->raw.is_exact[i] = i == 0;
		if (i > 0)
			made->stack[frames[i].sp_words - 1] = frames[i].pc + 1;
	}
	made->raw.count = 3;
	made->fault.registers[UNWIND_PC] = 0x1000;
	made->fault.registers[UNWIND_SP] = sp;
	made->fault.stack = (const unsigned char *)made->stack;
	made->fault.stack_bytes = sizeof(made->stack);
}

static void recalls_a_stack_by_its_return_addresses(void **state)
{
	struct growth_stacks stacks = { 0 };
	struct made_fault *one = malloc(sizeof(*one)), *other = malloc(sizeof(*other));
	uint32_t number, again;

	(void)state;
	make_fault(one, 0x7000);
	assert_int_equal(growth_stacks_recall(&stacks, 5, &one->fault), 0);
	assert_null(growth_stacks_keep(&stacks, 5, &one->fault, &one->raw, &number));
	assert_int_equal(growth_stacks_recall(&stacks, 5, &one->fault), number);
	assert_int_equal(growth_stacks_recall(&stacks, 6, &one->fault), 0);
	one->stack[20] = 77; /* what lies between does not matter */
	assert_int_equal(growth_stacks_recall(&stacks, 5, &one->fault), number);
	one->stack[9]++; /* another caller */
	assert_int_equal(growth_stacks_recall(&stacks, 5, &one->fault), 0);
	one->stack[9]--;
	one->fault.stack_bytes = 9 * 8; /* the copy ends in front of it */
	assert_int_equal(growth_stacks_recall(&stacks, 5, &one->fault), 0);

	/* The same functions on another thread's stack are the same stack, and recalled there, too. */
	make_fault(other, 0x9000);
	assert_int_equal(growth_stacks_recall(&stacks, 5, &other->fault), 0);
	assert_null(growth_stacks_keep(&stacks, 5, &other->fault, &other->raw, &again));
	assert_int_equal(again, number);
	assert_int_equal(growth_stacks_recall(&stacks, 5, &other->fault), number);

	growth_stacks_forget(&stacks, 5);
	assert_int_equal(growth_stacks_recall(&stacks, 5, &other->fault), 0);
	growth_stacks_deinit(&stacks);
	free(one);
	free(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_up_by_process_and_stack),
		cmocka_unit_test(weighs_what_is_not_known),
		cmocka_unit_test(takes_each_while_that_is_cheap),
		cmocka_unit_test(takes_each_where_that_was_asked_for),
		cmocka_unit_test(recalls_a_stack_by_its_return_addresses),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
