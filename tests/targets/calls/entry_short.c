/* First instructions of one byte or few, in functions that lie end to end without padding. */
#include "expect.h"

void ret_only(void);
void ret_only_next(void);
long push_first(void);
long endbr_first(void);
long nop_first(void);
long pop_first(void);
long push_stack_first(void);
long ret_pops_first(void);
long with_stack_word(void);
long with_popped_word(void);

#define PACKED(name) ".globl " #name "\n.type " #name ",@function\n" #name ":\n"

asm(".text\n" PACKED(ret_only) "	ret\n" ASM_END(ret_only)
    PACKED(ret_only_next) "	ret\n" ASM_END(ret_only_next)
    PACKED(push_first) "	push %rbp\n	mov $3, %eax\n	pop %rbp\n	ret\n" ASM_END(push_first)
    PACKED(endbr_first) "	endbr64\n	mov $4, %eax\n	ret\n" ASM_END(endbr_first)
    PACKED(nop_first) "	nop\n	mov $5, %eax\n	ret\n" ASM_END(nop_first)
    /* Takes its return address off the stack and puts it back. */
    PACKED(pop_first) "	pop %rax\n	push %rax\n	ret\n" ASM_END(pop_first)
    PACKED(push_stack_first) "	push 8(%rsp)\n	pop %rax\n	ret\n" ASM_END(push_stack_first)
    PACKED(ret_pops_first) "	ret $8\n" ASM_END(ret_pops_first));

asm(ASM_FUNCTION(with_stack_word)
    "	push $42\n	call push_stack_first\n	pop %rdx\n	ret\n" ASM_END(with_stack_word));
asm(ASM_FUNCTION(with_popped_word)
    "	mov $43, %eax\n	push $0\n	call ret_pops_first\n	ret\n" ASM_END(with_popped_word));

int main(void)
{
	expect("calls ret_only 2");
	expect("calls ret_only_next 3");
	expect("calls push_first 1");
	expect("calls endbr_first 1");
	expect("calls nop_first 1");
	expect("calls pop_first 1");
	expect("calls push_stack_first 1");
	expect("calls ret_pops_first 2");
	for (int i = 0; i < 5; i++)
		(i % 2 ? ret_only : ret_only_next)();
	say("push %ld, endbr %ld, nop %ld", push_first(), endbr_first(), nop_first());
	long address = pop_first();
	say("pop is in main %d", address > (long)main && address < (long)main + 4096);
	say("push stack %ld, ret pops %ld %ld", with_stack_word(), with_popped_word(), with_popped_word());
	return 0;
}
