/* Plain nested calls, three levels, with a loop at each. */
#include "expect.h"

int inner(int x);
int middle(int x);
int outer(int x);
int uncalled(int x);

int inner(int x)
{
	return x + 1;
}

int middle(int x)
{
	return inner(x) + inner(x + 1) + inner(x + 2);
}

int outer(int x)
{
	return middle(x) + middle(x * 2) + middle(x * 3);
}

int uncalled(int x)
{
	return x - 1;
}

int main(void)
{
	expect("calls outer 2");
	expect("calls middle 6");
	expect("calls inner 18");
	expect("levels outer 0 0");
	expect("levels inner 2 2");
	expect("nested middle outer");
	expect("nested inner middle");
	expect("processes 1");
	say("sum %d", outer(1) + outer(2));
	return 0;
}
