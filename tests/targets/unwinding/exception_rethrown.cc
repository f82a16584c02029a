// flags: -std=c++17
// An exception caught, rethrown by a probed function in the handler, and caught again.
#include "expect.h"

static void thrower(int x)
{
	throw x;
}

static void rethrower()
{
	throw;
}

static void catches_first(int x)
{
	try {
		thrower(x);
	} catch (int) {
		rethrower();
	}
}

static int catches_last(int x)
{
	try {
		catches_first(x);
	} catch (int caught) {
		return caught;
	}
	return 0;
}

int main()
{
	expect("calls thrower 10 unwound");
	expect("calls rethrower 10 unwound");
	expect("calls catches_first 10 unwound");
	expect("calls catches_last 10");
	expect("nested rethrower catches_first");
	expect("levels rethrower 2 2");
	int sum = 0;
	for (int i = 1; i <= 10; i++)
		sum += catches_last(i);
	say("sum %d", sum);
	return 0;
}
