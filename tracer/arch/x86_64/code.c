/* x86-64: what code looks like: calls, returns, the signal trampoline, system calls (arch layer). */
#include "tracer/arch/arch.h"

#include <errno.h>
#include <string.h>

#include <Zydis/Zydis.h>

const uint8_t arch_syscall_insn[] = { 0x0f, 0x05 };
const size_t arch_syscall_insn_bytes = sizeof(arch_syscall_insn);

void arch_syscall_prepare(struct user_regs_struct *regs, taddr_t insn, long number,
			  const uint64_t arguments[6])
{
	regs->rip = insn.value;
	regs->rax = (unsigned long)number;
	/* Not inside a system call: otherwise the kernel might restart the interrupted one. */
	regs->orig_rax = (unsigned long)-1;
	regs->rdi = arguments[0];
	regs->rsi = arguments[1];
	regs->rdx = arguments[2];
	regs->r10 = arguments[3];
	regs->r8 = arguments[4];
	regs->r9 = arguments[5];
}

uint64_t arch_argument(const struct user_regs_struct *regs, unsigned index)
{
	const unsigned long long all[] = { regs->rdi, regs->rsi, regs->rdx, regs->rcx };
	return all[index];
}

void arch_set_argument(struct user_regs_struct *regs, unsigned index, uint64_t value)
{
	unsigned long long *const all[] = { &regs->rdi, &regs->rsi, &regs->rdx, &regs->rcx };
	*all[index] = value;
}

enum { RED_ZONE_BYTES = 128, STACK_ALIGNMENT_BYTES = 64 };

taddr_t arch_stack_below(const struct user_regs_struct *regs, size_t bytes)
{
	uint64_t top = regs->rsp - RED_ZONE_BYTES - bytes;
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
	regs->orig_rax = (unsigned long)-1;
	regs->rdi = all[0];
	regs->rsi = all[1];
	regs->rdx = all[2];
	regs->rcx = all[3];
	regs->r8 = all[4];
	/* psABI 3.2.2: 16-byte aligned before the return address is pushed. */
	regs->rsp = below.value - below.value % STACK_ALIGNMENT_BYTES - ARCH_RETURN_ADDRESS_BYTES;
}

long arch_syscall_result(const struct user_regs_struct *regs)
{
	return (long)regs->rax;
}

