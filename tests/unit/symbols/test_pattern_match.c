/* Unit tests of patterns: tables of what each matches, and what it must not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"
#include "symbols/pattern/pattern.h"

static struct pattern_set *set_of(const char *text)
{
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	struct error *err = pattern_set_add(set, text);
	if (err != NULL)
		fail_msg("%s", error_message(err));
	return set;
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
		const char *demangled = made		 ? made
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

static const struct match_row c_names_rows[] = {
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

static void test_c_names(void **state)
{
	(void)state;
	CHECK_ROWS(c_names_rows);
}

static const struct match_row cpp_names_rows[] = {
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
	{ "std::vector::emplace_back", "_ZNSt6vectorIiSaIiEE12emplace_backIJiEEERiDpOT_", "",
	  true },
	{ "std::vector<int*>::f", "_ZNSt6vectorIPiE1fEv", "", true },
	{ "std::ostream::operator<<", "_ZNSolsEi", "", true },
	{ "std::allocator<char>::~allocator", "_ZNSaIcED1Ev", "", true },
	{ "operator< <int>", "_ZltIiEbT_S0_", "", true },
	{ "operator<", "_ZltIiEbT_S0_", "", true },
};

static void test_cpp_names(void **state)
{
	(void)state;
	CHECK_ROWS(cpp_names_rows);
}

static const struct match_row other_names_rows[] = {
	/* As other demanglers print them: with a return type. */
	{ "f", "_Zx", "void f<int>(int)", true },
	{ "f<int>(int)", "_Zx", "void f<int>(int)", true },
	{ "void f<int>(int)", "_Zx", "void f<int>(int)", true },
	{ "ns::f", "_Zx", "char const* ns::f<int>(int)", true },
	{ "ns::f", "_Zx", "unsigned int ns::f<int>(int)", true },
	{ "ns::f", "_Zx", "std::vector<int, A<int> > ns::f<int>(int)", true },
	{ "int", "_Zx", "unsigned int ns::f<int>(int)", false },
	{ "(anonymous namespace)::f", "_Zx", "void (anonymous namespace)::f<int>(int)", true },
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
	{ "main::{lambda(int)#1}::operator()(int) const", "_ZZ4mainENKUliE_clEi", "", true },
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
	/* Regular expressions see all of the name; what they cannot match is not even demangled. */
	{ "/^std::string/", "_ZNSs4growEv", "", true },
	{ "/basic_string<.*::grow/", "_ZNSbIwSt11char_traitsIwESaIwEE4growEv", "", true },
	{ "/Box::operator\\+/", "_ZN6shapes3BoxplERKS0_", "", true },
	{ "/operator bool/", "_ZN6shapes3BoxcvbEv", "", true },
	{ "/twice<.*17ul>/", "_ZN6shapes5twiceILm17EEEvv", "", true },
	{ "/Box.*, shapes::Box/", "_ZN6shapes3BoxcvbES0_S0_", "", true },
	{ "/^main::.lambda/", "_ZZ4mainENKUliE_clEi", "", true },
	{ "/anonymous namespace.::anon/", "_ZN12_GLOBAL__N_14anonEi", "", true },
	{ "/alpha::beta/", "_RNvCs1234_5alpha4beta", "", true },
	{ "/S as alpha::T/", "_RNvXCs1234_5alphaNtB2_1SNtB2_1T2go", "", true },
	{ "/::beta$/", "_ZN5alpha8b$u65$ta17h0123456789abcdefE", "", true },
	{ "/^solver::step$/", "__solver_MOD_step", "", true },
	{ "/grow/", "_D3dee__T3fooVAyaa4_67726f77Z3fooFZv", "", true },
};

static void test_other_names(void **state)
{
	(void)state;
	CHECK_ROWS(other_names_rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_c_names),
		cmocka_unit_test(test_cpp_names),
		cmocka_unit_test(test_other_names),
	};
	return cmocka_run_group_tests_name("pattern_match", tests, NULL, NULL);
}
