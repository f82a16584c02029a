// flags: -std=c++17
// An exception through probed frames, caught far up; destructors that run on the way are probed.
#include <stdexcept>

#include "expect.h"

namespace frames {

struct Guard {
	int *count;
	explicit Guard(int *c) : count(c) {}
	~Guard() { ++*count; }
};

void thrower(int x)
{
	throw std::runtime_error(std::to_string(x));
}

void guarded(int x, int *count)
{
	Guard guard(count);
	thrower(x);
}

void passes_by(int x, int *count)
{
	guarded(x + 1, count);
}

int catcher(int x, int *count)
{
	try {
		passes_by(x, count);
	} catch (const std::exception &e) {
		return std::stoi(e.what());
	}
	return -1;
}

} // namespace frames

int main()
{
	expect("calls frames::thrower 20 unwound");
	expect("calls frames::guarded 20 unwound");
	expect("calls frames::passes_by 20 unwound");
	expect("calls frames::catcher 20");
	expect("calls frames::Guard::~Guard 20");
	expect("nested frames::Guard::~Guard frames::guarded");
	expect("nested frames::passes_by frames::catcher");
	int sum = 0, count = 0;
	for (int i = 0; i < 20; i++)
		sum += frames::catcher(i, &count);
	say("sum %d, destroyed %d", sum, count);
	return 0;
}
