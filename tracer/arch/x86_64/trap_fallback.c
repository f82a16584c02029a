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
 * the hit when it died. pc in the code below: the trap will be executed once more, or has been, and what is behind it
 * is the way on. Anything else is a SIGTRAP of the program's own: it gets the default action.
 *
 * Who blocks SIGTRAP at a trap dies of it, and no handler is asked. So the first that is led on, where that is wanted, takes
 * away all traps that are whole patches, by pread64 and pwrite64 on /proc/self/mem, the last of an address first, for it
 * knows the code. The siginfo, which nobody reads any more, is room for the byte that is there.
 */
__asm__(".pushsection .rodata\n"
	"	.balign 16\n"
	"	.globl arch_trap_fallback_code\n"
	"	.globl arch_trap_fallback_code_end\n"
	"	.globl arch_trap_fallback_restorer\n"
	"	.globl arch_call_return\n"
	"	.globl arch_resume_code\n"
	"	.globl arch_resume_words\n"
	"arch_trap_fallback_code:\n"
	"	cmpl	$2, 8(%rsi)\n" /* TRAP_TRACE: the tracer's last step */
	"	je	4f\n"
	"	cmpl	$0x80, 8(%rsi)\n" /* SI_KERNEL: an int3 */
	"	jne	3f\n"
	"	movq	168(%rdx), %rax\n"
	"	leaq	arch_resume_code(%rip), %rcx\n"
	"	movq	%rax, %r9\n"
	"	subq	%rcx, %r9\n"
	"	cmpq	$arch_resume_words - arch_resume_code, %r9\n"
	"	jb	4f\n"
	"	leaq	arch_call_return+1(%rip), %rcx\n"
	"	cmpq	%rcx, %rax\n"
	"	je	4f\n"
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
	"	jz	6f\n"
	"	movb	$1, (%r9)\n"
	"6:	cmpb	$1, 16(%rcx)\n" /* of one that stays others do, too */
	"	jne	4f\n"
	"	movq	arch_trap_fallback_code+4096-128+16(%rip), %r15\n"
	"	testq	%r15, %r15\n"
	"	jz	4f\n"
	"	movq	%rsi, %r12\n"
	"	movl	$2, %eax\n" /* open(path, O_RDWR | O_CLOEXEC) */
	"	leaq	10f(%rip), %rdi\n"
	"	movl	$0x80002, %esi\n"
	"	syscall\n"
	"	testl	%eax, %eax\n"
	"	js	4f\n"
	"	movl	%eax, %ebp\n"
	"	leaq	arch_trap_fallback_code+4096-128(%rip), %r13\n"
	"	movq	(%r13), %rbx\n"
	"	shlq	$5, %rbx\n"
	"	addq	%r13, %rbx\n"
	"7:	cmpq	%r13, %rbx\n"
	"	jbe	9f\n"
	"	cmpb	$1, 16(%rbx)\n"
	"	jne	8f\n"
	"	movl	$17, %eax\n" /* pread64 */
	"	movl	%ebp, %edi\n"
	"	movq	%r12, %rsi\n"
	"	movl	$1, %edx\n"
	"	movq	(%rbx), %r10\n"
	"	subq	$1, %r10\n"
	"	syscall\n"
	"	cmpq	$1, %rax\n"
	"	jne	8f\n"
	"	cmpb	$0xcc, (%r12)\n"
	"	jne	8f\n"
	"	cmpq	arch_trap_fallback_code+4096-128+16(%rip), %r15\n"
	"	jne	9f\n"	     /* another tracer has come */
	"	movl	$18, %eax\n" /* pwrite64 */
	"	leaq	16+7(%rbx), %rsi\n"
	"	syscall\n"
	"8:	subq	$32, %rbx\n"
	"	jmp	7b\n"
	"9:	movl	$3, %eax\n" /* close */
	"	movl	%ebp, %edi\n"
	"	syscall\n"
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
	"10:	.asciz	\"/proc/self/mem\"\n"
	"arch_trap_fallback_restorer:\n"
	"	movl	$15, %eax\n" /* rt_sigreturn */
	"	syscall\n"
	/*
	 * Where a function returns to that was called for us, and what the thread executes behind its trap when the
	 * tracer is dead: all that is not as it was are the registers of arguments, and the stack pointer.
	 */
	"arch_call_return:\n"
	"	int3\n"
	"	popq	%rdi\n"
	"	popq	%rsi\n"
	"	popq	%rdx\n"
	"	popq	%rcx\n"
	"	popq	%r8\n"
	"	popq	%r9\n"
	"	popq	%rax\n"
	"	movq	(%rsp), %rsp\n"
	"	ret\n"
	"	.balign 8\n"
	"5:	.quad	0, 0, 0, 0\n"
	/*
	 * Where system calls are made for us; behind them, what a thread executes when the tracer dies before it has
	 * put the registers back. Only those that the system call has changed, or its arguments; the signal mask first:
	 * a handler may run at any instruction behind that, as everywhere. The 128 bytes below the stack pointer
	 * are the program's (psABI 3.2.2, the red zone).
	 */
	"arch_resume_code:\n"
	"	syscall\n"
	"	movl	$14, %eax\n" /* rt_sigprocmask(SIG_SETMASK, mask, NULL, 8) */
	"	movl	$2, %edi\n"
	"	leaq	arch_resume_words(%rip), %rsi\n"
	"	xorl	%edx, %edx\n"
	"	movl	$8, %r10d\n"
	"	syscall\n"
	"	leaq	-128(%rsp), %rsp\n"
	"	pushq	arch_resume_words+8(%rip)\n"
	"	popfq\n"
	"	leaq	128(%rsp), %rsp\n"
	"	movq	arch_resume_words+24(%rip), %rax\n"
	"	movq	arch_resume_words+32(%rip), %rcx\n"
	"	movq	arch_resume_words+40(%rip), %rdx\n"
	"	movq	arch_resume_words+48(%rip), %rsi\n"
	"	movq	arch_resume_words+56(%rip), %rdi\n"
	"	movq	arch_resume_words+64(%rip), %r8\n"
	"	movq	arch_resume_words+72(%rip), %r9\n"
	"	movq	arch_resume_words+80(%rip), %r10\n"
	"	movq	arch_resume_words+88(%rip), %r11\n"
	"	jmpq	*arch_resume_words+16(%rip)\n"
	"	.balign 8\n"
	"arch_resume_words:\n"
	"	.fill	12, 8, 0\n"
	"arch_trap_fallback_code_end:\n"
	"	.popsection\n");

