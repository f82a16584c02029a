/* Unit tests of patterns: how -f splits, and what each pattern matches. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols/demangle.h"
#include "symbols/glob.h"
#include "symbols/pattern.h"

static struct pattern_set *set_of(const char *text)
{
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	struct error *err = pattern_set_add(set, text);
	if (err != NULL)
		fail_msg("%s", error_message(err));
	return set;
}

static void test_split(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		const char *patterns[5];
	} rows[] = {
		{ "a", { "a" } },
		{ "a,b", { "a", "b" } },
		{ " a , b ", { "a", "b" } },
		{ "f(int,char),g", { "f(int,char)", "g" } },
		{ "m<int,char>::f,g", { "m<int,char>::f", "g" } },
		{ "[a,b]x,g", { "[a,b]x", "g" } },
		{ "/a,b/,g", { "/a,b/", "g" } },
		{ "/a\\/,b/i , g", { "/a\\/,b/i", "g" } },
		{ "operator<,g", { "operator<", "g" } },
		{ "operator<<,g", { "operator<<", "g" } },
		{ "operator>,g", { "operator>", "g" } },
		{ "operator->,g", { "operator->", "g" } },
		{ "operator->*,g", { "operator->*", "g" } },
		{ "operator(),g", { "operator()", "g" } },
		{ "operator()(int,int),g", { "operator()(int,int)", "g" } },
		{ "operator[],g", { "operator[]", "g" } },
		{ "operator,,g", { "operator,", "g" } },
		{ "operator,(A,B),g", { "operator,(A,B)", "g" } },
		{ "operator,", { "operator," } },
		{ "operator <=>,g", { "operator <=>", "g" } },
		{ "operator new[],g", { "operator new[]", "g" } },
		{ "my_operator,g", { "my_operator", "g" } },
		{ "A::operator< <int,char>,g", { "A::operator< <int,char>", "g" } },
		{ "main::{lambda(int,int)#1}::operator(),g",
		  { "main::{lambda(int,int)#1}::operator()", "g" } },
		{ "(anonymous namespace)::f,g", { "(anonymous namespace)::f", "g" } },
		{ "libc.so!f,g", { "libc.so!f", "g" } },
		{ "libc.so!/a,b/,g", { "libc.so!/a,b/", "g" } },
		{ "f(void (*)(int,int)),g", { "f(void (*)(int,int))", "g" } },
		{ "a\\,b,c", { "a\\,b", "c" } },
		{ "std::vector<*", { "std::vector<*" } },
		{ "g,f(*", { "g", "f(*" } },
		{ "f(decltype((a)->b),int),g", { "f(decltype((a)->b),int)", "g" } },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].text);
		size_t count = 0;
		while (rows[i].patterns[count] != NULL)
			count++;
		if (pattern_set_count(set) != count)
			fail_msg("'%s' splits into %zu", rows[i].text, pattern_set_count(set));
		for (size_t p = 0; p < count; p++)
			assert_string_equal(pattern_set_text(set, p), rows[i].patterns[p]);
		pattern_set_destroy(set);
	}
}

static void test_malformed(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"",   " ",   ",",  "a,",   ",a", "a,,b", "f(",   "f)",  "f<int", "a[",    "/a",
		"//", "/(/", "!f", "lib!", "{a", "a}",   "/a/x", "f(>", "/a/,",  "f(*,g", "f<a",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of("kept");
		struct error *err = pattern_set_add(set, rows[i]);
		if (err == NULL)
			fail_msg("'%s' is accepted", rows[i]);
		assert_int_equal(error_code(err), ERR_USAGE);
		assert_int_equal(pattern_set_count(set), 1);
		error_free(err);
		/* Nothing of a list is added when its last pattern is bad. */
		char *list;
		assert_true(asprintf(&list, "good,%s", rows[i]) > 0);
		err = pattern_set_add(set, list);
		assert_non_null(err);
		assert_int_equal(pattern_set_count(set), 1);
		error_free(err);
		free(list);
		pattern_set_destroy(set);
	}
}

