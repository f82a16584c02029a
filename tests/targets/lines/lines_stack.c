/* A loop that takes its memory from the stack. Optimised, its lines are mixed. */
#include <alloca.h>

#include "gains.h"

/* The stack's pages stay. */
__attribute__((noinline)) static void of_stack(size_t pages)
{
	((volatile char *)alloca(PAGE))[0] = 1;	     /* of_stack: any times, any pages */
	for (size_t i = 1; i <= pages; i++) {	     /* of_stack: 9 times, 0 pages */
		volatile char *piece = alloca(PAGE); /* of_stack: 8 times, 0 pages */
		piece[0] = 1;			     /* of_stack: 8 times, 8 pages */
	}
}

/* They are below what warm_up has used. */
__attribute__((noinline)) static void below(void)
{
	volatile char stack[64 * PAGE];

	stack[0] = 1;
	of_stack(8);
	stack[1] = 1;
}

int main(void)
{
	expect("calls of_stack 1");
	warm_up();
	below();
	return 0;
}
