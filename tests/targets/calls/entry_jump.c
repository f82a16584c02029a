/* First instructions that are jumps, unconditional, conditional (taken or not), and by a count. */
#include "expect.h"

long jump_near_first(void);
long jump_short_first(void);
long jump_memory_first(void);
long jump_register_first(void);
long jump_if_short_first(void);
long jump_if_near_first(void);
long jump_if_no_count_first(long a, long b, long c, long count);
long loop_first(long a, long b, long c, long count);
long flags_then_short(long zero);
long flags_then_near(long zero);
long register_then_jump(void);
long landing(void);
long (*landing_pointer)(void) = landing;

asm(ASM_FUNCTION(landing) "	mov $7, %eax\n	ret\n" ASM_END(landing));
asm(ASM_FUNCTION(jump_near_first) "	.byte 0xe9\n	.long landing - . - 4\n" ASM_END(jump_near_first));
asm(ASM_FUNCTION(jump_short_first)
    "	jmp 1f\n	ud2\n1:	mov $8, %eax\n	ret\n" ASM_END(jump_short_first));
asm(ASM_FUNCTION(jump_memory_first) "	jmp *landing_pointer(%rip)\n" ASM_END(jump_memory_first));
asm(ASM_FUNCTION(jump_register_first) "	jmp *%rax\n" ASM_END(jump_register_first));
asm(ASM_FUNCTION(jump_if_short_first)
    "	jz 1f\n	mov $1, %eax\n	ret\n1:	mov $2, %eax\n	ret\n" ASM_END(jump_if_short_first));
asm(ASM_FUNCTION(jump_if_near_first)
    "	jnz 1f\n"
    "	mov $3, %eax\n"
    "	ret\n"
    "	.fill 300, 1, 0xcc\n"
    "1:	mov $4, %eax\n"
    "	ret\n" ASM_END(jump_if_near_first));
asm(ASM_FUNCTION(jump_if_no_count_first)
    "	jrcxz 1f\n	mov %rcx, %rax\n	ret\n1:	mov $-1, %rax\n	ret\n" ASM_END(
	    jump_if_no_count_first));
/* Branches to itself, from its only site. */
asm(ASM_FUNCTION(loop_first) "	loop loop_first\n	mov %rcx, %rax\n	ret\n" ASM_END(loop_first));

asm(ASM_FUNCTION(flags_then_short)
    "	test %rdi, %rdi\n	call jump_if_short_first\n	ret\n" ASM_END(flags_then_short));
asm(ASM_FUNCTION(flags_then_near)
    "	test %rdi, %rdi\n	call jump_if_near_first\n	ret\n" ASM_END(flags_then_near));
asm(ASM_FUNCTION(register_then_jump)
    "	lea landing(%rip), %rax\n	call jump_register_first\n	ret\n" ASM_END(register_then_jump));

int main(void)
{
	expect("calls jump_near_first 1 any");
	expect("calls jump_short_first 1");
	expect("calls jump_memory_first 1");
	expect("calls jump_register_first 1");
	expect("calls jump_if_short_first 2");
	expect("calls jump_if_near_first 2");
	expect("calls jump_if_no_count_first 2");
	expect("calls loop_first 2");
	say("near %ld, short %ld", jump_near_first(), jump_short_first());
	say("memory %ld, register %ld", jump_memory_first(), register_then_jump());
	say("if short %ld %ld", flags_then_short(0), flags_then_short(1));
	say("if near %ld %ld", flags_then_near(0), flags_then_near(1));
	say("no count %ld %ld", jump_if_no_count_first(0, 0, 0, 0), jump_if_no_count_first(0, 0, 0, 9));
	say("loop %ld %ld", loop_first(0, 0, 0, 50), loop_first(0, 0, 0, 1));
	return 0;
}
