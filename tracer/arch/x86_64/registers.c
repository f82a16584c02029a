/* x86-64: registers, by the names that arch.h gives their uses (arch layer). */
#include "tracer/arch/arch.h"

#include <errno.h>
#include <string.h>

const uint8_t arch_syscall_insn[] = { 0x0f, 0x05 };
const size_t arch_syscall_insn_bytes = sizeof(arch_syscall_insn);
const struct arch_old_requests arch_old_requests = {
	.get_regs = 12, /* PTRACE_GETREGS and PTRACE_SETREGS, asm/ptrace-abi.h */
	.set_regs = 13,
	.has_user = true,
	.user_pc_offset = offsetof(struct user, regs.rip),
};

enum { RED_ZONE_BYTES = 128, STACK_ALIGNMENT_BYTES = 64 };

taddr_t arch_pc(const struct user_regs_struct *regs)
{
	return taddr(regs->rip);
}

void arch_set_pc(struct user_regs_struct *regs, taddr_t pc)
{
	regs->rip = pc.value;
}

taddr_t arch_sp(const struct user_regs_struct *regs)
{
	return taddr(regs->rsp);
}

void arch_set_sp(struct user_regs_struct *regs, taddr_t sp)
{
	regs->rsp = sp.value;
}

long arch_syscall_number(const struct user_regs_struct *regs)
{
	return (long)regs->orig_rax;
}

void arch_syscall_leave(struct user_regs_struct *regs)
{
	regs->orig_rax = (unsigned long)-1;
}

void arch_syscall_prepare(struct user_regs_struct *regs, taddr_t insn, long number,
			  const uint64_t arguments[6])
{
	regs->rip = insn.value;
	regs->rax = (unsigned long)number;
	arch_syscall_leave(regs);
	regs->rdi = arguments[0];
	regs->rsi = arguments[1];
	regs->rdx = arguments[2];
	regs->r10 = arguments[3];
	regs->r8 = arguments[4];
	regs->r9 = arguments[5];
}

long arch_syscall_result(const struct user_regs_struct *regs)
{
	return (long)regs->rax;
}

void arch_syscall_arguments(const struct user_regs_struct *regs, uint64_t ret[6])
{
	const uint64_t arguments[6] = { regs->rdi, regs->rsi, regs->rdx,
					regs->r10, regs->r8,  regs->r9 };
	memcpy(ret, arguments, sizeof(arguments));
}

taddr_t arch_syscall_insn_before(const struct user_regs_struct *regs)
{
	return taddr(regs->rip - arch_syscall_insn_bytes);
}

void arch_syscall_return(struct user_regs_struct *regs, long result)
{
	regs->rax = (unsigned long)result;
	arch_syscall_leave(regs);
}

bool arch_is_in_syscall(const struct user_regs_struct *regs)
{
	return arch_syscall_number(regs) >= 0;
}

bool arch_syscall_is_cut(const struct user_regs_struct *regs)
{
	return arch_is_in_syscall(regs) && (long)regs->rax == -EINTR;
}

void arch_syscall_repeat(struct user_regs_struct *regs)
{
	regs->rip -= arch_syscall_insn_bytes;
	regs->rax = regs->orig_rax;
}

bool arch_sigreturn_frame(const struct user_regs_struct *regs, taddr_t *ret_pc_at,
			  taddr_t *ret_sp_at)
{
	/* The stack pointer is at the frame's ucontext (asm/ucontext.h, asm/sigcontext.h): flags, link
	 * and stack, 40 bytes; then r8 to r15, di, si, bp, bx, dx, ax, cx, sp, ip. */
	enum { NR_RT_SIGRETURN = 15, UC_SP = 40 + 15 * 8, UC_IP = 40 + 16 * 8 };

	*ret_sp_at = taddr(regs->rsp + UC_SP);
	*ret_pc_at = taddr(regs->rsp + UC_IP);
	return arch_syscall_number(regs) == NR_RT_SIGRETURN;
}

