/* Unit tests of plot/text: cleaning, shortening, widths, figures. */
#include <inttypes.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/profile/metric_label.h"
#include "plot/text/markup.h"
#include "plot/text/text.h"
#include "plot/text/text_brief.h"

static void assert_cleaned(const char *text, const char *expected)
{
	char *clean = text_clean(text, strlen(text));
	assert_string_equal(clean, expected);
	assert_true(text_is_utf8(clean, strlen(clean)));
	free(clean);
}

static void test_text_clean(void **state)
{
	(void)state;
	assert_cleaned("caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80",
		       "caf\xc3\xa9 \xe6\x97\xa5 \xf0\x9f\x98\x80");
	assert_cleaned("a\tb\nc\x7f", "a b c ");
	assert_cleaned("int\xc2\xa0x", "int x");
	assert_cleaned("a\xe2\x80\xaez", "a\xef\xbf\xbdz"); /* right to left from here on */
	assert_cleaned("a\xc2\x9bz", "a z");
	assert_cleaned("\xff", "\xef\xbf\xbd");
	assert_cleaned("a\xc3", "a\xef\xbf\xbd");
	assert_cleaned("\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd");			/* overlong */
	assert_cleaned("\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"); /* surrogate */
	assert_cleaned("\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd");
}

static void test_text_shorten(void **state)
{
	(void)state;
	static const char long_text[] =
		"/usr/lib/very/long --caf\xc3\xa9 \xe6\x97\xa5\xe6\x9c\xac --and --the end";
	char *same = text_shorten("short", 10);
	assert_string_equal(same, "short");
	free(same);
	for (double width = 0; width < 40; width += 0.3) {
		char *text = text_shorten(long_text, width);
		assert_non_null(text);
		assert_true(text_is_utf8(text, strlen(text)));
		assert_true(text_width_em(text) <= (width < 1 ? 1 : width) + 1e-9);
		if (width > 5 && width < 20) {
			assert_non_null(strstr(text, "\xe2\x80\xa6"));
			assert_memory_equal(text, "/us", 3);
			assert_string_equal(text + strlen(text) - 2, "nd");
		}
		free(text);
	}
}

static void test_text_figures(void **state)
{
	(void)state;
	static const struct {
		int64_t ns;
		const char *text;
	} durations[] = {
		{ 0, "0 s" },
		{ 850, "850 ns" },
		{ 12300, "12.3 \xc2\xb5s" },
		{ 999999, "1.00 ms" },
		{ 410000000, "410 ms" },
		{ 3200000000, "3.20 s" },
		{ 119000000000, "119 s" },
		{ 750000000000, "12.5 min" },
		{ 3 * 3600 * INT64_C(1000000000), "3.00 h" },
		{ 72 * 3600 * INT64_C(1000000000), "3.00 d" },
	};
	char text[TEXT_FIGURE_BYTES];
	for (size_t i = 0; i < sizeof(durations) / sizeof(durations[0]); i++) {
		text_format_duration(text, durations[i].ns);
		assert_string_equal(text, durations[i].text);
	}
	text_format_memory(text, 0.5);
	assert_string_equal(text, "512.0 KiB");
	text_format_memory(text, 347);
	assert_string_equal(text, "347.0 MiB");
	text_format_memory(text, 8192);
	assert_string_equal(text, "8.00 GiB");
	text_format_memory(text, 8388608);
	assert_string_equal(text, "8.00 TiB");
}

/* Short of memory for names, what tells functions apart stays longest. */
static void test_text_shorten_name(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		double width_em;
		const char *expected;
	} cases[] = {
		{ "ns::f<std::vector<int, A>, 3>(long, B<C>) const", 16,
		  "ns::f<\xe2\x80\xa6>(\xe2\x80\xa6) const" },
		{ "operator<<(std::ostream&, X<A, B> const&)", 10, "operator<<(\xe2\x80\xa6)" },
		{ "A<long long>::operator()(int, int, int, int)", 14,
		  "A<\xe2\x80\xa6>::operator()(\xe2\x80\xa6)" },
		{ "A::operator->(long_type, long_type)", 12, "A::operator->(\xe2\x80\xa6)" },
		{ "(anonymous namespace)::some_function(int, int)", 60,
		  "(anonymous namespace)::some_function(int, int)" },
		{ "broken<<<(", 3, "bro\xe2\x80\xa6(" },
		{ "f()", 60, "f()" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = text_shorten_name(cases[i].name, cases[i].width_em);
		assert_true(text_width_em(text) <= cases[i].width_em);
		if (i != 5)
			assert_string_equal(text, cases[i].expected);
		free(text);
	}
}

