// Coroutines of C++20: the function itself, and what compilers make of its body.
#include <coroutine>

#include "count.h"

int count_made, count_resumed, count_destroyed;

struct Sequence {
	struct promise_type {
		int value;
		Sequence get_return_object() { return { std::coroutine_handle<promise_type>::from_promise(*this) }; }
		std::suspend_always initial_suspend() { return {}; }
		std::suspend_always final_suspend() noexcept { return {}; }
		std::suspend_always yield_value(int x) { value = x; return {}; }
		void return_void() {}
		void unhandled_exception() {}
	};
	std::coroutine_handle<promise_type> handle;
};

NOINLINE Sequence numbers(int count) { for (int i = 0; i < count; i++) co_yield i; }

namespace ns {
struct Source {
	int first;
	NOINLINE Sequence take(int count) { for (int i = 0; i < count; i++) co_yield first + i; }
	template <typename T> NOINLINE Sequence once(T x) { co_yield (int)x; }
};
} // namespace ns

static int drain(Sequence sequence, bool is_counted)
{
	int sum = 0;
	while (!sequence.handle.done()) {
		sequence.handle.resume();
		sum += sequence.handle.promise().value;
		count_resumed += is_counted;
	}
	sequence.handle.destroy();
	count_destroyed += is_counted;
	return sum;
}

int main()
{
	ns::Source source{ 3 };
	int sum = 0;
	for (int i = 0; i < 2; i++) {
		sum += drain(numbers(3), true);
		count_made++;
	}
	sum += drain(source.take(2), false) + drain(source.once(2.5), false);
	print_count(made);
	print_count(resumed);
	print_count(destroyed);
	return sum == 0;
}