struct match_row {
	const char *pattern;
	const char *linkage;
	const char *demangled; /* NULL: the same; "": what demangle says */
	bool matches;
};

static void check_rows(const struct match_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct match_row *row = &rows[i];
		struct pattern_set *set = set_of(row->pattern);
		char *made = NULL;
		if (row->demangled != NULL && row->demangled[0] == '\0')
			assert_null(demangle(row->linkage, &made));
		const char *demangled = made             ? made
					: row->demangled ? row->demangled
							 : row->linkage;
		if (pattern_set_match(set, 0, row->linkage, demangled) != row->matches)
			fail_msg("'%s' %s '%s' (%s)", row->pattern,
				 row->matches ? "does not match" : "matches", demangled,
				 row->linkage);
		/* The shortcut must never say no where the whole test says yes. */
		if (row->matches && linkage_name_is_mangled(row->linkage) &&
		    !pattern_set_match_linkage(set, 0, row->linkage) &&
		    !pattern_set_needs_demangled(set, 0, row->linkage))
			fail_msg("'%s' skips '%s'", row->pattern, row->linkage);
		free(made);
		pattern_set_destroy(set);
	}
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof(rows[0]))

static void test_c_names(void **state)
{
	(void)state;
	static const struct match_row rows[] = {
		{ "f", "f", NULL, true },
		{ "f", "ff", NULL, false },
		{ "ff", "f", NULL, false },
		{ "f", "f.isra.0", NULL, true },
		{ "f", "f.constprop.1", NULL, true },
		{ "f", "f.part.2", NULL, true },
		{ "f", "f.llvm.123", NULL, true },
		{ "f", "f.part.0.isra.1", NULL, true },
		{ "f", "f.lto_priv.0", NULL, true },
		{ "f", "f.isra.0.cold", NULL, false },
		{ "f", "f.cold", NULL, false },
		{ "f*", "f.cold", NULL, false },
		{ "f.cold", "f.cold", NULL, false },
		{ "/f/", "f.cold.1", NULL, false },
		{ "f.isra.0", "f.isra.0", NULL, true },
		{ "f.isra.0", "f.isra.1", NULL, false },
		{ "main", "main.main", NULL, false },
		{ "main.main", "main.main", NULL, true },
		{ "main.func1", "main.func1.2", NULL, false },
		{ "parse_*", "parse_line", NULL, true },
		{ "parse_*", "parse_", NULL, true },
		{ "parse_*", "reparse_line", NULL, false },
		{ "*parse*", "reparse_line", NULL, true },
		{ "parse_*_x", "parse_a_b_x", NULL, true },
		{ "parse_?", "parse_a", NULL, true },
		{ "parse_?", "parse_ab", NULL, false },
		{ "parse_?", "parse_\xC3\xA9", NULL, true },
		{ "p[ab]x", "pbx", NULL, true },
		{ "p[!ab]x", "pbx", NULL, false },
		{ "p[^ab]x", "pcx", NULL, true },
		{ "p[a-f0-9]x", "p7x", NULL, true },
		{ "p[a-f]x", "pgx", NULL, false },
		{ "p_*", "p_x.isra.0", NULL, true },
		{ "p_*x", "p_x.isra.0", NULL, true },
		{ "a\\*", "a*", NULL, true },
		{ "a\\*", "ab", NULL, false },
		{ "/^par.e/", "parse_line", NULL, true },
		{ "/line$/", "parse_line", NULL, true },
		{ "/line$/", "parse_line.isra.0", NULL, true },
		{ "/LINE/", "parse_line", NULL, false },
		{ "/LINE/i", "parse_line", NULL, true },
		{ "/^(a|b),?c/", "bc", NULL, true },
		{ "libx.so!f", "f", NULL, true },
		{ "_Z1fi", "_Z1fi", "", true },
	};
	CHECK_ROWS(rows);
}

