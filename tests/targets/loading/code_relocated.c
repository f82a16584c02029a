/* flags: -fpie -pie -Wl,-z,notext */
/* The dynamic linker relocates a first instruction after it has been replaced by a trap (DT_TEXTREL). */
#include "expect.h"

long absolute_first(void);
long cell = 42;

asm(ASM_FUNCTION(absolute_first)
    "	movabs $cell, %rax\n"
    "	mov (%rax), %rax\n"
    "	ret\n" ASM_END(absolute_first));

int main(void)
{
	expect("calls absolute_first 2");
	say("sum %ld", absolute_first() + absolute_first());
	return 0;
}