static void test_text_direction(void **state)
{
	(void)state;
	assert_true(text_has_right_to_left("f \xd7\xa9(int)"));
	assert_true(text_has_right_to_left("\xd9\x85"));
	assert_false(text_has_right_to_left("na\xc3\xafve \xe6\x97\xa5\xe6\x9c\xac \xce\xbb"));
	assert_true(text_width_em("\xe2\x80\x8e") == 0);
}

static void test_text_count(void **state)
{
	(void)state;
	static const struct {
		double count;
		const char *text;
	} cases[] = { { 0, "0" },	   { 71, "71" },	{ 9999, "9999" },
		      { 12345, "12.3 k" }, { 1e6, "1.00 M" },	{ 7660258, "7.66 M" },
		      { 0.125, "0.12" },   { 123456, "123 k" }, { 2.5e9, "2.50 G" } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[TEXT_FIGURE_BYTES];
		text_format_count(text, cases[i].count);
		assert_string_equal(text, cases[i].text);
	}
}

static void assert_briefs(const char *const *names, const char *const *expected, size_t count)
{
	struct text_brief *briefs;
	assert_null(text_briefs_create(names, count, &briefs));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(briefs[i].text, expected[i]);
	text_briefs_free(briefs, count);
}

/* Names lose the scope that all of them have, and keep what differs. */
static void test_text_briefs(void **state)
{
	(void)state;
#define ETC "\xe2\x80\xa6"
	static const char *const scoped[] = { "mesh::Grid::refine(double)", "mesh::Grid::coarsen()",
					      "mesh::Grid<int>::size() const", "main" };
	static const char *const unscoped[] = { "Grid::refine(" ETC ")", "Grid::coarsen()",
						"Grid<" ETC ">::size() const", "main" };
	assert_briefs(scoped, unscoped, 4);

	static const char *const overloads[] = {
		"std::vector<int, A<int> >::emplace_back<int, std::string>(int&&, std::string&&)",
		"std::vector<int, A<int> >::emplace_back<int, std::wstring>(int&&, std::wstring&&)",
		"ns::g()",
		"operator<<(std::ostream&, X<A, B> const&)",
		"operator<<(std::ostream&, X<A, C> const&)",
		"operator()(int)",
		"f(int, A<x, y>, char)",
		"f(int, A<x, z>, char)",
	};
	static const char *const told[] = {
		"std::vector<" ETC ">::emplace_back<" ETC ", std::string>(" ETC ")",
		"std::vector<" ETC ">::emplace_back<" ETC ", std::wstring>(" ETC ")",
		"ns::g()",
		"operator<<(" ETC ", X<" ETC ", B> const&)",
		"operator<<(" ETC ", X<" ETC ", C> const&)",
		"operator()(" ETC ")",
		"f(" ETC ", A<" ETC ", y>, " ETC ")",
		"f(" ETC ", A<" ETC ", z>, " ETC ")",
	};
	assert_briefs(overloads, told, 8);

	/* However deep within arguments it is; of several differences the first one is enough. */
	static const char *const nested[] = {
		"ns::run<ns::Table<int, A<int> > >(std::vector<int>&, int)",
		"ns::run<ns::Table<unsigned long, A<unsigned long> > >(std::vector<long>&, int)",
		"ns::run<ns::Other>(int)",
		"ns::f(int)",
		"ns::f(int, char)",
	};
	static const char *const nested_told[] = {
		"run<Table<int, " ETC "> >(" ETC ")",
		"run<Table<unsigned long, " ETC "> >(" ETC ")",
		"run<ns::Other>(" ETC ")",
		"f(int)",
		"f(" ETC ", char)",
	};
	assert_briefs(nested, nested_told, 5);

	/* One alone has nothing in common; nor have two of different scopes. */
	assert_briefs((const char *const[]){ "a::b::c(int)" },
		      (const char *const[]){ "a::b::c(" ETC ")" }, 1);
	assert_briefs((const char *const[]){ "aa::f", "ab::f" },
		      (const char *const[]){ "aa::f", "ab::f" }, 2);
	assert_briefs(
		(const char *const[]){ "A<x>::f(int)", "A<x>::g(B<int>)", "A<x>::g(B<char>)" },
		(const char *const[]){ "f(" ETC ")", "g(B<int>)", "g(B<char>)" }, 3);
	/* Scopes with brackets, and what only looks like one. */
	assert_briefs((const char *const[]){ "A<x::y>::f", "A<x::z>::f", "::g" },
		      (const char *const[]){ "A<x::y>::f", "A<x::z>::f", "::g" }, 3);
	assert_briefs((const char *const[]){ "<<<::(", "<<<::)", "", "(((", "a<b" },
		      (const char *const[]){ "<<" ETC "(", "<<" ETC ")", "", "(((", "a<b" }, 5);
	assert_briefs(NULL, NULL, 0);
}