static void test_cpp_names(void **state)
{
	(void)state;
	static const struct match_row rows[] = {
		/* Overloads. */
		{ "f", "_Z1fi", "", true },
		{ "f(int)", "_Z1fi", "", true },
		{ "f(int, char)", "_Z1fic", "", true },
		{ "f(int,char)", "_Z1fic", "", true },
		{ "f( int , char )", "_Z1fic", "", true },
		{ "f (int,char)", "_Z1fic", "", true },
		{ "f(int)", "_Z1fic", "", false },
		{ "f(char)", "_Z1fi", "", false },
		{ "f()", "_Z1fv", "", true },
		{ "f(unsigned int)", "_Z1fj", "", true },
		{ "f(unsignedint)", "_Z1fj", "", false },
		{ "f", "_ZL1fi", "", true },
		{ "ns::C::m", "_ZN2ns1C1mEi", "", true },
		{ "ns::C::m(int)", "_ZN2ns1C1mEi", "", true },
		{ "m", "_ZN2ns1C1mEi", "", false },
		{ "C::m", "_ZN2ns1C1mEi", "", false },
		{ "ns::C::m", "_ZNK2ns1C1mEd", "", true },
		{ "ns::C::m(double) const", "_ZNK2ns1C1mEd", "", true },
		{ "ns::C::m(double)const", "_ZNK2ns1C1mEd", "", true },
		{ "ns::C::m(double)", "_ZNK2ns1C1mEd", "", true },
		{ "ns::C::m(double) const", "_ZN2ns1C1mEd", "", false },
		{ "ns::C::m", "_ZN2ns1C1mEi.isra.0", "", true },
		{ "ns::C::m", "_ZN2ns1C1mEi.cold", "", false },
		{ "ns::*", "_ZN2ns1C1mEi", "", true },
		{ "ns::C::*", "_ZN2ns1C1mEi", "", true },
		{ "*::m", "_ZN2ns1C1mEi", "", true },
		{ "*::m", "_ZN2ns1C2mmEi", "", false },
		{ "ns::C::m(*)", "_ZN2ns1C1mEi", "", true },
		{ "ns::C::m(*)", "_ZN2ns1C2mxEi", "", false },
		{ "/C::m\\(int/", "_ZN2ns1C1mEi", "", true },
		/* Pointers and arrays are no globs. */
		{ "f(char*)", "_Z1fPc", "", true },
		{ "f(char *)", "_Z1fPc", "", true },
		{ "f(char*)", "_Z1fci", "", false },
		{ "f(char const*)", "_Z1fPKc", "", true },
		{ "f(const char*)", "_Z1fPKc", "", true },
		{ "f(const char *)", "_Z1fPKc", "", true },
		{ "f(const unsigned int&, int)", "_Z1fRKji", "", true },
		{ "f(int, const char*)", "_Z1fiPKc", "", true },
		{ "f(const char*)", "_Z1fPc", "", false },
		{ "f(const std::vector<const char*>&)", "_Z1fRKSt6vectorIPKcE", "", true },
		{ "f(constant)", "_Z1f8constant", "", true },
		{ "f(char* const*)", "_Z1fPKPc", "", true },
		{ "f(char**, int)", "_Z1fPPci", "", true },
		{ "f(int (&) [3])", "_Z1fRA3_i", "", true },
		{ "f(int (&) [4])", "_Z1fRA3_i", "", false },
		{ "f(void (*)(int))", "_Z1fPFviE", "", true },
		{ "f(*, int)", "_Z1fPPci", "", true },
		{ "f(*, int)", "_Z1fPPcc", "", false },
		/* Constructors and destructors. */
		{ "ns::C::C", "_ZN2ns1CC1Ev", "", true },
		{ "ns::C::C", "_ZN2ns1CC2Ev", "", true },
		{ "ns::C::~C", "_ZN2ns1CD1Ev", "", true },
		{ "ns::C::C", "_ZN2ns1CD1Ev", "", false },
		/* Operators. */
		{ "ns::C::operator<", "_ZN2ns1CltERKS0_", "", true },
		{ "ns::C::operator<(ns::C const&)", "_ZN2ns1CltERKS0_", "", true },
		{ "ns::C::operator<", "_ZN2ns1ClsERKS0_", "", false },
		{ "ns::C::operator<<", "_ZN2ns1ClsERKS0_", "", true },
		{ "ns::C::operator()", "_ZN2ns1CclEi", "", true },
		{ "ns::C::operator()(int)", "_ZN2ns1CclEi", "", true },
		{ "ns::C::operator()()", "_ZN2ns1CclEi", "", false },
		{ "ns::C::operator[]", "_ZN2ns1CixEi", "", true },
		{ "ns::C::operator->", "_ZN2ns1CptEv", "", true },
		{ "ns::C::operator->*", "_ZN2ns1CpmEv", "", true },
		{ "ns::C::operator*", "_ZN2ns1CdeEv", "", true },
		{ "ns::C::operator*", "_ZN2ns1CplEi", "", false },
		{ "ns::C::operator?*", "_ZN2ns1CplEi", "", true },
		{ "ns::C::operator,", "_ZN2ns1CcmEi", "", true },
		{ "ns::C::operator unsigned int", "_ZN2ns1CcvjEv", "", true },
		{ "ns::C::operator char const*", "_ZN2ns1CcvPKcEv", "", true },
		{ "operator new", "_Znwm", "", true },
		{ "operator new(unsigned long)", "_Znwm", "", true },
		{ "operator new[]", "_Znam", "", true },
		{ "operator new", "_Znam", "", false },
		{ "operator delete[]", "_ZdaPv", "", true },
		{ "operator\"\" _km", "_Zli3_kme", "", true },
		/* Templates. */
		{ "ns::max", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "ns::max<int>", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "ns::max<int>(int, int)", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "int ns::max<int>(int, int)", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "ns::max(int, int)", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "ns::max<double>", "_ZN2ns3maxIiEET_S1_S1_", "", false },
		{ "ns::max<*>", "_ZN2ns3maxIiEET_S1_S1_", "", true },
		{ "ns::min", "_ZN2ns3maxIiEET_S1_S1_", "", false },
		{ "std::vector<int, std::allocator<int> >::push_back(int&&)",
		  "_ZNSt6vectorIiSaIiEE9push_backEOi", "", true },
		{ "std::vector<int, std::allocator<int>>::push_back(int&&)",
		  "_ZNSt6vectorIiSaIiEE9push_backEOi", "", true },
		{ "std::vector::push_back", "_ZNSt6vectorIiSaIiEE9push_backEOi", "", true },
		{ "std::vector<int, std::allocator<int>>::emplace_back",
		  "_ZNSt6vectorIiSaIiEE12emplace_backIJiEEERiDpOT_", "", true },
		{ "std::vector::emplace_back", "_ZNSt6vectorIiSaIiEE12emplace_backIJiEEERiDpOT_",
		  "", true },
		{ "std::vector<int*>::f", "_ZNSt6vectorIPiE1fEv", "", true },
		{ "std::ostream::operator<<", "_ZNSolsEi", "", true },
		{ "std::allocator<char>::~allocator", "_ZNSaIcED1Ev", "", true },
		{ "operator< <int>", "_ZltIiEbT_S0_", "", true },
		{ "operator<", "_ZltIiEbT_S0_", "", true },
	};
	CHECK_ROWS(rows);
}

