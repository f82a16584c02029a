// C++: overloads, templates, lambdas, operators, anonymous namespaces, constructors and destructors.
#include "count.h"
#include "plus.h"

int count_area, count_twice, count_lambda, count_plus, count_anonymous_a, count_anonymous_b,
	count_made, count_gone, count_call, count_convert, count_grow;

namespace shapes {
NOINLINE int area(int side) { KEEP(); count_area++; return side * side; }
NOINLINE int area(int width, const char *text) { KEEP(); count_area++; return width * text[0]; }
template <typename T> NOINLINE T twice(T x) { KEEP(); count_twice++; return x + x; }
template <typename T, int N> struct Grid {
	NOINLINE int cells() { KEEP(); count_call++; return N * (int)sizeof(T); }
};

struct Base {
	Base() { count_made++; }
	virtual ~Base() { count_gone++; }
	virtual int grow(int by) { count_grow++; return by; }
};
struct Box : virtual Base {
	int width;
	explicit NOINLINE Box(int w);
	NOINLINE ~Box() override;
	NOINLINE Box operator+(const Box &other) const { KEEP(); count_plus++; return Box(width + other.width); }
	NOINLINE int operator()(int x) const { KEEP(); count_call++; return width + x; }
	NOINLINE operator bool() const { KEEP(); count_convert++; return width != 0; }
	NOINLINE int grow(int by) override { KEEP(); count_grow++; return width += by; }
};
// As a whole object and as a part of another: two variants of one constructor.
struct Cube : Box {
	Cube() : Box(3) {}
};
Box::Box(int w) : width(w) { KEEP(); count_made++; }
Box::~Box() { KEEP(); count_gone++; }
} // namespace shapes

namespace {
NOINLINE int anonymous(int x) { KEEP(); count_anonymous_a++; return x + 1; }
} // namespace

int main()
{
	int sum = 0;
	auto lambda = [](int x) NOINLINE { KEEP(); count_lambda++; return x + 3; };
	{
		shapes::Box box(2);
		shapes::Cube cube;
		shapes::Base *base = &cube;
		shapes::Box both = box + cube;
		sum += both(1) + (both ? 1 : 0) + base->grow(2);
	}
	for (int i = 0; i < 3; i++)
		sum += lambda(i) + anonymous(i) + shapes::area(i) + shapes::area(i, "x");
	sum += shapes::twice(2) + shapes::twice(4L) + (int)shapes::twice(2.5) + second_file(4);
	sum += shapes::Grid<int, 3>().cells() + shapes::Grid<long, 4>().cells();
	print_count(area);
	print_count(twice);
	print_count(lambda);
	print_count(plus);
	print_count(anonymous_a);
	print_count(anonymous_b);
	print_count(made);
	print_count(gone);
	printf("sum %d\n", sum);
	return 0;
}
