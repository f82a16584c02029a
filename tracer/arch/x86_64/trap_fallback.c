/* Code that stands in for the tracer once it is dead; see arch.h. Arch layer, x86-64. */
#include "tracer/arch/arch.h"

/*
 * A handler for SIGTRAP, called by the kernel with (signal, siginfo, ucontext) as rt_sigaction(2)
 * says. It uses no stack, calls nothing, and changes no register that matters: rt_sigreturn restores
 * them all. Offsets are those of asm/siginfo.h and asm/ucontext.h: si_code 8, RIP 168.
 *
 * The table begins ARCH_TRAP_FALLBACK_TABLE_BYTES behind the code's first byte: a count, and from 32 bytes
 * on entries as struct arch_trap_fallback_entry has them.
 *
 * pc behind a site: go on in its slot. pc in front of a site, or at a slot: the tracer had dealt with
 * the hit when it died. Anything else is a SIGTRAP of the program's own: it gets the default action.
 */
__asm__(".pushsection .rodata\n"
	"	.balign 16\n"
	"	.globl arch_trap_fallback_code\n"
	"	.globl arch_trap_fallback_code_end\n"
	"	.globl arch_trap_fallback_restorer\n"
	"arch_trap_fallback_code:\n"
	"	cmpl	$0x80, 8(%rsi)\n" /* SI_KERNEL: an int3 */
	"	jne	3f\n"
	"	movq	168(%rdx), %rax\n"
	"	leaq	1(%rax), %r11\n"
	"	leaq	arch_trap_fallback_code+4096-128(%rip), %rcx\n"
	"	movq	(%rcx), %r8\n"
	"1:	subq	$1, %r8\n"
	"	jc	3f\n"
	"	addq	$32, %rcx\n"
	"	movq	(%rcx), %r9\n"
	"	cmpq	%r9, %rax\n"
	"	je	2f\n"
	"	cmpq	%r9, %r11\n"
	"	je	4f\n"
	"	cmpq	8(%rcx), %rax\n"
	"	je	4f\n"
	"	jmp	1b\n"
	"2:	movq	8(%rcx), %r9\n"
	"	movq	%r9, 168(%rdx)\n"
	"	movq	arch_trap_fallback_code+4096-128+8(%rip), %r9\n"
	"	testq	%r9, %r9\n"
	"	jz	4f\n"
	"	movb	$1, (%r9)\n"
	"	ret\n"
	"3:	movl	$13, %eax\n" /* rt_sigaction(SIGTRAP, all zero: the default, NULL, 8) */
	"	movl	$5, %edi\n"
	"	leaq	5f(%rip), %rsi\n"
	"	xorl	%edx, %edx\n"
	"	movl	$8, %r10d\n"
	"	syscall\n"
	"	movl	$39, %eax\n" /* tgkill(getpid(), gettid(), SIGTRAP) */
	"	syscall\n"
	"	movl	%eax, %edi\n"
	"	movl	$186, %eax\n"
	"	syscall\n"
	"	movl	%eax, %esi\n"
	"	movl	$5, %edx\n"
	"	movl	$234, %eax\n"
	"	syscall\n"
	"4:	ret\n"
	"arch_trap_fallback_restorer:\n"
	"	movl	$15, %eax\n" /* rt_sigreturn */
	"	syscall\n"
	"	.balign 8\n"
	"5:	.quad	0, 0, 0, 0\n"
	"arch_trap_fallback_code_end:\n"
	"	.popsection\n");
