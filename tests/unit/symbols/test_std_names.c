/* Unit tests of the C++ library's names as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "symbols/names/name_forms.h"
#include "symbols/names/std_names.h"
#include "symbols/pattern/pattern.h"

#define STRING "std::__cxx11::basic_string<char, std::char_traits<char>, std::allocator<char> >"

static void assert_shortened(const char *text, const char *expected)
{
	size_t bytes = strlen(text);
	char *normal = malloc(bytes + 1), *shorter = malloc(bytes + 1);

	bytes = name_normalise(text, bytes, normal);
	assert_int_equal(std_names_shorten(normal, bytes, shorter), strlen(expected));
	assert_string_equal(shorter, expected);
	free(shorter);
	free(normal);
}

static void test_shortening(void **state)
{
	(void)state;
	assert_shortened("f(" STRING ")", "f(std::string)");
	assert_shortened("f(" STRING " const&)", "f(std::string const&)");
	assert_shortened("f(std::__1::basic_string<wchar_t, std::__1::char_traits<wchar_t>, "
			 "std::__1::allocator<wchar_t> >)",
			 "f(std::wstring)");
	assert_shortened("std::basic_ostream<char16_t, std::char_traits<char16_t> >::flush()",
			 "std::u16ostream::flush()");
	assert_shortened(STRING "::basic_string(char const*)", "std::string::string(char const*)");
	assert_shortened(STRING "::~basic_string()", "std::string::~string()");
	assert_shortened(STRING "::basic_strings()", "std::string::basic_strings()");
	assert_shortened(
		"f(std::vector<std::pair<int, char>, std::allocator<std::pair<int, char> > >)",
		"f(std::vector<std::pair<int,char>>)");
	assert_shortened("f(std::map<int, " STRING ", std::less<int>, "
			 "std::allocator<std::pair<int const, " STRING " > > >)",
			 "f(std::map<int,std::string>)");
	assert_shortened("std::filesystem::__cxx11::path::stem() const",
			 "std::filesystem::path::stem()const");
	assert_shortened("std::string", "std::string");
	/* What is somebody's own choice stays; so do operators, and what is no name. */
	assert_shortened("f(my::vector<int, std::allocator<int> >)",
			 "f(my::vector<int,std::allocator<int>>)");
	assert_shortened("f(std::vector<int, my::allocator<int> >)",
			 "f(std::vector<int,my::allocator<int>>)");
	assert_shortened("std::operator<< <std::char_traits<char> >(std::basic_ostream<char, "
			 "std::char_traits<char> >&, char)",
			 "std::operator<<<std::char_traits<char>>(std::ostream&,char)");
	assert_shortened("std::f<<<>>>, >, ::", "std::f<<<>>>,>,::");
}

static bool matches(const char *pattern, const char *linkage_name, const char *demangled)
{
	struct pattern_set *set;

	assert_null(pattern_set_create(&set));
	assert_null(pattern_set_add(set, pattern));
	bool is_match = pattern_set_match(set, 0, linkage_name, demangled);
	if (is_match && !pattern_set_match_linkage(set, 0, linkage_name))
		assert_true(pattern_set_needs_demangled(set, 0, linkage_name));
	pattern_set_destroy(set);
	return is_match;
}

static void test_patterns(void **state)
{
	(void)state;
	static const char linkage[] =
		"_ZNK1VcvNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEEv";
	static const char label[] = "V::operator " STRING "() const";
	assert_true(matches("V::operator std::string", linkage, label));
	assert_true(matches("V::operator std::string() const", linkage, label));
	assert_true(matches(label, linkage, label));
	assert_true(matches("V::operator std::s*g", linkage, label));
	assert_false(matches("V::operator std::wstring", linkage, label));
	assert_false(matches("V::operator std::string*", linkage, label));
	static const char append[] =
		"_ZNSt7__cxx1112basic_stringIwSt11char_traitsIwESaIwEE6appendEPKw";
	static const char append_label[] = "std::__cxx11::basic_string<wchar_t, "
					   "std::char_traits<wchar_t>, std::allocator<wchar_t> "
					   ">::append(wchar_t const*)";
	assert_true(matches("std::wstring::append", append, append_label));
	assert_true(matches("std::wstring::*(const wchar_t*)", append, append_label));
	assert_false(matches("std::string::append", append, append_label));
}

static void test_operators(void **state)
{
	(void)state;
	static const char text[] = "_ZNK1VcvPKcEv", label[] = "V::operator char const*() const";
	assert_true(matches("V::operator const char*", text, label));
	assert_true(matches("V::operator const char *() const", text, label));
	assert_true(matches("V::operator char const*", text, label));
	assert_false(matches("V::operator char*", text, label));
	assert_false(matches("V::operator const char", text, label));
	assert_true(matches("V::op*", text, label));
	assert_true(matches("V::operator new*", "_ZN1VnaEm", "V::operator new[](unsigned long)"));
	assert_true(matches("operator \"\"_s", "_Zli2_sy", "operator\"\" _s(unsigned long long)"));
}

static void test_parts(void **state)
{
	(void)state;
	static const char linkage[] = "_Z3geni.resume", label[] = "gen(int) [clone .resume]";
	assert_true(matches("gen [clone .resume]", linkage, label));
	assert_true(matches("gen(int) [clone .resume]", linkage, label));
	assert_true(matches("gen [clone .re*]", linkage, label));
	assert_true(matches("gen*", linkage, label));
	assert_true(matches("/^gen/", linkage, label));
	assert_false(matches("gen", linkage, label));
	assert_false(matches("gen(int)", linkage, label));
	assert_false(matches("gen [clone .actor]", linkage, label));
	assert_false(matches("gen [clone .*]", "_Z3geni", "gen(int)"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shortening),
		cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_operators),
		cmocka_unit_test(test_parts),
	};
	return cmocka_run_group_tests_name("std_names", tests, NULL, NULL);
}
