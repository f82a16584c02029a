// flags: -std=c++17
// An exception that nobody catches: terminate, SIGABRT, and the frames were still there.
#include <cstdlib>
#include <exception>

#include "expect.h"

static void thrower()
{
	throw 1;
}

static void last_words()
{
	say("terminating");
	std::abort();
}

int main()
{
	expect("calls thrower 1 exit");
	expect("calls last_words 1 exit");
	std::set_terminate(last_words);
	thrower();
	return 0;
}
