/* Taking a bash command line apart, and quoting what goes back into it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/cli/complete/shell_line.h"

static const char BREAKS[] = " \t\n\"'><=;|&(:"; /* bash's own */

/* The cursor is where the ^ stands. */
static void scan(struct shell_line *ret, const char *marked)
{
	char text[200];
	size_t point = strcspn(marked, "^");

	snprintf(text, sizeof(text), "%.*s%s", (int)point, marked,
		 marked[point] != '\0' ? marked + point + 1 : "");
	assert_null(shell_line_of_text(ret, text, point, BREAKS));
}

/* @words: separated by |. */
static void expect_words(const char *marked, const char *words, size_t current, char quote,
			 size_t break_bytes)
{
	struct shell_line line;
	char joined[200] = "";

	scan(&line, marked);
	for (size_t i = 0; i < line.count; i++) {
		if (i > 0)
			strcat(joined, "|");
		strcat(joined, line.words[i]);
	}
	assert_string_equal(joined, words);
	assert_int_equal(line.current, current);
	assert_int_equal(line.quote, quote);
	assert_int_equal(line.break_bytes, break_bytes);
	shell_line_deinit(&line);
}

static void test_words(void **state)
{
	(void)state;
	expect_words("m -f par^", "m|-f|par", 2, 0, 0);
	expect_words("m -f ^", "m|-f|", 2, 0, 0);
	expect_words("m -f par^ ./prog x", "m|-f|par|./prog|x", 2, 0, 0);
	expect_words("m -f pa^rse ./prog", "m|-f|pa|./prog", 2, 0, 0);
	expect_words("m  -f\tpar^", "m|-f|par", 2, 0, 0);
	expect_words("m -f ns::par^", "m|-f|ns::par", 2, 0, 4);
	expect_words("m --probe=br^", "m|--probe=br", 1, 0, 8);
	expect_words("m -f ns\\:\\:pa^", "m|-f|ns::pa", 2, 0, 0);
	expect_words("m -f a\\ b^", "m|-f|a b", 2, 0, 0);
	expect_words("m -f a^ | wc x", "m|-f|a", 2, 0, 0);
	expect_words("m -f a^ ./p; wc x", "m|-f|a|./p", 2, 0, 0);
}

static void test_quotes(void **state)
{
	(void)state;
	expect_words("m -f 'a b^", "m|-f|a b", 2, '\'', 0);
	expect_words("m -f 'a b^' ./prog", "m|-f|a b|./prog", 2, '\'', 0);
	expect_words("m -f \"a$b^", "m|-f|a$b", 2, '"', 0);
	expect_words("m -f \"a\\\"b\\c^", "m|-f|a\"b\\c", 2, '"', 0);
	expect_words("m -f x='a:b^", "m|-f|x=a:b", 2, '\'', 2);
	expect_words("m -o 'a b' -f c^", "m|-o|a b|-f|c", 4, 0, 0);
	expect_words("m -o '' -f c^", "m|-o||-f|c", 4, 0, 0);
	/* What is within quotes that are closed cannot be replaced. */
	expect_words("m -f 'a'b^", "m|-f|ab", 0, 0, 0);
}

static void test_extremes(void **state)
{
	struct shell_line line;

	(void)state;
	assert_null(shell_line_of_text(&line, "m -f", 99, BREAKS));
	assert_int_equal(line.current, 0);
	shell_line_deinit(&line);
	assert_null(shell_line_of_text(&line, "", 0, ""));
	assert_int_equal(line.current, 0);
	shell_line_deinit(&line);
	assert_null(shell_line_of_text(&line, "m \\", 3, BREAKS));
	assert_string_equal(line.words[line.current], "\\");
	shell_line_deinit(&line);
	char *words[] = { "m", "" };
	assert_true(shell_line_of_words(&line, words, 2, 1));
	assert_false(shell_line_of_words(&line, words, 2, 2));
	assert_false(shell_line_of_words(&line, words, 2, 0));
	assert_false(shell_line_of_words(&line, words, 2, SIZE_MAX));
}

static void expect_put(const char *marked, const char *word, const char *expected)
{
	struct shell_line line;
	char *text;
	size_t bytes;

	scan(&line, marked);
	FILE *out = open_memstream(&text, &bytes);
	assert_non_null(out);
	shell_line_put(&line, word, strlen(word), out);
	fclose(out);
	assert_string_equal(text, expected);
	free(text);
	shell_line_deinit(&line);
}

static void test_put(void **state)
{
	(void)state;
	expect_put("m -f ^", "ns::f<a b>", "ns::f\\<a\\ b\\>");
	expect_put("m -f ns::^", "ns::f<int>", "f\\<int\\>");
	expect_put("m -f '^", "ns::f<a b>", "ns::f<a b>");
	expect_put("m -f '^", "it's", "it'\\''s");
	expect_put("m -f \"^", "a\"b$c`d\\e f", "a\\\"b\\$c\\`d\\\\e f");
	expect_put("m -f ^", "$(x);`y`", "\\$\\(x\\)\\;\\`y\\`");
	expect_put("m -f ^", "gr\303\266\303\237e", "gr\303\266\303\237e");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_quotes),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_put),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
