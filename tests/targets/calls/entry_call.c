/*
 * First instructions that are calls: the callee must see the original return address, and what
 * they read from the stack must be the program's own.
 */
#include "expect.h"

long call_relative_first(void);
long call_next_first(void);
long call_register_first(void);
long call_memory_first(void);
long call_stack_first(void);
long with_register(void);
long with_stack(void);
long return_address_here(void);
long (*pointer_in_memory)(void) = return_address_here;

/* Not probed: says where it was called from. */
asm(ASM_FUNCTION(return_address_here) "	mov (%rsp), %rax\n	ret\n" ASM_END(return_address_here));

asm(ASM_FUNCTION(call_relative_first)
    "	call return_address_here\n	ret\n" ASM_END(call_relative_first));
asm(ASM_FUNCTION(call_next_first) "	call 1f\n1:	pop %rax\n	ret\n" ASM_END(call_next_first));
asm(ASM_FUNCTION(call_register_first) "	call *%rax\n	ret\n" ASM_END(call_register_first));
asm(ASM_FUNCTION(call_memory_first)
    "	call *pointer_in_memory(%rip)\n	ret\n" ASM_END(call_memory_first));
asm(ASM_FUNCTION(call_stack_first) "	call *8(%rsp)\n	ret\n" ASM_END(call_stack_first));

asm(ASM_FUNCTION(with_register)
    "	lea return_address_here(%rip), %rax\n"
    "	call call_register_first\n"
    "	ret\n" ASM_END(with_register));
asm(ASM_FUNCTION(with_stack)
    "	lea return_address_here(%rip), %rax\n"
    "	push %rax\n"
    "	call call_stack_first\n"
    "	pop %rdx\n"
    "	ret\n" ASM_END(with_stack));

int main(void)
{
	expect("calls call_relative_first 2");
	expect("calls call_next_first 2");
	expect("calls call_register_first 2");
	expect("calls call_memory_first 2");
	expect("calls call_stack_first 2");
	for (int i = 0; i < 2; i++) {
		say("relative +%ld", call_relative_first() - (long)call_relative_first);
		say("next +%ld", call_next_first() - (long)call_next_first);
		say("register +%ld", with_register() - (long)call_register_first);
		say("memory +%ld", call_memory_first() - (long)call_memory_first);
		say("stack +%ld", with_stack() - (long)call_stack_first);
	}
	return 0;
}