static void test_other_names(void **state)
{
	(void)state;
	static const struct match_row rows[] = {
		/* As other demanglers print them: with a return type. */
		{ "f", "_Zx", "void f<int>(int)", true },
		{ "f<int>(int)", "_Zx", "void f<int>(int)", true },
		{ "void f<int>(int)", "_Zx", "void f<int>(int)", true },
		{ "ns::f", "_Zx", "char const* ns::f<int>(int)", true },
		{ "ns::f", "_Zx", "unsigned int ns::f<int>(int)", true },
		{ "ns::f", "_Zx", "std::vector<int, A<int> > ns::f<int>(int)", true },
		{ "int", "_Zx", "unsigned int ns::f<int>(int)", false },
		{ "(anonymous namespace)::f", "_Zx", "void (anonymous namespace)::f<int>(int)",
		  true },
		/* A label passed as both names, as plots have it. */
		{ "ns::f", "ns::f(int)", NULL, true },
		{ "ns::f", "ns::f<int>(int)", NULL, true },
		{ "ns::f(char)", "ns::f(int)", NULL, false },
		/* Anonymous namespaces and lambdas. */
		{ "(anonymous namespace)::anon", "_ZN12_GLOBAL__N_14anonEi", "", true },
		{ "(anonymous namespace)::anon(int)", "_ZN12_GLOBAL__N_14anonEi", "", true },
		{ "*::anon", "_ZN12_GLOBAL__N_14anonEi", "", true },
		{ "anon", "_ZN12_GLOBAL__N_14anonEi", "", false },
		{ "main::{lambda(int)#1}::operator()", "_ZZ4mainENKUliE_clEi", "", true },
		{ "main::{lambda(int)#1}::operator()(int) const", "_ZZ4mainENKUliE_clEi", "",
		  true },
		{ "main::{lambda(int)#2}::operator()", "_ZZ4mainENKUliE_clEi", "", false },
		{ "*{lambda*", "_ZZ4mainENKUliE_clEi", "", true },
		{ "f(ch*", "_Z1fc", "", true },
		{ "f(ch*", "_Z1fi", "", false },
		{ "main::*", "_ZZ4mainENKUliE_clEi", "", true },
		{ "main", "_ZZ4mainENKUliE_clEi", "", false },
		{ "f(int)::{lambda()#1}::operator()", "_ZZ1fiENKUlvE_clEv", "", true },
		{ "f", "_ZZ1fiENKUlvE_clEv", "", false },
		/* ABI tags. */
		{ "tag", "_Z3tagB5cxx11i", "", true },
		{ "tag(int)", "_Z3tagB5cxx11i", "", true },
		{ "tag[abi:cxx11]", "_Z3tagB5cxx11i", "", true },
		{ "tag[abi:cxx11](int)", "_Z3tagB5cxx11i", "", true },
		/* Thunks go on to the function itself, which is counted there. */
		{ "D::f", "_ZThn8_N1D1fEv", "", false },
		{ "D::f()", "_ZThn8_N1D1fEv", "", false },
		/* Rust, both schemes. */
		{ "alpha::beta", "_ZN5alpha4beta17h0123456789abcdefE", "", true },
		{ "alpha::*", "_ZN5alpha4beta17h0123456789abcdefE", "", true },
		{ "alpha::beta", "_RNvCs1234_5alpha4beta", "", true },
		{ "alpha::gen", "_RINvCs1234_5alpha3genlE", "", true },
		{ "alpha::gen::<i32>", "_RINvCs1234_5alpha3genlE", "", true },
		{ "alpha::gen::<i64>", "_RINvCs1234_5alpha3genlE", "", false },
		{ "<alpha::S as alpha::T>::go", "_RNvXCs1234_5alphaNtB2_1SNtB2_1T2go", "", true },
	};
	CHECK_ROWS(rows);
}

