/* Unit tests of plot/live: what a page of the live view says, in order, on pages of any size. */
#include <string.h>

#include "tests/unit/plot_fixture.h"

#include "plot/live/live_page.h"
#include "plot/text/text_columns.h"

static const char recording[] =
	"CMDLINE ./a x\nFORMAT 3 t\nMETRIC rss\nINTERVAL 0.1\nPROC 10 1 1795310486.0 ./a\n"
	"PROC 11 10 1795310486.0 ./grows\nPROC 12 10 1795310486.0 ./large\n"
	"PROC 13 10 1795310486.0 ./gone\n"
	"MEM 40 1795310486.0\nMEM 30 1795310550.0\nMEM 30 1795310556.0\n"
	"CHLD 11 10 1795310551.0\nCHLD 11 20 1795310556.0\n"
	"CHLD 12 50 1795310550.0\nCHLD 12 50 1795310556.0\n"
	"CHLD 13 90 1795310556.0\nDONE 13 1795310556.0 0\n"
	"FUNC brief 10 1795310490.0 15 1795310490.5 0 10 10\n"
	"FUNC brief 15 1795310491.0 25 1795310491.5 0 10 10\n"
	"FUNC long 10 1795310490.0 10 1795310520.0 0 11 11\n"
	"OPEN still 10 1795310546.0 0 12 12\n";

static char *page_of(const char *text, const struct live_page *page,
		     const struct live_choice *choice)
{
	struct profile profile;
	char *ret;
	if (text != NULL)
		read_profile_text(&profile, text);
	struct error *err = live_page_make(page, text != NULL ? &profile : NULL, choice, &ret);
	if (err != NULL)
		fail_msg("%s", error_message(err));
	if (text != NULL)
		profile_deinit(&profile);
	return ret;
}

/* In this order, each behind the one before. */
static void says(const char *text, const char *const *words)
{
	const char *at = text;
	for (; *words != NULL; words++) {
		const char *found = strstr(at, *words);
		if (found == NULL)
			fail_msg("no '%s' in its place in\n%s", *words, text);
		at = found + strlen(*words);
	}
}

static const struct live_page usual = { 80, 24, false, false, "leave", NULL };

static void test_figures(void **state)
{
	(void)state;
	struct live_choice choice = { 0 };
	char *text = page_of(recording, &usual, &choice);
	says(text, (const char *const[]){
			   "./a x", "recording", "1:10", "100.0 MiB in 3 processes",
			   "main peak 40.0 MiB at 0:00, 4 calls", "memory used (MiB, RSS)",
			   "PROCESS", "12    50.0 MiB    50.0 MiB     0.0 MiB/s  ./large",
			   "10    30.0 MiB    40.0 MiB     0.0 MiB/s  ./a",
			   "11    20.0 MiB    20.0 MiB    +2.0 MiB/s  ./grows", "OPEN CALL",
			   "12      10.0 s   +40.0 MiB  still", "FUNCTION",
			   "1      30.0 s      30.0 s     0.0 MiB  long",
			   "2      1.00 s      500 ms   +15.0 MiB  brief", "q leave", NULL });
	assert_null(strstr(text, "./gone"));
	assert_null(strstr(text, "38;2;"));
	free(text);
}

static void test_orders(void **state)
{
	(void)state;
	struct live_choice choice = { .process_order = LIVE_PROCESS_GROWTH,
				      .function_order = LIVE_FUNCTION_GAINED,
				      .is_plot_hidden = true };
	char *text = page_of(recording, &usual, &choice);
	says(text, (const char *const[]){ "./grows", "./a", "./large", "still", "still", "brief",
					  "long", "s growth", "f gained", NULL });
	assert_null(strstr(text, "memory used"));
	free(text);
	choice.process_order = LIVE_PROCESS_PID;
	choice.function_order = LIVE_FUNCTION_CALLS;
	text = page_of(recording, &usual, &choice);
	says(text, (const char *const[]){ "  10 ", "  11 ", "  12 ", "brief", NULL });
	free(text);
}

static size_t count_lines(const char *text, size_t columns)
{
	size_t lines = 0;
	char *line = strdup(text), *rest = line;
	for (char *one; (one = strsep(&rest, "\n")) != NULL && rest != NULL; lines++) {
		char plain[4096];
		size_t used = 0;
		for (const char *c = one; *c != '\0'; c++) {
			if (*c == '\033')
				c = strchr(c, 'm');
			else
				plain[used++] = *c;
		}
		plain[used] = '\0';
		if (text_columns(plain) > columns)
			fail_msg("%zu columns are wanted: %s", columns, plain);
	}
	free(line);
	return lines;
}

/* As many lines as there are rows, none wider than the page; a low page has no plot. */
static void test_sizes(void **state)
{
	(void)state;
	static const struct live_choice choice = { 0 };
	for (size_t rows = 1; rows < 60; rows += 1 + rows / 4) {
		for (size_t columns = 40; columns < 250; columns += 35) {
			struct live_page page = usual;
			page.rows = rows;
			page.columns = columns;
			page.has_color = rows % 2;
			char *text = page_of(recording, &page, &choice);
			assert_int_equal(count_lines(text, columns), rows);
			assert_int_equal(strstr(text, "memory used") != NULL ||
						 strstr(text, "MiB, RSS") != NULL,
					 rows >= 16);
			free(text);
		}
	}
}

/* More children than curves; a file without calls; one without a sample; help; a message. */
static void test_odd_ones(void **state)
{
	(void)state;
	static const struct live_choice none = { 0 }, help = { .has_help = true };
	char text[16384] = "MEM 1 1795310486.0\nMEM 1 1795310496.0\n";
	for (int i = 0; i < 200; i++) {
		size_t used = strlen(text);
		snprintf(text + used, sizeof(text) - used,
			 "CHLD %d %d 1795310486.0\nCHLD %d 3 1795310496.0\n", 100 + i, i, 100 + i);
	}
	char *page = page_of(text, &usual, &none);
	says(page, (const char *const[]){ "601.0 MiB in 201 processes", "0", "10", "PROCESS",
					  "3.0 MiB", NULL });
	assert_null(strstr(page, "FUNCTION"));
	free(page);
	page = page_of(NULL, &usual, &none);
	says(page, (const char *const[]){ "waiting for the first sample", "q leave", NULL });
	assert_int_equal(count_lines(page, 80), 24);
	free(page);
	page = page_of(recording, &usual, &help);
	says(page, (const char *const[]){ "Keys", "pause", "Any key", NULL });
	free(page);
	struct live_page told = usual;
	told.message = "something was said";
	page = page_of(recording, &told, &none);
	says(page, (const char *const[]){ "PROCESS", "something was said", NULL });
	assert_null(strstr(page, "q leave"));
	free(page);
}

/* The last seconds alone, also where nothing was sampled in them. */
static void test_windows(void **state)
{
	(void)state;
	struct live_choice choice = { .window = 1 };
	char *page = page_of(recording, &usual, &choice);
	says(page, (const char *const[]){ "60", "70", "PROCESS", "w 10 s", NULL });
	free(page);
	page = page_of("MEM 1 1795310486.0\nFUNC f 1 1795310580.0 1 1795310590.0 0\n", &usual,
		       &choice);
	says(page, (const char *const[]){ "1:44", "f", "w 10 s", NULL });
	free(page);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_figures), cmocka_unit_test(test_orders),
		cmocka_unit_test(test_sizes),	cmocka_unit_test(test_odd_ones),
		cmocka_unit_test(test_windows),
	};
	return cmocka_run_group_tests_name("live_page", tests, NULL, NULL);
}
