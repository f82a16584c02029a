/*
 * Functions that branch to their own first instruction: a loop, not calls. One keeps a value in
 * its red zone across the branch.
 */
#include "expect.h"

long jump_to_self(long n);
long branch_to_self(long n);
long red_zone_to_self(long n);

asm(ASM_FUNCTION(jump_to_self)
    "	test %rdi, %rdi\n"
    "	jz 1f\n"
    "	dec %rdi\n"
    "	inc %rax\n"
    "	jmp jump_to_self\n"
    "1:	mov $5, %eax\n"
    "	ret\n" ASM_END(jump_to_self));

asm(ASM_FUNCTION(branch_to_self)
    "	dec %rdi\n"
    "	jnz branch_to_self\n"
    "	mov $6, %eax\n"
    "	ret\n" ASM_END(branch_to_self));

asm(ASM_FUNCTION(red_zone_to_self)
    "	test %rdi, %rdi\n"
    "	jz 1f\n"
    "	mov %rdi, -8(%rsp)\n"
    "	mov %rdi, -128(%rsp)\n"
    "	dec %rdi\n"
    "	jmp red_zone_to_self\n"
    "1:	mov -8(%rsp), %rax\n"
    "	add -128(%rsp), %rax\n"
    "	ret\n" ASM_END(red_zone_to_self));

int main(void)
{
	expect("calls jump_to_self 3");
	expect("calls branch_to_self 2");
	expect("calls red_zone_to_self 2");
	long sum = jump_to_self(500) + jump_to_self(0) + jump_to_self(7);
	sum += branch_to_self(400) + branch_to_self(1);
	sum += red_zone_to_self(300) + red_zone_to_self(1);
	say("sum %ld", sum);
	return 0;
}
