/* Unit tests of density strips and of brackets set apart. */
#include "tests/unit/plot_fixture.h"
#include "tests/unit/near.h"

#include <math.h>
#include <string.h>

#include "plot/layout/plot_layout.h"

/* A profile of 0 to 240 s, so that a cell of a strip is a second long. */
static void strip_of(const char *records, struct plot_strip *strip)
{
	struct profile profile;
	struct plot_model model;
	char *text;

	assert_true(asprintf(&text, "MEM 1 0\n%sMEM 1 240\n", records) > 0);
	read_profile_text(&profile, text);
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_true(model.x.max - model.x.min == 4); /* min */
	assert_int_equal(model.strip_count, 1);
	*strip = model.strips[0];
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

/* Windows of condensed calls: evenly over their cells, also over parts of cells. */
static void test_condensed(void **state)
{
	(void)state;
	struct plot_strip strip;

	strip_of("MANY f 1 10 12 200 0.5 0.001 0.002 4 9\n"
		 "MANY f 1 20.5 21.5 100 1 0.001 0.002 -2 9\n"
		 "MANY f 1 239.5 240 10 0.1 0.001 0.002 0 9\n",
		 &strip);
	assert_near(strip.cells[9].calls_per_s, 0);
	assert_near(strip.cells[10].calls_per_s, 100);
	assert_near(strip.cells[11].calls_per_s, 100);
	assert_near(strip.cells[12].calls_per_s, 0);
	assert_near(strip.cells[10].busy, 0.25);
	assert_near(strip.cells[11].gained_mib, 2);
	assert_near(strip.cells[20].calls_per_s, 50);
	assert_near(strip.cells[21].calls_per_s, 50);
	assert_near(strip.cells[20].busy, 0.5);
	assert_near(strip.cells[21].gained_mib, -1);
	assert_near(strip.cells[239].calls_per_s, 10);
	assert_near(strip.cells[239].busy, 0.1);
	assert_near(strip.gained_mib, 4);
	assert_near(strip.released_mib, 2);
	assert_near(strip.most_calls_per_s, 100);
}

/* Single calls: where they begin, how long each cell is within one, memory where they end. */
static void test_single(void **state)
{
	(void)state;
	struct plot_strip strip;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	for (int i = 0; i < 1000; i++)
		fprintf(out, "FUNC f 1 %.4f 1.5 %.4f 0 1 1\n", 100 + i / 1000.0,
			100 + i / 1000.0 + 0.0002);
	/* Its own inner call adds a call, neither time nor memory. */
	fprintf(out, "FUNC f 1 151 3 153 1 1 1\nFUNC f 1 150.25 5 160.5 0 1 1\n");
	assert_int_equal(fclose(out), 0);
	strip_of(text, &strip);
	free(text);
	assert_near(strip.cells[100].calls_per_s, 1000);
	assert_near(strip.cells[100].busy, 0.2);
	assert_near(strip.cells[100].gained_mib, 500);
	assert_near(strip.cells[101].busy, 0);
	assert_near(strip.cells[150].calls_per_s, 1);
	assert_near(strip.cells[150].busy, 0.75);
	assert_near(strip.cells[151].busy, 1);
	assert_near(strip.cells[151].calls_per_s, 1);
	assert_near(strip.cells[153].gained_mib, 0);
	assert_near(strip.cells[159].busy, 1);
	assert_near(strip.cells[160].busy, 0.5);
	assert_near(strip.cells[160].gained_mib, 4);
	assert_near(strip.cells[161].busy, 0);
}

/* Functions with few calls keep all brackets beside one with many. */
static void test_few_beside_many(void **state)
{
	(void)state;
	struct profile profile;
	struct plot_model model;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	fprintf(out, "MEM 1 0\nMEM 1 1000\n");
	for (int i = 0; i < 900; i++)
		fprintf(out, "FUNC hot 1 %d 1 %d.5 0 1 1\n", i, i);
	for (int i = 0; i < 140; i++)
		fprintf(out, "FUNC cold 1 %d 1 %d.5 0 1 2\n", i, i);
	assert_int_equal(fclose(out), 0);
	read_profile_text(&profile, text);
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_int_equal(model.strip_count, 1);
	assert_string_equal(model.strips[0].name, "hot");
	assert_int_equal(model.bracket_count, 2 * (140 + 4));
	/* No memory moved: nothing said of it. */
	assert_string_equal(model.strips[0].detail, "  900 calls, up to 1.20/s, longest 500 ms");
	plot_model_deinit(&model);
	/* In a part of the time with few calls each has its brackets, and none needs a strip. */
	make_model(&model, &profile,
		   &(struct plot_options){ .has_window = true,
					   .window_start_ns = 500200000000,
					   .window_end_ns = 540200000000 });
	assert_int_equal(model.strip_count, 0);
	assert_int_equal(model.bracket_count, 1 + 2 * 39 + 1);
	plot_model_deinit(&model);
	profile_deinit(&profile);
	free(text);
}

/* Calls that start and end together: all to be seen, in their order, the innermost in its place. */
static void test_set_apart(void **state)
{
	(void)state;
	enum { CALLS = 5 };
	struct profile profile;
	struct plot_model model;
	struct plot_layout at;

	read_profile_text(&profile, "MEM 10 0\nMEM 10 10\n"
				    "FUNC a 10 2 10 6 0 1 1\nFUNC b 10 2 10 6 1 1 1\n"
				    "FUNC c 10 2 10 6 2 1 1\nFUNC d 10 2 10 6 3 1 1\n"
				    "FUNC e 10 2 10 6 4 1 1\nFUNC tick 10 8 10 8.0001 0 1 1\n"
				    "FUNC t 10 7 10 8 0 1 2\n");
	make_model(&model, &profile, &(struct plot_options){ 0 });
	assert_null(plot_layout_init(&at, &model, &(struct plot_page){ 0 }));
	for (size_t i = 0; i < model.bracket_count; i++) {
		double true_x = plot_layout_x(&at, &model, model.brackets[i].x);
		assert_true(fabs(at.brackets[i].x - true_x) <= 25);
		for (size_t k = 0; k < i; k++) {
			if (model.brackets[i].is_exit == model.brackets[k].is_exit)
				assert_true(fabs(at.brackets[i].x - at.brackets[k].x) > 2);
		}
	}
	for (size_t i = 0; i + 1 < model.bracket_count; i++) {
		if (model.brackets[i].call != model.brackets[i + 1].call)
			continue;
		/* Each pair is open towards its own inside. */
		assert_true(at.brackets[i].x < at.brackets[i + 1].x);
		assert_true(at.brackets[i].foot_x <= at.brackets[i + 1].foot_x);
	}
	plot_layout_deinit(&at);
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_condensed),
		cmocka_unit_test(test_single),
		cmocka_unit_test(test_few_beside_many),
		cmocka_unit_test(test_set_apart),
	};
	return cmocka_run_group_tests_name("plot_strips", tests, NULL, NULL);
}