bool arch_signal_frame(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], taddr_t *ret_pc,
		       taddr_t *ret_sp)
{
	/* As above; then flags, and the selectors of cs, gs, fs, ss. All user code has cs and these flags. */
	enum { SP = 20, IP = 21, FLAGS = 22, SELECTORS = 23 };
	enum { USER_CS = 0x33, FLAGS_ALWAYS = 0x202 };

	*ret_pc = taddr(words[IP]);
	*ret_sp = taddr(words[SP]);
	return (words[SELECTORS] & 0xffff) == USER_CS &&
	       (words[FLAGS] & FLAGS_ALWAYS) == FLAGS_ALWAYS && words[FLAGS] >> 32 == 0;
}

bool arch_signal_frame_mask(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], uint64_t *ret)
{
	/* Behind what is above: err, trapno, the mask's first word, cr2, fpstate, 8 words, and the mask. */
	enum { OLD_MASK = 26, MASK = 37 };

	*ret = words[MASK];
	return words[MASK] == words[OLD_MASK];
}

uint64_t arch_argument(const struct user_regs_struct *regs, unsigned index)
{
	const unsigned long long all[] = { regs->rdi, regs->rsi, regs->rdx,
					   regs->rcx, regs->r8,	 regs->r9 };
	return all[index];
}

void arch_set_argument(struct user_regs_struct *regs, unsigned index, uint64_t value)
{
	unsigned long long *const all[] = { &regs->rdi, &regs->rsi, &regs->rdx,
					    &regs->rcx, &regs->r8,  &regs->r9 };
	*all[index] = value;
}

uint64_t arch_return_value(const struct user_regs_struct *regs)
{
	return regs->rax;
}

taddr_t arch_stack_below(taddr_t sp, size_t bytes)
{
	uint64_t top = sp.value - RED_ZONE_BYTES - bytes;
	return taddr(top - top % STACK_ALIGNMENT_BYTES);
}

void arch_call_prepare(struct user_regs_struct *regs, taddr_t function, taddr_t below,
		       const uint64_t *arguments, size_t count)
{
	enum { ARGUMENTS_MAX = 5 };
	uint64_t all[ARGUMENTS_MAX] = { 0 };

	for (size_t i = 0; i < count && i < ARGUMENTS_MAX; i++)
		all[i] = arguments[i];
	regs->rip = function.value;
	regs->rax = 0; /* no vector registers hold variable arguments */
	arch_syscall_leave(regs);
	regs->rdi = all[0];
	regs->rsi = all[1];
	regs->rdx = all[2];
	regs->rcx = all[3];
	regs->r8 = all[4];
	/* psABI 3.2.2: 16-byte aligned before the return address is pushed. */
	regs->rsp = below.value - below.value % STACK_ALIGNMENT_BYTES - ARCH_RETURN_ADDRESS_BYTES;
}

void arch_dwarf_registers(const struct user_regs_struct *regs, uint64_t ret[ARCH_DWARF_REGISTERS])
{
	const uint64_t values[ARCH_DWARF_REGISTERS] = {
		regs->rax, regs->rdx, regs->rcx, regs->rbx, regs->rsi, regs->rdi,
		regs->rbp, regs->rsp, regs->r8,	 regs->r9,  regs->r10, regs->r11,
		regs->r12, regs->r13, regs->r14, regs->r15, regs->rip,
	};
	memcpy(ret, values, sizeof(values));
}

bool arch_is_supported(const struct user_regs_struct *regs)
{
	enum { USER_64_CS = 0x33 }; /* __USER_CS, asm/segment.h; 0x23 is compatibility mode */
	return regs->cs == USER_64_CS;
}

taddr_t arch_thread_pointer(const struct user_regs_struct *regs)
{
	return taddr(regs->fs_base);
}

void arch_set_thread_pointer(struct user_regs_struct *regs, taddr_t pointer)
{
	regs->fs_base = pointer.value;
}

void arch_goroutine(const struct user_regs_struct *regs, taddr_t *ret_register, taddr_t *ret_at)
{
	*ret_register = taddr(regs->r14);
	*ret_at = taddr(regs->fs_base - 8);
}
