/*
 * A function that begins with a trap of the program's own, and is else byte for byte another one, which is probed: it is
 * no copy of that with our trap in it, for the file has its trap, too.
 */
#include <signal.h>

#include "expect.h"

enum { ROUNDS = 60 };

long first(void);
long twin(void);

__asm__(".text\n"
	"	.globl first, twin\n"
	"	.type first, @function\n"
	"	.type twin, @function\n"
	"	.p2align 6\n"
	"first:\n"
	"	nop\n"
	"	movl $3, %eax\n"
	"	addl $4, %eax\n"
	"	movl %eax, %ecx\n"
	"	shll $2, %ecx\n"
	"	leal 5(%rcx), %eax\n"
	"	xorl %edx, %edx\n"
	"	ret\n"
	"	.size first, .-first\n"
	"	.p2align 6\n"
	"twin:\n"
	"	int3\n"
	"	movl $3, %eax\n"
	"	addl $4, %eax\n"
	"	movl %eax, %ecx\n"
	"	shll $2, %ecx\n"
	"	leal 5(%rcx), %eax\n"
	"	xorl %edx, %edx\n"
	"	ret\n"
	"	.size twin, .-twin\n");

static volatile sig_atomic_t met;

static void on_trap(int signal)
{
	(void)signal;
	met++;
}

int main(void)
{
	long sum = 0;

	expect("calls first %d", ROUNDS);
	signal(SIGTRAP, on_trap);
	for (int i = 0; i < ROUNDS; i++)
		sum += first() + twin();
	say("sum %ld, %d traps", sum, (int)met);
	return 0;
}
