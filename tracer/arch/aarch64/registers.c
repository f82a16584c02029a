/*
 * aarch64: registers, by the names that arch.h gives their uses (arch layer).
 *
 * They do not tell the system call that a thread is in, nor its first argument, which the result has replaced. Before any
 * stop but a syscall-stop, Linux has ended it, or has taken the thread back to its start (do_signal,
 * arch/arm64/kernel/signal.c): so a stopped thread is in none.
 */
#include "tracer/arch/arch.h"

#include <string.h>

const uint8_t arch_syscall_insn[] = { 0x01, 0x00, 0x00, 0xd4 }; /* svc #0 */
const size_t arch_syscall_insn_bytes = sizeof(arch_syscall_insn);
const struct arch_old_requests arch_old_requests = { .has_user = false };

enum {
	STACK_ALIGNMENT_BYTES = 16, /* aapcs64, "The Stack"; there is no red zone */
	X_RESULT = 0,
	X_SYSCALL = 8,
	X_GOROUTINE = 28,
	X_LINK = 30,
};

taddr_t arch_pc(const struct user_regs_struct *regs)
{
	return taddr(regs->pc);
}

void arch_set_pc(struct user_regs_struct *regs, taddr_t pc)
{
	regs->pc = pc.value;
}

taddr_t arch_sp(const struct user_regs_struct *regs)
{
	return taddr(regs->sp);
}

void arch_set_sp(struct user_regs_struct *regs, taddr_t sp)
{
	regs->sp = sp.value;
}

long arch_syscall_number(const struct user_regs_struct *regs)
{
	(void)regs;
	return MACHINE_NO_SYSCALL;
}

bool arch_is_in_syscall(const struct user_regs_struct *regs)
{
	return arch_syscall_number(regs) >= 0;
}

bool arch_syscall_is_cut(const struct user_regs_struct *regs)
{
	return arch_is_in_syscall(regs);
}

void arch_syscall_leave(struct user_regs_struct *regs)
{
	(void)regs;
}

void arch_syscall_prepare(struct user_regs_struct *regs, taddr_t insn, long number,
			  const uint64_t arguments[6])
{
	arch_set_pc(regs, insn);
	regs->regs[X_SYSCALL] = (unsigned long)number;
	for (int i = 0; i < 6; i++)
		regs->regs[i] = arguments[i];
}

long arch_syscall_result(const struct user_regs_struct *regs)
{
	return (long)regs->regs[X_RESULT];
}

void arch_syscall_arguments(const struct user_regs_struct *regs, uint64_t ret[6])
{
	for (int i = 0; i < 6; i++)
		ret[i] = regs->regs[i];
}

taddr_t arch_syscall_insn_before(const struct user_regs_struct *regs)
{
	return taddr(regs->pc - arch_syscall_insn_bytes);
}

void arch_syscall_return(struct user_regs_struct *regs, long result)
{
	regs->regs[X_RESULT] = (unsigned long)result;
}

void arch_syscall_repeat(struct user_regs_struct *regs)
{
	arch_set_pc(regs, arch_syscall_insn_before(regs));
}

uint64_t arch_argument(const struct user_regs_struct *regs, unsigned index)
{
	return regs->regs[index];
}

void arch_set_argument(struct user_regs_struct *regs, unsigned index, uint64_t value)
{
	regs->regs[index] = value;
}

uint64_t arch_return_value(const struct user_regs_struct *regs)
{
	return regs->regs[X_RESULT];
}

taddr_t arch_stack_below(taddr_t sp, size_t bytes)
{
	uint64_t top = sp.value - bytes;
	return taddr(top - top % STACK_ALIGNMENT_BYTES);
}

void arch_dwarf_registers(const struct user_regs_struct *regs, uint64_t ret[ARCH_DWARF_REGISTERS])
{
	memcpy(ret, regs->regs, sizeof(regs->regs));
	ret[MACHINE_REGISTER_SP] = regs->sp;
	ret[MACHINE_REGISTER_PC] = regs->pc;
}

bool arch_is_supported(const struct user_regs_struct *regs)
{
	enum { PSTATE_IS_32_BIT = 1 << 4 }; /* PSR_MODE32_BIT, asm/ptrace.h */
	return (regs->pstate & PSTATE_IS_32_BIT) == 0 && regs->pc != 0;
}

void arch_goroutine(const struct user_regs_struct *regs, taddr_t *ret_register, taddr_t *ret_at)
{
	*ret_register = taddr(regs->regs[X_GOROUTINE]);
	*ret_at = taddr(0); /* it is in that register in every ABI */
}
