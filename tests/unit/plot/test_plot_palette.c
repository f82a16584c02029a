/* Unit tests of plot/palette: colours are told apart, by colour-blind eyes as well. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/model/palette.h"
#include "plot/model/plot_build.h"
#include "plot/records/profile_reader.h"

struct lab {
	double l, a, b;
};

static double linear(double value)
{
	value /= 255;
	return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4);
}

static double lab_curve(double t)
{
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	return t > 0.008856 ? cbrt(t) : 7.787 * t + 16.0 / 116;
}

/* CIE L*a*b* of a colour as people see it who lack a kind of cone (Machado et al., 2009). */
static struct lab seen_by(const double (*matrix)[3], struct rgba color)
{
	double in[3] = { linear(color.red), linear(color.green), linear(color.blue) }, c[3];

	for (size_t i = 0; i < 3; i++) {
		c[i] = matrix[i][0] * in[0] + matrix[i][1] * in[1] + matrix[i][2] * in[2];
		c[i] = c[i] < 0 ? 0 : c[i] > 1 ? 1 : c[i];
	}
	double x = lab_curve((0.4124 * c[0] + 0.3576 * c[1] + 0.1805 * c[2]) / 0.9505);
	double y = lab_curve(0.2126 * c[0] + 0.7152 * c[1] + 0.0722 * c[2]);
	double z = lab_curve((0.0193 * c[0] + 0.1192 * c[1] + 0.9505 * c[2]) / 1.089);
	return (struct lab){ 116 * y - 16, 500 * (x - y), 200 * (y - z) };
}

static double lab_distance(struct lab one, struct lab other)
{
	return sqrt(pow(one.l - other.l, 2) + pow(one.a - other.a, 2) + pow(one.b - other.b, 2));
}

/* Ten curves and the main one, in both themes, by eyes of all four kinds; and all on the paper. */
static void test_palette_is_told_apart(void **state)
{
	(void)state;
	static const double eyes[4][3][3] = {
		{ { 1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 1 } },
		{ { 0.152286, 1.052583, -0.204868 },
		  { 0.114503, 0.786281, 0.099216 },
		  { -0.003882, -0.048116, 1.051998 } },
		{ { 0.367322, 0.860646, -0.227968 },
		  { 0.280085, 0.672501, 0.047413 },
		  { -0.011820, 0.042940, 0.968881 } },
		{ { 1.255528, -0.076749, -0.178779 },
		  { -0.078411, 0.930809, 0.147602 },
		  { 0.004733, 0.691367, 0.303900 } },
	};

	for (int dark = 0; dark < 2; dark++) {
		for (size_t eye = 0; eye < 4; eye++) {
			struct lab seen[PALETTE_CYCLE + 1];
			struct lab paper = seen_by(eyes[eye], palette_rgba(COLOR_PAPER, dark));
			seen[0] = seen_by(eyes[eye], palette_rgba(COLOR_MAIN, dark));
			for (size_t i = 0; i < PALETTE_CYCLE; i++)
				seen[i + 1] = seen_by(eyes[eye],
						      palette_rgba((size_t)palette_cycle(i), dark));
			for (size_t i = 0; i <= PALETTE_CYCLE; i++) {
				assert_true(lab_distance(seen[i], paper) > 25);
				for (size_t k = 0; k < i; k++)
					assert_true(lab_distance(seen[i], seen[k]) > 14);
			}
		}
	}
	/* Beyond ten the dashes differ. */
	assert_int_equal(palette_cycle(3), palette_cycle(13));
	assert_int_not_equal(palette_dash(3), palette_dash(13));
	assert_int_not_equal(palette_dash(13), palette_dash(23));
}

/* Of any number of functions and children that the legend names no two look the same. */
static void test_all_told_apart(void **state)
{
	(void)state;
	enum { EACH = 28 };
	struct profile profile;
	struct plot_model model;
	const struct plot_options options = { 0 };
	char path[] = "test_plot_palette.XXXXXX";
	FILE *out = fdopen(mkstemp(path), "w");

	assert_non_null(out);
	fprintf(out, "PROC 1 0 0 x\nMEM 1 0\nMEM 2 100\n");
	for (int i = 0; i < EACH; i++)
		fprintf(out, "CHLD %d %d 1\nFUNC f%d 1 %d 1 %d 0 1 1\n", 10 + i, i * 9, i,
			1 + (i * 7) % EACH, 90);
	assert_int_equal(fclose(out), 0);
	assert_null(profile_read(&profile, path));
	unlink(path);
	assert_null(plot_build(&model, &profile, 1, &options));
	assert_int_equal(model.legend_count, 2 * EACH + 3);
	for (size_t i = 0; i < model.legend_count; i++) {
		const struct plot_legend_entry *one = &model.legend[i];
		for (size_t k = 0; k < i; k++) {
			const struct plot_legend_entry *other = &model.legend[k];
			assert_false(one->key == other->key && one->color == other->color &&
				     one->dash == other->dash);
		}
	}
	/* In the order of their first calls: f0, f4 (1 s later), f8, … */
	assert_string_equal(model.legend[1 + EACH].name, "f0");
	assert_string_equal(model.legend[2 + EACH].name, "f4");
	/* What is drawn has the looks of its entry. */
	assert_int_equal(model.bracket_count, 2 * EACH);
	for (size_t i = 0; i < EACH; i++) {
		assert_int_equal(model.brackets[2 * i].color, model.legend[1 + EACH + i].color);
		assert_int_equal(model.brackets[2 * i].form, model.legend[1 + EACH + i].dash);
	}
	plot_model_deinit(&model);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_told_apart),
		cmocka_unit_test(test_palette_is_told_apart),
	};
	return cmocka_run_group_tests_name("plot_palette", tests, NULL, NULL);
}
