// Names that people write otherwise than demanglers: operators, strings and vectors, very long types.
#include <map>
#include <string>
#include <vector>

#include "count.h"

struct V {
	int x;
	const char *text;
	NOINLINE operator int() const { KEEP(); return x; }
	NOINLINE explicit operator bool() const { KEEP(); return x != 0; }
	NOINLINE operator const char *() const { KEEP(); return text; }
	NOINLINE explicit operator std::string() const { KEEP(); return text; }
	NOINLINE explicit operator std::vector<int>() const { KEEP(); return { x }; }
	NOINLINE int operator()(int y) const { KEEP(); return x + y; }
	NOINLINE V *operator->() { KEEP(); return this; }
	NOINLINE void *operator new[](size_t bytes) { KEEP(); return ::operator new[](bytes); }
	template <typename T> NOINLINE explicit operator T **() const { KEEP(); return nullptr; }
};
NOINLINE V operator""_v(unsigned long long x) { KEEP(); return V{ (int)x, "literal" }; }

namespace text {
NOINLINE int length(std::string s) { KEEP(); return (int)s.size(); }
NOINLINE int length(const std::wstring &s) { KEEP(); return (int)s.size(); }
NOINLINE int total(const std::vector<std::string> &v) { KEEP(); return (int)v.size(); }
NOINLINE int total(const std::map<std::string, int> &m) { KEEP(); return (int)m.size(); }
} // namespace text

// Nested 14 deep: 2^14 times `int`.
template <class A, class B> struct P {};
template <class T, int N> struct Deep {
	typedef P<typename Deep<T, N - 1>::type, typename Deep<T, N - 1>::type> type;
};
template <class T> struct Deep<T, 0> { typedef T type; };
typedef Deep<int, 14>::type Long;
namespace deep {
template <class T> struct Tree { NOINLINE int walk(T *) { KEEP(); return 1; } };
template <class T> NOINLINE int visit(T const &, T *) { KEEP(); return 2; }
NOINLINE int take(Long *) { KEEP(); return 3; }
} // namespace deep

int main()
{
	V v = 7_v;
	int sum = (int)v + (bool)v + ((const char *)v)[0] + v(2) + v->x;
	sum += text::length((std::string)v) + text::length(L"wide") + text::total(std::vector<std::string>{ "a", "b" });
	sum += text::total(std::map<std::string, int>{ { "a", 1 } });
	sum += (int)((std::vector<int>)v).size();
	sum += (long **)v != nullptr;
	delete[] new V[2];
	Long *none = nullptr;
	sum += deep::Tree<Long>().walk(none) + deep::visit(Long(), none) + deep::take(none);
	return sum == 0;
}