/* What the kernel does with a system call that a stop has interrupted (arch/x86/kernel/signal.c): it begins again. */
static void restart(const struct user_regs_struct *regs, uint64_t *pc, uint64_t *ax)
{
	enum { ERESTARTSYS = 512, ERESTARTNOINTR, ERESTARTNOHAND, ERESTART_RESTARTBLOCK = 516 };
	enum { NR_RESTART_SYSCALL = 219 };
	const long result = (long)regs->rax;

	if (!arch_is_in_syscall(regs))
		return;
	if (result == -ERESTARTSYS || result == -ERESTARTNOINTR || result == -ERESTARTNOHAND)
		*ax = regs->orig_rax;
	else if (result == -ERESTART_RESTARTBLOCK)
		*ax = NR_RESTART_SYSCALL;
	else
		return;
	*pc -= arch_syscall_insn_bytes;
}

void arch_call_keep(const struct user_regs_struct *regs, uint64_t ret[ARCH_CALL_WORDS],
		    taddr_t *ret_way_on_at)
{
	const uint64_t words[ARCH_CALL_WORDS] = {
		regs->rdi, regs->rsi, regs->rdx, regs->rcx,
		regs->r8,  regs->r9,  regs->rax, regs->rsp - ARCH_RETURN_ADDRESS_BYTES,
	};

	for (int i = 0; i < ARCH_CALL_WORDS; i++)
		ret[i] = words[i];
	*ret_way_on_at = taddr(words[ARCH_CALL_WORDS - 1]);
}

void arch_resume_fill(const struct user_regs_struct *regs, uint64_t mask,
		      uint64_t ret[ARCH_RESUME_WORDS])
{
	const uint64_t words[ARCH_RESUME_WORDS] = {
		mask,	   regs->eflags, regs->rip, regs->rax, regs->rcx, regs->rdx,
		regs->rsi, regs->rdi,	 regs->r8,  regs->r9,  regs->r10, regs->r11,
	};

	for (int i = 0; i < ARCH_RESUME_WORDS; i++)
		ret[i] = words[i];
	restart(regs, &ret[2], &ret[3]);
}
