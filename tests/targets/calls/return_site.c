/*
 * Instructions of every awkward kind at the address that a probed function returns to: they run
 * displaced, with flags and stack as the callee left them.
 */
#include "expect.h"

long give(long value); /* returns it, with the zero flag by it */
long before_branch(long value);
long before_near_branch(long value);
long before_jump(long value);
long before_call(long value);
long before_load(long value);
long before_lea(long value);
long before_ret(long value);
long before_pop(long value);
long before_push(long value);
long before_leave(long value);
long before_endbr(long value);
long before_indirect(long value);
long before_loop(long value);
long add_ten(long value);
long site_cell = 1000;

asm(ASM_FUNCTION(give) "	mov %rdi, %rax\n	test %rdi, %rdi\n	ret\n" ASM_END(give));
asm(ASM_FUNCTION(add_ten) "	add $10, %rax\n	ret\n" ASM_END(add_ten));

asm(ASM_FUNCTION(before_branch)
    "	call give\n	jz 1f\n	inc %rax\n1:	ret\n" ASM_END(before_branch));
asm(ASM_FUNCTION(before_near_branch)
    "	call give\n	jnz 1f\n	ret\n	.fill 200, 1, 0xcc\n1:	neg %rax\n	ret\n" ASM_END(
	    before_near_branch));
asm(ASM_FUNCTION(before_jump) "	call give\n	jmp 1f\n	ud2\n1:	ret\n" ASM_END(before_jump));
/* Two calls end to end: the second is displaced, and its return address must be the original. */
asm(ASM_FUNCTION(before_call)
    "	call give\n	call add_ten\n	call add_ten\n	ret\n" ASM_END(before_call));
asm(ASM_FUNCTION(before_load)
    "	call give\n	add site_cell(%rip), %rax\n	ret\n" ASM_END(before_load));
asm(ASM_FUNCTION(before_lea)
    "	call give\n"
    "	lea site_cell(%rip), %rdx\n"
    "	add (%rdx), %rax\n"
    "	ret\n" ASM_END(before_lea));
asm(ASM_FUNCTION(before_ret) "	call give\n	ret\n" ASM_END(before_ret));
asm(ASM_FUNCTION(before_pop) "	push %rdi\n	call give\n	pop %rdx\n	add %rdx, %rax\n	ret\n" ASM_END(before_pop));
asm(ASM_FUNCTION(before_push) "	call give\n	push %rax\n	pop %rdx\n	ret\n" ASM_END(before_push));
asm(ASM_FUNCTION(before_leave)
    "	push %rbp\n	mov %rsp, %rbp\n	call give\n	leave\n	ret\n" ASM_END(before_leave));
asm(ASM_FUNCTION(before_endbr) "	call give\n	endbr64\n	ret\n" ASM_END(before_endbr));
asm(ASM_FUNCTION(before_indirect)
    "	lea 1f(%rip), %rdx\n	call give\n	jmp *%rdx\n	ud2\n1:	ret\n" ASM_END(before_indirect));
asm(ASM_FUNCTION(before_loop)
    "	mov $3, %ecx\n"
    "1:	call give\n"
    "	loop 1b\n"
    "	ret\n" ASM_END(before_loop));

int main(void)
{
	static const struct {
		const char *name;
		long (*function)(long);
	} sites[] = {
		{ "branch", before_branch }, { "near branch", before_near_branch },
		{ "jump", before_jump },     { "call", before_call },
		{ "load", before_load },     { "lea", before_lea },
		{ "ret", before_ret },	     { "pop", before_pop },
		{ "push", before_push },     { "leave", before_leave },
		{ "endbr", before_endbr },   { "indirect", before_indirect },
		{ "loop", before_loop },
	};
	expect("calls give 30");
	expect("calls add_ten 4");
	for (size_t i = 0; i < sizeof(sites) / sizeof(sites[0]); i++)
		say("%s %ld %ld", sites[i].name, sites[i].function(0), sites[i].function(6));
	return 0;
}
