// An inlined function that throws, past itself and past its caller, and whose unlikely part is put aside.
#include <cstdio>
#include <stdexcept>
#include <unistd.h>
#include <vector>

static unsigned long pushed, looked;

struct Box {
	std::vector<int> values;
	[[gnu::always_inline]] inline void push(int x)
	{
		values.push_back(x);
		pushed++;
	}
	[[gnu::always_inline]] inline int at(int i)
	{
		looked++;
		if (i >= static_cast<int>(values.size()))
			throw std::out_of_range("at");
		return values[i];
	}
};

[[gnu::noinline]] int fill(Box &box, int count)
{
	for (int i = 0; i < count; i++)
		box.push(i);
	return box.at(count - 1);
}

[[gnu::noinline]] int catches(Box &box, int count)
{
	int all = 0;
	for (int i = 0; i < count; i++) {
		try {
			all += box.at(i * 10);
		} catch (const std::exception &) {
			all--;
		}
	}
	return all;
}

[[gnu::noinline]] int passes(Box &box)
{
	return box.at(-1 + static_cast<int>(box.values.size()) * 2) + 1;
}

int main()
{
	Box box;
	int all = fill(box, 1000) + catches(box, 200);
	for (int i = 0; i < 10; i++) {
		try {
			all += passes(box);
		} catch (const std::exception &) {
			all++;
		}
	}
	std::printf("%d Box::push(int) %lu\n%d Box::at(int) %lu\n", getpid(), pushed, getpid(), looked);
	return all == 1;
}
