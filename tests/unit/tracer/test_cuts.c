/* Places in code that handlers may return to: tracer/probe/code/cuts.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/probe/code/cuts.h"

enum { PAGE = 4096, CODE = 0x7f0000400000 };

static void notes_places_by_the_byte(void **state)
{
	struct cuts cuts = { .has_lost = false };

	(void)state;
	assert_false(cuts_has(&cuts, taddr(CODE), 64));
	assert_true(cuts_add(&cuts, taddr(CODE + 9)));
	assert_true(cuts_add(&cuts, taddr(CODE + 9)));
	assert_true(cuts_has(&cuts, taddr(CODE + 9), 1));
	assert_true(cuts_has(&cuts, taddr(CODE), 10));
	assert_false(cuts_has(&cuts, taddr(CODE), 9));
	assert_false(cuts_has(&cuts, taddr(CODE + 10), 64));
	assert_int_equal(cuts.pages.count, 1);
	/* Looked for across the border of two pages. */
	assert_true(cuts_add(&cuts, taddr(CODE + PAGE)));
	assert_true(cuts_has(&cuts, taddr(CODE + PAGE - 5), 6));
	assert_false(cuts_has(&cuts, taddr(CODE + PAGE - 5), 5));
	cuts_deinit(&cuts);
}

static void forgets_code_that_is_gone(void **state)
{
	struct cuts cuts = { .has_lost = false };

	(void)state;
	for (uint64_t page = 0; page < 8; page++)
		assert_true(cuts_add(&cuts, taddr(CODE + page * PAGE + 1)));
	cuts_forget(&cuts, CODE + PAGE, CODE + 4 * PAGE + 100);
	for (uint64_t page = 0; page < 8; page++)
		assert_int_equal(cuts_has(&cuts, taddr(CODE + page * PAGE), 8),
				 page == 0 || page >= 4);
	cuts_deinit(&cuts);
}

static bool is_high(const void *context, taddr_t page)
{
	(void)context;
	return page.value >= CODE + PAGE * (uint64_t)CUT_PAGES_MOST / 2;
}

/* Signals for ever, wherever they come: it neither grows without bounds nor forgets. */
static void is_bounded(void **state)
{
	struct cuts cuts = { .has_lost = false };

	(void)state;
	for (uint64_t round = 0; round < 3; round++) {
		for (uint64_t page = 0; page < CUT_PAGES_MOST; page++)
			assert_true(cuts_add(&cuts, taddr(CODE + page * PAGE + 7 * round)));
	}
	assert_int_equal(cuts.pages.count, CUT_PAGES_MOST);
	assert_false(cuts_add(&cuts, taddr(CODE - 1)));
	assert_false(cuts_has(&cuts, taddr(CODE - 1), 1));
	cuts_keep(&cuts, is_high, NULL);
	assert_int_equal(cuts.pages.count, CUT_PAGES_MOST / 2);
	assert_true(cuts_add(&cuts, taddr(CODE - 1)));
	assert_true(cuts_has(&cuts, taddr(CODE - 1), 1));
	cuts_deinit(&cuts);
}

static void a_copy_stands_alone(void **state)
{
	struct cuts cuts = { .has_lost = false }, copy = { .has_lost = false };

	(void)state;
	assert_true(cuts_add(&cuts, taddr(CODE + 3)));
	assert_null(cuts_copy(&copy, &cuts));
	assert_true(cuts_add(&copy, taddr(CODE + 5)));
	assert_true(cuts_has(&copy, taddr(CODE + 3), 1));
	assert_false(cuts_has(&cuts, taddr(CODE + 5), 1));
	cuts.has_lost = true;
	assert_true(cuts_has(&cuts, taddr(CODE + 5), 1));
	cuts_deinit(&cuts);
	cuts_deinit(&copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(notes_places_by_the_byte),
		cmocka_unit_test(forgets_code_that_is_gone),
		cmocka_unit_test(is_bounded),
		cmocka_unit_test(a_copy_stands_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
