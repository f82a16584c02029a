// flags: -std=c++17 -pthread
// Four threads throw through probed frames at once.
#include <atomic>
#include <thread>
#include <vector>

#include "expect.h"

static std::atomic<int> sum;

static void thrower(int x)
{
	throw x;
}

static void catcher(int x)
{
	try {
		thrower(x);
	} catch (int caught) {
		sum += caught;
	}
}

int main()
{
	expect("calls thrower 400 unwound");
	expect("calls catcher 400");
	expect("threads catcher 4");
	expect("nested thrower catcher");
	std::vector<std::thread> threads;
	for (int t = 0; t < 4; t++)
		threads.emplace_back([] {
			for (int i = 0; i < 100; i++)
				catcher(i);
		});
	for (auto &thread : threads)
		thread.join();
	say("sum %d", sum.load());
	return 0;
}
