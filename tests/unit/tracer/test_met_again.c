/* Unit tests of sites that will be hit once more: loop/state/met_again.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/state/met_again.h"

static const taddr_t site = { 70 }, goroutine = { 5 }, none = { 0 };

static void add(struct met_again_list *list, taddr_t owner, uint64_t cfa, bool is_due)
{
	const struct met_again met = {
		.site = site, .cfa = taddr(cfa), .goroutine = owner, .is_due = is_due
	};
	assert_null(met_again_add(list, &met));
}

static void test_what_is_due_follows_its_stack(void **state)
{
	struct met_again_list list = { 0 };

	(void)state;
	assert_false(met_again_take(&list, goroutine, site, taddr(1000)));
	add(&list, goroutine, 1000, true);
	assert_false(met_again_take(&list, goroutine, taddr(71), taddr(1000)));
	assert_false(met_again_take(&list, goroutine, site, taddr(900)));
	assert_false(met_again_take(&list, none, site, taddr(1000)));
	/* another stack, which ends where this begins; and another goroutine's */
	met_again_relocate(&list, goroutine, 1000, 2000, 5000);
	met_again_relocate(&list, none, 0, 1000, 5000);
	met_again_relocate(&list, goroutine, 0, 1000, 5000);
	assert_false(met_again_take(&list, goroutine, site, taddr(1000)));
	assert_true(met_again_take(&list, goroutine, site, taddr(6000)));
	assert_false(met_again_take(&list, goroutine, site, taddr(6000)));
	assert_false(met_again_take(&list, none, taddr(0), taddr(0)));
	met_again_deinit(&list);
}

/* A handler has left by siglongjmp: the frame that it interrupted is used by a new call. */
static void test_one_that_is_not_due_is_dropped_by_the_hit(void **state)
{
	struct met_again_list list = { 0 }, child = { 0 };

	(void)state;
	add(&list, none, 1000, false);
	add(&list, none, 1000, false);
	assert_int_equal(list.count, 1);
	assert_null(met_again_copy(&child, &list));
	assert_false(met_again_take(&list, none, site, taddr(1000)));
	assert_int_equal(list.count, 0);
	assert_int_equal(child.count, 1);
	met_again_deinit(&child);
	met_again_deinit(&list);
}

static void test_the_number_is_bounded(void **state)
{
	struct met_again_list list = { 0 };

	(void)state;
	for (uint64_t cfa = 1; cfa <= 10000; cfa++)
		add(&list, none, cfa, true);
	assert_in_range(list.count, 1000, 5000);
	assert_true(met_again_take(&list, none, site, taddr(10000)));
	met_again_deinit(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_is_due_follows_its_stack),
		cmocka_unit_test(test_one_that_is_not_due_is_dropped_by_the_hit),
		cmocka_unit_test(test_the_number_is_bounded),
	};
	return cmocka_run_group_tests_name("met_again", tests, NULL, NULL);
}