/* The whole name where it fits, then without its scope, then the brief form. */
static void test_text_shorten_brief(void **state)
{
	(void)state;
	static const char *const names[] = { "mesh::Grid::refine(double, int)",
					     "mesh::Grid::coarsen()" };
	struct text_brief *briefs;
	static const struct {
		double width_em;
		const char *expected;
	} cases[] = {
		{ 30, "mesh::Grid::refine(double, int)" },
		{ 12, "refine(double, int)" },
		{ 6, "refine(" ETC ")" },
		{ 4, "ref" ETC ")" },
	};

	assert_null(text_briefs_create(names, 2, &briefs));
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = text_shorten_brief(names[0], &briefs[0], cases[i].width_em);
		assert_string_equal(text, cases[i].expected);
		free(text);
	}
	text_briefs_free(briefs, 2);
#undef ETC
}

/* Megabytes of brackets take no time worth mentioning, and nothing is read behind them. */
static void test_text_briefs_of_long_names(void **state)
{
	(void)state;
	enum { BYTES = 1000000, NAMES = 60 };
	const char *names[NAMES];
	struct text_brief *briefs;
	char *name = malloc(BYTES + 1);

	for (size_t i = 0; i < BYTES; i++)
		name[i] = "a<(:"[i % 4];
	name[BYTES] = '\0';
	for (size_t i = 0; i < NAMES; i++)
		names[i] = i % 2 == 0 ? name : "a::b<c::d>(int)";
	assert_null(text_briefs_create(names, NAMES, &briefs));
	text_briefs_free(briefs, NAMES);
	free(name);
}

static void test_markup(void **state)
{
	(void)state;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	assert_non_null(out);
	markup_put_text(out, "<a b=\"'&\">\x1b\xff\u202e\u00e9\n");
	assert_int_equal(fclose(out), 0);
	assert_string_equal(text, "&lt;a b=&quot;&#39;&amp;&quot;&gt;\ufffd\ufffd\u00e9\n");
	free(text);
}

/* A metric that no table has is of a later version, or of a file that says anything. */
static void test_metric_label(void **state)
{
	(void)state;
	char names[][40] = { "rss", "later", "\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9",
			     "a\x1b[2J" };
	static const char *const labels[] = { "RSS", "LATER", "????????????", "A?[2J" };

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		const struct profile profile = { .metric = names[i] };
		char label[METRIC_LABEL_BYTES];
		metric_label(&profile, label);
		assert_string_equal(label, labels[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_markup),
		cmocka_unit_test(test_text_clean),
		cmocka_unit_test(test_text_shorten),
		cmocka_unit_test(test_text_figures),
		cmocka_unit_test(test_text_shorten_name),
		cmocka_unit_test(test_text_direction),
		cmocka_unit_test(test_text_count),
		cmocka_unit_test(test_text_briefs),
		cmocka_unit_test(test_text_shorten_brief),
		cmocka_unit_test(test_text_briefs_of_long_names),
		cmocka_unit_test(test_metric_label),
	};
	return cmocka_run_group_tests_name("plot_text", tests, NULL, NULL);
}
