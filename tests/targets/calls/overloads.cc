// Overloads, a template and a method: one pattern without parameters takes all overloads.
#include "expect.h"

namespace shapes {
int area(int side) { return side * side; }
int area(int width, int height) { return width * height; }
int area(const char *text, unsigned long factor) { return (int)factor + text[0]; }
template <typename T> T twice(T x) { return x + x; }
struct Box {
	int width;
	virtual ~Box() = default;
	virtual int grow(int by) { return width += by; }
};
struct Cube : Box {
	int grow(int by) override { return Box::grow(by * by); }
};
} // namespace shapes

int main()
{
	expect("calls shapes::area 4");
	expect("calls shapes::Box::grow 2");
	expect("calls shapes::Cube::grow 1");
	expect("levels shapes::Box::grow 0 1");
	shapes::Box box;
	shapes::Cube cube;
	box.width = cube.width = 1;
	shapes::Box *shape = &cube;
	say("%d", shapes::area(3) + shapes::area(2, 5) + shapes::area("a", 7) + shapes::area(1));
	say("%d %d", shape->grow(3), box.grow(4));
	say("%d", shapes::twice(4) + (int)shapes::twice(2.5));
	return 0;
}
