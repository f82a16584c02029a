/* Unit tests of plot/term_query: what a terminal's answer says, whole, in parts and damaged. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "plot/term/term_query.h"

static struct term_answer read_text(const char *text)
{
	struct term_answer answer;

	term_answer_read(&answer, text, strlen(text));
	return answer;
}

static void test_answers(void **state)
{
	(void)state;
	struct term_answer answer = read_text("\033[?62;4;22c");

	assert_true(answer.is_complete && answer.has_sixel && !answer.has_kitty);
	assert_int_equal(answer.cell_width, 0);
	answer = read_text("\033_Gi=31;OK\033\\\033[6;21;10t\033[?62;22c");
	assert_true(answer.is_complete && !answer.has_sixel && answer.has_kitty);
	assert_true(answer.cell_width == 10 && answer.cell_height == 21);
	/* A refusal, and a class of device that is no attribute. */
	answer = read_text("\033_Gi=31;EINVAL: no\033\\\033[?4c");
	assert_true(answer.is_complete && !answer.has_kitty && !answer.has_sixel);
	/* What the user types in between is passed over. */
	answer = read_text("ls\r\033[A\033[6;20;9tx\033[?64;1;4c");
	assert_true(answer.is_complete && answer.has_sixel && answer.cell_width == 9);
}

/* No prefix of an answer says more than the whole, and none is read beyond its end. */
static void test_parts(void **state)
{
	(void)state;
	static const char whole[] = "\033_Gi=31;OK\033\\\033[6;21;10t\033[?62;4;22c";

	for (size_t bytes = 0; bytes < sizeof(whole) - 1; bytes++) {
		char *part = malloc(bytes + 1);
		struct term_answer answer;
		assert_non_null(part);
		memcpy(part, whole, bytes);
		term_answer_read(&answer, part, bytes);
		assert_false(answer.is_complete || answer.has_sixel);
		free(part);
	}
}

static void test_damage(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"",
		"\033[",
		"\033[?",
		"\033[?;;;",
		"\033[?99999999999999999999;4",
		"\033[6;99999;99999t",
		"\033[6;20t",
		"\033\033[\033[\033[",
		"\033[0c",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct term_answer answer = read_text(texts[i]);
		assert_false(answer.is_complete || answer.has_sixel || answer.has_kitty);
		assert_int_equal(answer.cell_width, 0);
	}
	srand(1);
	for (unsigned i = 0; i < 100000; i++) {
		static const char letters[] = "\033[?;c4t6_Gi=31OK\\0";
		char text[24];
		struct term_answer answer;
		for (size_t k = 0; k < sizeof(text); k++)
			text[k] = letters[(size_t)rand() % (sizeof(letters) - 1)];
		term_answer_read(&answer, text, (size_t)rand() % (sizeof(text) + 1));
	}
}

/* What has come already counts, however late we are; and nobody waits for ever. */
static void test_late(void **state)
{
	(void)state;
	static const char text[] = "\033_Gi=31;OK\033\\\033[?62;4;22c";
	struct term_answer answer;
	int ends[2];

	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], text, sizeof(text) - 1), sizeof(text) - 1);
	term_answer_wait(&answer, ends[0], -1);
	assert_true(answer.is_complete && answer.has_kitty && answer.has_sixel);
	assert_int_equal(write(ends[1], text, 7), 7);
	term_answer_wait(&answer, ends[0], 1000);
	assert_false(answer.is_complete);
	close(ends[0]);
	close(ends[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_parts),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_late),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
