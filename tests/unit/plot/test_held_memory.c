/* Unit tests of held memory: which readings of a profile are held, and what a plot makes of them. */
#include "tests/unit/plot_fixture.h"

#include <string.h>

#include "plot/totals/function_totals.h"

/* Of a call, of one that has not ended, of condensed ones, of a moment; where nothing is said, nothing is held. */
static void test_reading(void **state)
{
	(void)state;
	struct profile profile;

	read_profile_text(&profile,
			  "MEM 1 1\nFUNC f 1 1 1 2 0 1 1\nFUNC f 1 1 1 2 0 1 1 exit\n"
			  "FUNC f 1 1 1 2 0 1 1 ret held-in\nCHFUNC f 1 1 1 2 0 2 2 exec held-out\n"
			  "FUNC f 1 1 1 2 0 1 1 ret held\nFUNC f 1 1 1 2 0 1 1 ret later held\n"
			  "OPEN f 1 3 0 1 1 held\nOPEN f 1 4 0 1 1\n"
			  "MANY f 1 1 2 5 1 0 1 0 3.5\nMANY f 1 1 2 5 1 0 1 0 3.5 4\n"
			  "MARK m 1 2 1 1 held\nMARK m 1 2 1 1\n");
	static const struct {
		enum call_end how;
		enum call_held held;
	} expected[] = { { CALL_RETURNED, CALL_HELD_NONE }, { CALL_EXIT, CALL_HELD_NONE },
			 { CALL_RETURNED, CALL_HELD_IN },   { CALL_EXEC, CALL_HELD_OUT },
			 { CALL_RETURNED, CALL_HELD_BOTH }, { CALL_RETURNED, CALL_HELD_NONE },
			 { CALL_OPEN, CALL_HELD_IN },	    { CALL_OPEN, CALL_HELD_NONE } };
	const struct profile_function *f = profile_find_function(&profile, "f");
	struct function_totals totals;

	assert_int_equal(profile.damaged_lines, 0);
	assert_int_equal(f->call_count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < f->call_count; i++) {
		assert_int_equal(f->calls[i].how, expected[i].how);
		assert_int_equal(f->calls[i].held, expected[i].held);
	}
	assert_int_equal(f->condensed[0].held_count, 0);
	assert_int_equal(f->condensed[1].held_count, 4);
	assert_null(function_totals_sum(&totals, &profile, f, INT64_MIN, INT64_MAX));
	assert_int_equal(totals.held_calls, 4 + 4);
	assert_true(profile.markers[0].moments[0].is_held);
	assert_false(profile.markers[0].moments[1].is_held);
	profile_deinit(&profile);
}

static const char mixed[] = "MEM 1 0\nFUNC f 1 1 1 2 0 1 1 ret held-out\n"
			    "FUNC f 2 3 1 4 0 1 1 unwound held\n"
			    "FUNC f 3 5 3 6 0 1 1 ret\nFUNC g 3 5 3 6 1 1 1\n"
			    "FUNC h 1 6.5 5 7 0 1 1 ret held-in\n"
			    "MANY h 1 7 8 5 0.5 0.1 0.1 0 1 3\nMEM 4 10\n"
			    "OPEN i 4 9 0 1 1 held\n";

/* Of a legend's entry that tells of held memory. */
static const struct plot_legend_entry *legend_held(const struct plot_model *model)
{
	for (size_t i = 0; i < model->legend_count; i++) {
		if (strncmp(model->legend[i].name, "memory held", strlen("memory held")) == 0)
			return &model->legend[i];
	}
	return NULL;
}

/* It is at its bracket, which shows it, and no point of the curve; condensed calls count with the rest. */
static void test_model(void **state)
{
	(void)state;
	static const struct plot_bracket expected[] = {
		{ .x = 1, .y = 1 },
		{ .x = 2, .y = 1, .is_exit = true, .is_held = true },
		{ .x = 3, .y = 2, .is_held = true },
		{ .x = 4, .y = 1, .is_exit = true, .is_held = true },
		{ .x = 5, .y = 3 },
		{ .x = 6, .y = 3, .is_exit = true },
		{ .x = 5, .y = 3 },
		{ .x = 6, .y = 3, .is_exit = true },
		{ .x = 6.5, .y = 1, .is_held = true },
		{ .x = 7, .y = 5, .is_exit = true },
		{ .x = 9, .y = 4, .is_held = true },
	};
	struct profile profile;
	struct plot_model model;

	read_profile_text(&profile, mixed);
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_int_equal(model.bracket_count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < model.bracket_count; i++) {
		assert_true(model.brackets[i].x == expected[i].x);
		assert_true(model.brackets[i].y == expected[i].y);
		assert_int_equal(model.brackets[i].is_exit, expected[i].is_exit);
		assert_int_equal(model.brackets[i].is_held, expected[i].is_held);
	}
	for (size_t i = 0; i < model.curves[0].count; i++) {
		double x = model.curves[0].points[i].x;
		assert_true(x == 0 || x == 1 || x == 5 || x == 6 || x == 7 || x == 10);
	}
	assert_non_null(legend_held(&model));
	assert_int_equal(legend_held(&model)->key, PLOT_KEY_HELD);
	assert_string_equal(legend_held(&model)->detail, "  7 calls");
	assert_null(strstr(model.calls[2].tip, "held"));
	assert_non_null(strstr(model.calls[0].tip, "\nmemory at its end held"));
	assert_non_null(strstr(model.calls[1].tip, "\nmemory held"));
	assert_non_null(strstr(model.calls[4].tip, "\nmemory at its start held"));
	plot_model_deinit(&model);
	/* Bars have no memory to show, and a plot without calls nothing to tell. */
	make_model(&model, &profile, &(struct plot_options){ .flame = true });
	assert_int_equal(legend_held(&model)->key, PLOT_KEY_NONE);
	plot_model_deinit(&model);
	make_model(&model, &profile, &(struct plot_options){ .no_brackets = true });
	assert_null(legend_held(&model));
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading),
		cmocka_unit_test(test_model),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
