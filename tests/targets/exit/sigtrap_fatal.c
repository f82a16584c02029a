/* The program's own int3, which it does not handle, is fatal as ever. */
#include "expect.h"

static void dies(void)
{
	__asm__ volatile("int3");
}

int main(void)
{
	expect("calls dies 1 exit");
	dies();
	say("never said");
	return 0;
}