static void test_modules(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		const char *file;
		bool matches;
	} rows[] = {
		{ "f", "/lib/libc.so.6", true },
		{ "libc.so.6!f", "/lib/libc.so.6", true },
		{ "libc.so!f", "/lib/libc.so.6", true },
		{ "libc!f", "/lib/libc.so.6", true },
		{ "libc!f", "libc.so.6", true },
		{ "libc!f", "/lib/libcap.so.2", false },
		{ "lib!f", "/lib/libc.so.6", false },
		{ "libc.so.5!f", "/lib/libc.so.6", false },
		{ "libc!f", "/lib/libc-2.31.so", true },
		{ "libfoo!f", "/lib/libfoo-bar.so", false },
		{ "libpython3!f", "/lib/libpython3.11.so.1.0", true },
		{ "libpython*!f", "/lib/libpython3.11.so.1.0", true },
		{ "*.so*!f", "/lib/libc.so.6", true },
		{ "*.so*!f", "/bin/ls", false },
		{ "ls!f", "/bin/ls", true },
		{ "ls!ns::operator!=", "/bin/ls", true },
		{ "ns::operator!=", "/bin/ls", true },
		{ "f[!a]", "/bin/ls", true },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pattern_set *set = set_of(rows[i].pattern);
		if (pattern_set_match_module(set, 0, rows[i].file) != rows[i].matches)
			fail_msg("'%s' and %s", rows[i].pattern, rows[i].file);
		pattern_set_destroy(set);
	}
	struct pattern_set *set = set_of("libc!malloc*,/x/,g");
	assert_string_equal(pattern_set_name_text(set, 0), "malloc*");
	assert_true(pattern_set_has_module(set, 0));
	assert_false(pattern_set_is_name(set, 0));
	assert_false(pattern_set_is_name(set, 1));
	assert_true(pattern_set_is_name(set, 2));
	pattern_set_destroy(set);
}

