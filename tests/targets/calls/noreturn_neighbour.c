/*
 * A call that never returns is a function's last instruction, so that its return address is the
 * first instruction of the next function: one that is probed, and one that is not.
 */
#include <setjmp.h>

#include "expect.h"

long throws(void);
void last_call_one(void);
long neighbour_probed(long x);
void last_call_two(void);
long neighbour_plain(long x);

static jmp_buf back;

long throws(void)
{
	longjmp(back, 1);
}

/* One after the other, without padding. */
#define PACKED(name) ".globl " #name "\n.type " #name ",@function\n" #name ":\n"
asm(".text\n" PACKED(last_call_one) "	push %rbp\n	call throws\n" ASM_END(last_call_one)
    PACKED(neighbour_probed) "	lea 1(%rdi), %rax\n	ret\n" ASM_END(neighbour_probed)
    PACKED(last_call_two) "	push %rbp\n	call throws\n" ASM_END(last_call_two)
    PACKED(neighbour_plain) "	lea 2(%rdi), %rax\n	ret\n" ASM_END(neighbour_plain));

int main(void)
{
	volatile long sum = 0;
	expect("calls throws 40 unwound");
	expect("calls last_call_one 20 unwound");
	expect("calls neighbour_probed 41");
	expect("levels neighbour_probed 0 0");
	sum += neighbour_probed(1);
	for (volatile int i = 0; i < 20; i++) {
		if (setjmp(back) == 0) {
			last_call_one();
			say("never said");
		}
		sum += neighbour_probed(1);
		if (setjmp(back) == 0) {
			last_call_two();
			say("never said");
		}
		sum += neighbour_plain(1);
		sum += neighbour_probed(1);
	}
	say("sum %ld", sum);
	return 0;
}
