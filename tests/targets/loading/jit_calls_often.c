/*
 * Code made at run time calls a probed function time and again, and other code does: as no return address in the former
 * may be touched, all these calls end at the function's return instructions, of which one has a branch's target behind it.
 */
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

long branchy(long x);
__asm__(".pushsection .text\n"
	".p2align 4, 0xcc\n"
	".globl branchy\n"
	".type branchy, @function\n"
	"branchy: mov %rdi, %rax\n"
	"	test $1, %dil\n"
	"	jnz 1f\n"
	"	add $2, %rax\n"
	"	ret\n"
	"1:	sub $-3, %rax\n"
	"	ret\n"
	".size branchy, . - branchy\n"
	".p2align 4, 0xcc\n"
	".popsection\n");

enum { TURNS = 3000 };

int main(void)
{
	/* sub $8,%rsp; call *%rsi; add $8,%rsp; ret */
	static const unsigned char made[] = { 0x48, 0x83, 0xec, 0x08, 0xff, 0xd6,
					      0x48, 0x83, 0xc4, 0x08, 0xc3 };
	void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	long (*volatile direct)(long) = branchy;
	long sum = 0;

	expect("calls branchy %d", 2 * TURNS);
	expect("levels branchy 0 0");
	if (code == MAP_FAILED)
		return 1;
	memcpy(code, made, sizeof(made));
	if (mprotect(code, 4096, PROT_READ | PROT_EXEC) != 0) {
		say("no memory may be made executable here");
		return 77;
	}
	long (*caller)(long, long (*)(long)) = (long (*)(long, long (*)(long)))code;
	for (long i = 0; i < TURNS; i++) {
		sum += caller(i, branchy);
		sum += direct(i);
	}
	say("sum %ld", sum);
	return 0;
}
