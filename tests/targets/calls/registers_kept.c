/* Every register and flag is the same on both sides of an entry and of a return. */
#include <string.h>

#include "expect.h"

void save_at_entry(void);
void fill_and_call(void);

struct registers {
	unsigned long general[15]; /* all but rsp */
	unsigned long flags;
	unsigned char vectors[16][16];
};
struct registers at_entry, at_return;

#define SAVE(where)                                                                           \
	"	pushfq\n"                                                                     \
	"	popq 120+" #where "(%rip)\n"                                                  \
	"	mov %rax, " #where "(%rip)\n	mov %rbx, 8+" #where "(%rip)\n"               \
	"	mov %rcx, 16+" #where "(%rip)\n	mov %rdx, 24+" #where "(%rip)\n"              \
	"	mov %rsi, 32+" #where "(%rip)\n	mov %rdi, 40+" #where "(%rip)\n"              \
	"	mov %rbp, 48+" #where "(%rip)\n	mov %r8, 56+" #where "(%rip)\n"               \
	"	mov %r9, 64+" #where "(%rip)\n	mov %r10, 72+" #where "(%rip)\n"              \
	"	mov %r11, 80+" #where "(%rip)\n	mov %r12, 88+" #where "(%rip)\n"              \
	"	mov %r13, 96+" #where "(%rip)\n	mov %r14, 104+" #where "(%rip)\n"             \
	"	mov %r15, 112+" #where "(%rip)\n"                                             \
	"	movups %xmm0, 128+" #where "(%rip)\n	movups %xmm7, 240+" #where "(%rip)\n" \
	"	movups %xmm15, 368+" #where "(%rip)\n"

/* The first instruction changes nothing. */
asm(ASM_FUNCTION(save_at_entry) "	nop\n" SAVE(at_entry) "	ret\n" ASM_END(save_at_entry));

asm(ASM_FUNCTION(fill_and_call)
    "	push %rbx\n	push %rbp\n	push %r12\n	push %r13\n	push %r14\n	push %r15\n"
    "	mov $0x1111111111111111, %rbx\n	movq %rbx, %xmm0\n	mov $0x7f000000000000ff, %rbp\n"
    "	movq %rbp, %xmm7\n	movq %rbp, %xmm15\n"
    "	mov $0xff00000000000001, %rax\n	mov $2, %rcx\n	mov $3, %rdx\n	mov $4, %rsi\n"
    "	mov $5, %rdi\n	mov $6, %r8\n	mov $7, %r9\n	mov $8, %r10\n	mov $9, %r11\n"
    "	mov $10, %r12\n	mov $11, %r13\n	mov $12, %r14\n	mov $13, %r15\n"
    "	push $0xcd7\n" /* CF PF AF ZF SF DF OF */
    "	popfq\n"
    "	call save_at_entry\n"
    "	nop\n" SAVE(at_return)
    "	cld\n"
    "	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbp\n	pop %rbx\n"
    "	ret\n" ASM_END(fill_and_call));

int main(void)
{
	expect("calls save_at_entry 20");
	for (int i = 0; i < 20; i++) {
		memset(&at_entry, 0, sizeof(at_entry));
		memset(&at_return, 0, sizeof(at_return));
		fill_and_call();
		if (memcmp(&at_entry, &at_return, sizeof(at_entry)) != 0)
			say("registers differ");
	}
	say("flags %lx, rax %lx, r15 %lx", at_return.flags & 0xcd5, at_return.general[0],
	    at_return.general[14]);
	return 0;
}