/* Many stars, and a name that almost matches: a naive matcher would never end. */
static void test_glob_is_not_exponential(void **state)
{
	(void)state;
	char text[4001];

	memset(text, 'a', 4000);
	text[4000] = '\0';
	assert_false(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b", text, 4000));
	assert_true(glob_match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*", text, 4000));
	assert_true(glob_match("[", "[", 1));
	assert_false(glob_match("[]", "a", 1));
	assert_true(glob_match("", "", 0));
	assert_false(glob_match("a", "", 0));
}

/* Whatever is typed, nothing is read or written out of bounds, and the forms of a name end. */
static void test_garbage(void **state)
{
	(void)state;
	static const char bytes[] = "ab:<>()[]{},!/*?\\ operator~&-=.\xC3\xA9";
	srandom(7);
	for (int round = 0; round < 20000; round++) {
		char text[24], name[24];
		size_t length = (size_t)random() % sizeof(text);
		for (size_t i = 0; i < sizeof(text); i++) {
			text[i] = bytes[(size_t)random() % (sizeof(bytes) - 1)];
			name[i] = bytes[(size_t)random() % (sizeof(bytes) - 1)];
		}
		text[length] = name[sizeof(name) - 1] = '\0';
		struct pattern_set *set;
		assert_null(pattern_set_create(&set));
		struct error *err = pattern_set_add(set, text);
		if (err != NULL)
			assert_int_equal(error_code(err), ERR_USAGE);
		for (size_t i = 0; i < pattern_set_count(set); i++) {
			(void)pattern_set_match(set, i, name, name);
			(void)pattern_set_match_module(set, i, name);
		}
		/* A name written as it is always matches itself. */
		if (err == NULL && pattern_set_count(set) == 1 && pattern_set_is_name(set, 0) &&
		    !pattern_set_has_module(set, 0)) {
			const char *self = pattern_set_text(set, 0);
			if (!linkage_name_is_cold(self) && !pattern_set_match(set, 0, self, self))
				fail_msg("'%s' does not match itself", self);
		}
		error_free(err);
		pattern_set_destroy(set);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_malformed),
		cmocka_unit_test(test_c_names),
		cmocka_unit_test(test_cpp_names),
		cmocka_unit_test(test_other_names),
		cmocka_unit_test(test_modules),
		cmocka_unit_test(test_glob_is_not_exponential),
		cmocka_unit_test(test_garbage),
	};
	return cmocka_run_group_tests_name("pattern", tests, NULL, NULL);
}
