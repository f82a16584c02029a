/* Unit tests of base/edit_distance: the distance against the plain table, and the word that is nearest. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/base/edit_distance.h"

enum { LONGEST = EDIT_WORD_MAX_BYTES };

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

/* Row by row, as in a textbook: "optimal string alignment". */
static unsigned distance_by_table(const char *a, const char *b)
{
	static unsigned table[LONGEST + 1][LONGEST + 1];
	const size_t rows = strlen(a), columns = strlen(b);

	for (size_t i = 0; i <= rows; i++)
		table[i][0] = (unsigned)i;
	for (size_t j = 0; j <= columns; j++)
		table[0][j] = (unsigned)j;
	for (size_t i = 1; i <= rows; i++) {
		for (size_t j = 1; j <= columns; j++) {
			unsigned best = table[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
			best = least(best, table[i - 1][j] + 1);
			best = least(best, table[i][j - 1] + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				best = least(best, table[i - 2][j - 2] + 1);
			table[i][j] = best;
		}
	}
	return table[rows][columns];
}

static void random_word(char *ret, size_t longest)
{
	size_t bytes = (size_t)random() % (longest + 1);

	for (size_t i = 0; i < bytes; i++)
		ret[i] = (char)('a' + random() % 3);
	ret[bytes] = '\0';
}

static void test_distance_is_the_tables(void **state)
{
	(void)state;
	enum { PAIRS = 20000 };
	char a[LONGEST + 1], b[LONGEST + 1];
	struct edit_word word;

	srandom(1);
	for (int i = 0; i < PAIRS; i++) {
		random_word(a, i % 2 ? 8 : LONGEST);
		random_word(b, i % 2 ? 8 : LONGEST);
		edit_word_init(&word, a, strlen(a));
		assert_int_equal(edit_word_distance(&word, b, strlen(b)), distance_by_table(a, b));
	}
}

static void test_case_does_not_count(void **state)
{
	(void)state;
	struct edit_word word;

	edit_word_init(&word, "Load_File@[", 11);
	assert_int_equal(edit_word_distance(&word, "lOAD_fILE@[", 11), 0);
	/* What differs in the same bit and is no letter. */
	assert_int_equal(edit_word_distance(&word, "load_file`{", 11), 2);
}

static const char *nearest_of(const char *wanted)
{
	static const char *const words[] = { "run", "plot", "peak", "list", "rm", "interval" };
	struct nearest_word nearest;

	nearest_word_init(&nearest, wanted, strlen(wanted));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		nearest_word_offer(&nearest, words[i]);
	return nearest.word;
}

static void test_nearest_word(void **state)
{
	(void)state;
	char longer[300];

	assert_string_equal(nearest_of("plto"), "plot");
	assert_string_equal(nearest_of("PEEK"), "peak");
	assert_string_equal(nearest_of("intervl"), "interval");
	assert_null(nearest_of("server"));
	assert_null(nearest_of("ls"));
	assert_null(nearest_of(""));
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	assert_null(nearest_of(longer));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_distance_is_the_tables),
		cmocka_unit_test(test_case_does_not_count),
		cmocka_unit_test(test_nearest_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