long arch_syscall_number(const struct user_regs_struct *regs)
{
	return (long)regs->orig_rax;
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
	/* Not inside a system call any more: it is not to be restarted. */
	regs->orig_rax = (unsigned long)-1;
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

bool arch_is_in_syscall(const struct user_regs_struct *regs)
{
	return (long)regs->orig_rax >= 0;
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

bool arch_is_supported(const struct user_regs_struct *regs)
{
	enum { USER_64_CS = 0x33 }; /* __USER_CS, asm/segment.h; 0x23 is compatibility mode */
	return regs->cs == USER_64_CS;
}

bool arch_ends_with_call(const uint8_t *before, size_t bytes)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;

	/* Instruction lengths cannot be read backwards: any call that would end here will do. */
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (size_t length = 2; length <= bytes && length <= ARCH_INSN_BYTES_MAX; length++) {
		const uint8_t *code = before + bytes - length;
		if (ZYAN_SUCCESS(
			    ZydisDecoderDecodeInstruction(&decoder, NULL, code, length, &insn)) &&
		    insn.length == length && insn.mnemonic == ZYDIS_MNEMONIC_CALL)
			return true;
	}
	return false;
}

bool arch_is_sigreturn(const uint8_t *code, size_t bytes)
{
	/* mov $15 (__NR_rt_sigreturn), %rax or %eax; syscall: what glibc, musl and Go use. */
	static const uint8_t with_rax[] = { 0x48, 0xc7, 0xc0, 0x0f, 0, 0, 0, 0x0f, 0x05 };
	static const uint8_t with_eax[] = { 0xb8, 0x0f, 0, 0, 0, 0x0f, 0x05 };

	return (bytes >= sizeof(with_rax) && memcmp(code, with_rax, sizeof(with_rax)) == 0) ||
	       (bytes >= sizeof(with_eax) && memcmp(code, with_eax, sizeof(with_eax)) == 0);
}

static bool branches_out(const ZydisDecodedInstruction *insn, size_t at, size_t bytes)
{
	if (!insn->raw.imm[0].is_relative) /* through a register or memory: a jump table, perhaps */
		return insn->mnemonic == ZYDIS_MNEMONIC_JMP;
	return at + insn->length + (uint64_t)insn->raw.imm[0].value.s >= bytes;
}

bool arch_sigreturn_frame(const struct user_regs_struct *regs, taddr_t *ret_pc_at,
			  taddr_t *ret_sp_at)
{
	/* The stack pointer is at the frame's ucontext (asm/ucontext.h, asm/sigcontext.h): flags, link
	 * and stack, 40 bytes; then r8 to r15, di, si, bp, bx, dx, ax, cx, sp, ip. */
	enum { NR_RT_SIGRETURN = 15, UC_SP = 40 + 15 * 8, UC_IP = 40 + 16 * 8 };

	*ret_sp_at = taddr(regs->rsp + UC_SP);
	*ret_pc_at = taddr(regs->rsp + UC_IP);
	return regs->orig_rax == NR_RT_SIGRETURN;
}

void arch_scan_function(const uint8_t *code, size_t bytes, taddr_t start, taddr_t *returns,
			size_t capacity, struct arch_function_traits *ret)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;
	size_t at;

	*ret = (struct arch_function_traits){ 0 };
	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	for (at = 0; at < bytes; at += insn.length) {
		if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code + at,
								bytes - at, &insn)))
			break;
		if (insn.mnemonic == ZYDIS_MNEMONIC_RET) {
			if (ret->return_count < capacity)
				returns[ret->return_count] = taddr_add(start, at);
			ret->return_count++;
			if (insn.raw.imm[0].size == 16) /* ret imm16 */
				ret->popped_bytes = (uint16_t)insn.raw.imm[0].value.u;
		}
		if (insn.mnemonic == ZYDIS_MNEMONIC_CALL)
			continue;
		uint64_t target = at + insn.length + (uint64_t)insn.raw.imm[0].value.s;
		if (insn.raw.imm[0].is_relative && target == 0)
			ret->reenters = true;
		if (branches_out(&insn, at, bytes))
			ret->leaves_by_jump = true;
	}
	if (at != bytes || bytes == 0) /* not all of it was understood */
		ret->leaves_by_jump = true;
}

static enum arch_flow flow_of(const ZydisDecodedInstruction *insn)
{
	const bool has_target = insn->raw.imm[0].is_relative;

	switch (insn->meta.category) {
	case ZYDIS_CATEGORY_RET:
		return ARCH_FLOW_RETURN;
	case ZYDIS_CATEGORY_COND_BR:
		return has_target ? ARCH_FLOW_BRANCH : ARCH_FLOW_ON;
	case ZYDIS_CATEGORY_UNCOND_BR:
		return has_target ? ARCH_FLOW_JUMP : ARCH_FLOW_AWAY;
	default:
		break;
	}
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
	case ZYDIS_MNEMONIC_INT3:
		return ARCH_FLOW_NOWHERE;
	default:
		return ARCH_FLOW_ON;
	}
}

bool arch_decode(const uint8_t *code, size_t bytes, taddr_t address, struct arch_insn *ret)
{
	ZydisDecoder decoder;
	ZydisDecodedInstruction insn;

	ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, NULL, code, bytes, &insn)))
		return false;
	*ret = (struct arch_insn){
		.bytes = insn.length,
		.is_call = insn.meta.category == ZYDIS_CATEGORY_CALL,
		.is_padding = insn.mnemonic == ZYDIS_MNEMONIC_NOP,
		.flow = flow_of(&insn),
	};
	if (ret->flow == ARCH_FLOW_BRANCH || ret->flow == ARCH_FLOW_JUMP)
		ret->target = taddr_add(address, insn.length + (uint64_t)insn.raw.imm[0].value.s);
	return true;
}

taddr_t arch_returned_address(const struct user_regs_struct *regs)
{
	return taddr(regs->rax);
}

void arch_goroutine(const struct user_regs_struct *regs, taddr_t *ret_register, taddr_t *ret_at)
{
	*ret_register = taddr(regs->r14);
	*ret_at = taddr(regs->fs_base - 8);
}
