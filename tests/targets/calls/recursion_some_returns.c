/* A binary tree walk: returns at many depths through the same two return addresses. */
#include "expect.h"

static int walk(int depth)
{
	if (depth == 0)
		return 1;
	return walk(depth - 1) + walk(depth - 1);
}

int main(void)
{
	expect("calls walk 511");
	expect("levels walk 0 8");
	say("leaves %d", walk(8));
	return 0;
}
