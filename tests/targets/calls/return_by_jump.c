/* Functions that return in other ways than by ret, and callers that call in other ways than by call. */
#include "expect.h"

long pops_and_jumps(long x);
long drops_stack(long x);
long pushed_call(long x);
long plain_callee(long x);

asm(ASM_FUNCTION(pops_and_jumps)
    "	lea 1(%rdi), %rax\n	pop %rdx\n	jmp *%rdx\n" ASM_END(pops_and_jumps));
asm(ASM_FUNCTION(drops_stack)
    "	lea 2(%rdi), %rax\n	add $8, %rsp\n	jmp *-8(%rsp)\n" ASM_END(drops_stack));
/* Pushes the return address itself, then jumps. */
asm(ASM_FUNCTION(pushed_call)
    "	lea 1f(%rip), %rax\n	push %rax\n	jmp plain_callee\n	ud2\n"
    "1:	inc %rax\n	ret\n" ASM_END(pushed_call));
asm(ASM_FUNCTION(plain_callee) "	lea 3(%rdi), %rax\n	ret\n" ASM_END(plain_callee));

int main(void)
{
	expect("calls pops_and_jumps 10");
	expect("calls drops_stack 10");
	expect("calls pushed_call 10");
	expect("calls plain_callee 10");
	expect("nested plain_callee pushed_call");
	long sum = 0;
	for (int i = 0; i < 10; i++)
		sum += pops_and_jumps(i) + drops_stack(i) + pushed_call(i);
	say("sum %ld", sum);
	return 0;
}
