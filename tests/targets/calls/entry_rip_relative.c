/* First instructions that address memory relative to the pc, with and without an immediate. */
#include "expect.h"

long load_first(void);
long lea_first(void);
long lea_itself_first(void);
long compare_first(void);
long store_first(void);
long exchange_first(long value);
long locked_first(long value);
long sse_first(void);

long cell = 40;
int flag = 0x12345678;

asm(ASM_FUNCTION(load_first) "	mov cell(%rip), %rax\n	ret\n" ASM_END(load_first));
asm(ASM_FUNCTION(lea_first) "	lea cell(%rip), %rax\n	ret\n" ASM_END(lea_first));
asm(ASM_FUNCTION(lea_itself_first)
    "	lea lea_itself_first(%rip), %rax\n	ret\n" ASM_END(lea_itself_first));
asm(ASM_FUNCTION(compare_first)
    "	cmpl $0x12345678, flag(%rip)\n"
    "	sete %al\n"
    "	movzbl %al, %eax\n"
    "	ret\n" ASM_END(compare_first));
asm(ASM_FUNCTION(store_first)
    "	movl $0x12345678, flag(%rip)\n"
    "	mov $1, %eax\n"
    "	ret\n" ASM_END(store_first));
asm(ASM_FUNCTION(exchange_first)
    "	xchg %rdi, cell(%rip)\n"
    "	mov %rdi, %rax\n"
    "	ret\n" ASM_END(exchange_first));
asm(ASM_FUNCTION(locked_first)
    "	lock xadd %rdi, cell(%rip)\n"
    "	mov %rdi, %rax\n"
    "	ret\n" ASM_END(locked_first));
asm(ASM_FUNCTION(sse_first)
    "	movups cell(%rip), %xmm0\n"
    "	movq %xmm0, %rax\n"
    "	ret\n" ASM_END(sse_first));

int main(void)
{
	expect("calls load_first 2");
	expect("calls lea_first 1");
	expect("calls lea_itself_first 1");
	expect("calls compare_first 2");
	expect("calls store_first 1");
	expect("calls exchange_first 1");
	expect("calls locked_first 1");
	expect("calls sse_first 1");
	say("load %ld, lea %d, lea itself %d", load_first(), lea_first() == (long)&cell,
	    lea_itself_first() == (long)lea_itself_first);
	say("compare %ld", compare_first());
	flag = 0;
	say("store %ld, compare %ld", store_first(), compare_first());
	say("exchange %ld", exchange_first(60));
	say("locked %ld", locked_first(5));
	say("load %ld, sse %ld", load_first(), sse_first());
	return 0;
}
