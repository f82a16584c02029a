// flags: -std=c++17 -O2 -g -finline-functions
// variants: templates lambda virtual inlined
// Stacks of optimised C++; see stack_shapes.c.
#include <functional>
#include <string>
#include <vector>

#include "expect.h"

static bool stays;

extern "C" __attribute__((noinline)) void stop_here()
{
	if (!stays) {
		asm volatile("");
		return;
	}
	say("ready");
	for (;;)
		pause();
}

namespace shapes
{

template <typename T, int N> struct Holder {
	T values[N];
	__attribute__((noinline)) T sum(int x)
	{
		T total = T();
		for (T value : values)
			total += value;
		stop_here();
		return total + x;
	}
};

template <typename T> __attribute__((noinline)) T twice(T x)
{
	Holder<T, 4> holder = { { x, x, x, x } };
	return holder.sum(1) * 2;
}

struct Base {
	virtual ~Base() = default;
	virtual int work(int x) = 0;
};

struct Derived : Base {
	__attribute__((noinline)) int work(int x) override
	{
		stop_here();
		return x + 1;
	}
};

static inline __attribute__((always_inline)) int innermost(int x)
{
	stop_here();
	return x + 2;
}

static inline __attribute__((always_inline)) int around(int x)
{
	return innermost(x) * 3;
}

__attribute__((noinline)) int holds_inlined(int x)
{
	return around(x) + 1;
}

__attribute__((noinline)) int calls(const std::function<int(int)> &function, int x)
{
	return function(x) + 1;
}

} // namespace shapes

int main(int argc, char **argv)
{
	const std::string shape = argc > 1 ? argv[1] : "templates";
	int result = 0;

	expect("calls stop_here 1");
	stays = argc > 2;
	if (shape == "lambda") {
		std::vector<int> seen;
		result = shapes::calls(
			[&](int x) {
				seen.push_back(x);
				stop_here();
				return x + (int)seen.size();
			},
			1);
	} else if (shape == "virtual") {
		shapes::Base *base = new shapes::Derived();
		result = base->work(argc);
		delete base;
	} else if (shape == "inlined") {
		result = shapes::holds_inlined(argc) + 1;
	} else {
		result = shapes::twice<long>(argc);
	}
	say("result %d", result > 0);
	return 0;
}
