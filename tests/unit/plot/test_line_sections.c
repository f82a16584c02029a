/* Unit tests of line_sections: which lines of a function are shown together. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/lines/line_sections.h"

/* "own 1: 5-9(2) | 3: 7-8(1) 20-20(1)": sources with their runs, and how many lines of each ran. */
static char *sections_of(const struct line_block *block)
{
	struct line_sections sections;
	char *text;
	size_t bytes;

	assert_null(line_sections_build(&sections, block));
	FILE *out = open_memstream(&text, &bytes);
	for (size_t i = 0; i < sections.count; i++) {
		const struct line_section *section = &sections.sections[i];
		fprintf(out, "%s%s%d:", i > 0 ? " | " : "", section->is_own ? "own " : "",
			section->source);
		for (size_t r = 0; r < section->run_count; r++) {
			const struct line_run *run = &sections.runs[section->runs_first + r];
			fprintf(out, " %u-%u(%zu)", run->first, run->last, run->figures_count);
			for (size_t k = 0; k < run->figures_count; k++) {
				const struct line_figures *figures =
					&sections.figures[section->figures_first +
							  run->figures_first + k];
				assert_int_equal(figures->source, section->source);
				assert_true(figures->line >= run->first &&
					    figures->line <= run->last);
			}
		}
	}
	fclose(out);
	line_sections_deinit(&sections);
	return text;
}

static void put(struct line_block *block, int32_t source, uint32_t line)
{
	assert_null(
		line_block_put(block, &(struct line_figures){ .source = source, .line = line }));
}

#define assert_sections(block, expected)                                                           \
	do {                                                                                       \
		char *text = sections_of(block);                                                   \
		assert_string_equal(text, expected);                                               \
		free(text);                                                                        \
	} while (0)

static void block_end(struct line_block *block)
{
	free(block->lines);
	addr_map_deinit(&block->line_of_key);
}

static void test_own(void **state)
{
	(void)state;
	struct line_block block = { .has_function = true,
				    .function = { .source = 1, .first_line = 5, .last_line = 30 } };

	put(&block, 1, 29);
	put(&block, 1, 6);
	/* All of its text is one run, whatever ran of it. */
	assert_sections(&block, "own 1: 5-30(2)");
	/* A line again is the same line. */
	put(&block, 1, 6);
	assert_sections(&block, "own 1: 5-30(2)");
	/* What is inlined, from its own file, too, is apart, with what is between near lines. */
	put(&block, 3, 100);
	put(&block, 3, 106);
	put(&block, 3, 113);
	put(&block, 1, 2);
	put(&block, 1, 31);
	assert_sections(&block, "own 1: 5-30(2) | 1: 2-2(1) 31-31(1) | 3: 100-106(2) 113-113(1)");
	block_end(&block);
}

static void test_without_own(void **state)
{
	(void)state;
	struct line_block block = { .has_function = true,
				    .function = { .source = 1, .first_line = 5, .last_line = 30 } };

	assert_sections(&block, "");
	put(&block, 2, 7);
	assert_sections(&block, "2: 7-7(1)");
	block_end(&block);
}

/* The recording broke off before the function was written: its text is where its first line is. */
static void test_unknown(void **state)
{
	(void)state;
	struct line_block block = { 0 };

	put(&block, 4, 50);
	put(&block, 4, 10);
	put(&block, 4, 12);
	put(&block, 2, 1);
	assert_sections(&block, "own 4: 10-12(2) 50-50(1) | 2: 1-1(1)");
	block_end(&block);
}

/* No text is so long: a profile says so. */
static void test_endless(void **state)
{
	(void)state;
	struct line_block block = {
		.has_function = true,
		.function = { .source = 1, .first_line = 1, .last_line = INT32_MAX }
	};

	put(&block, 1, 3);
	put(&block, 1, INT32_MAX);
	assert_sections(&block, "own 1: 3-3(1) 2147483647-2147483647(1)");
	block_end(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_own),
		cmocka_unit_test(test_without_own),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_endless),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
