/*
 * For unit tests of generated code: runs it natively, in this process, from a machine state that the test
 * chooses, and shows the state it leaves.
 */
#ifndef TESTS_UNIT_TRACER_MACHINE_H
#define TESTS_UNIT_TRACER_MACHINE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/user.h>

enum {
	MACHINE_STACK_BYTES = 1 << 16,
	MACHINE_ABOVE_BYTES = 512, /* of the stack, above the stack pointer */
	MACHINE_RED_ZONE_BYTES = 128,
	MACHINE_EXIT_BYTES = 21,

	MACHINE_CF = 1 << 0,
	MACHINE_PF = 1 << 2,
	MACHINE_AF = 1 << 4,
	MACHINE_ZF = 1 << 6,
	MACHINE_SF = 1 << 7,
	MACHINE_TF = 1 << 8,
	MACHINE_DF = 1 << 10,
	MACHINE_OF = 1 << 11,
	MACHINE_AC = 1 << 18,
	MACHINE_FLAGS = MACHINE_CF | MACHINE_PF | MACHINE_AF | MACHINE_ZF | MACHINE_SF |
			MACHINE_DF | MACHINE_OF | MACHINE_AC,
	MACHINE_FLAG_COMBINATIONS = 64, /* of those that arithmetic changes */
};

struct machine {
	struct user_regs_struct regs; /* all but the segments, fs_base and orig_rax */
	uint8_t xmm[16][16];
};

/* Goes to @in->regs.rip; returns when control gets to machine_exit, with the state there. */
void machine_run(const struct machine *in, struct machine *ret);
extern const uint8_t machine_exit[];

/* Offsets are those of struct user_regs_struct (sys/user.h); xmm0 is at 216. */
#define MACHINE_XMM(move)                                                                          \
	move(0) move(1) move(2) move(3) move(4) move(5) move(6) move(7) move(8) move(9) move(10)   \
		move(11) move(12) move(13) move(14) move(15)
#define MACHINE_XMM_LOAD(n) "	movdqu	216+16*" #n "(%rax), %xmm" #n "\n"
#define MACHINE_XMM_STORE(n) "	movdqu	%xmm" #n ", 216+16*" #n "(%rax)\n"

__asm__("	.pushsection .bss\n"
	"	.balign	8\n"
	"machine_sp:	.skip	8\n"
	"machine_out:	.skip	8\n"
	"machine_rax:	.skip	8\n"
	"machine_pc:	.skip	8\n"
	"	.popsection\n"
	"	.pushsection .text\n"
	"	.globl	machine_run\n"
	"	.globl	machine_exit\n"
	"machine_run:\n"
	"	pushq	%rbx\n	pushq	%rbp\n	pushq	%r12\n"
	"	pushq	%r13\n	pushq	%r14\n	pushq	%r15\n"
	"	movq	%rsp, machine_sp(%rip)\n"
	"	movq	%rsi, machine_out(%rip)\n"
	"	movq	%rdi, %rax\n" MACHINE_XMM(MACHINE_XMM_LOAD) /* load all */
	"	movq	0(%rax), %r15\n	movq	8(%rax), %r14\n	movq	16(%rax), %r13\n"
	"	movq	24(%rax), %r12\n	movq	32(%rax), %rbp\n	movq	40(%rax), "
	"%rbx\n"
	"	movq	48(%rax), %r11\n	movq	56(%rax), %r10\n	movq	64(%rax), "
	"%r9\n"
	"	movq	72(%rax), %r8\n	movq	88(%rax), %rcx\n	movq	96(%rax), %rdx\n"
	"	movq	104(%rax), %rsi\n	movq	128(%rax), %rdi\n"
	"	movq	%rdi, machine_pc(%rip)\n"
	"	movq	112(%rax), %rdi\n"
	"	pushq	144(%rax)\n"
	"	popfq\n"
	"	movq	152(%rax), %rsp\n"
	"	movq	80(%rax), %rax\n"
	"	jmp	*machine_pc(%rip)\n"
	"machine_exit:\n"
	"	movq	%rax, machine_rax(%rip)\n"
	"	movq	machine_out(%rip), %rax\n"
	"	movq	%r15, 0(%rax)\n	movq	%r14, 8(%rax)\n	movq	%r13, 16(%rax)\n"
	"	movq	%r12, 24(%rax)\n	movq	%rbp, 32(%rax)\n	movq	%rbx, "
	"40(%rax)\n"
	"	movq	%r11, 48(%rax)\n	movq	%r10, 56(%rax)\n	movq	%r9, "
	"64(%rax)\n"
	"	movq	%r8, 72(%rax)\n	movq	%rcx, 88(%rax)\n	movq	%rdx, 96(%rax)\n"
	"	movq	%rsi, 104(%rax)\n	movq	%rdi, 112(%rax)\n	movq	%rsp, "
	"152(%rax)\n"
	"	movq	machine_rax(%rip), %rcx\n"
	"	movq	%rcx, 80(%rax)\n"
	"	movq	machine_sp(%rip), %rsp\n"
	"	pushfq\n"
	"	popq	144(%rax)\n"
	"	pushq	$0x202\n"
	"	popfq\n" MACHINE_XMM(MACHINE_XMM_STORE) /* store all */
	"	popq	%r15\n	popq	%r14\n	popq	%r13\n"
	"	popq	%r12\n	popq	%rbp\n	popq	%rbx\n"
	"	ret\n"
	"	.popsection\n");

static uint8_t machine_stack[MACHINE_STACK_BYTES] __attribute__((aligned(64)));

static inline uint8_t machine_stack_byte(size_t index)
{
	return (uint8_t)(index * 37 + 11);
}

/* Different numbers everywhere, also in the stack, of which the red zone is part. */
static inline void machine_fill(struct machine *machine, uint64_t flags)
{
	memset(machine, 0, sizeof(*machine));
	uint8_t *bytes = (uint8_t *)machine;
	for (size_t i = 0; i < sizeof(*machine); i++)
		bytes[i] = (uint8_t)(i * 151 + 7);
	for (size_t i = 0; i < sizeof(machine_stack); i++)
		machine_stack[i] = machine_stack_byte(i);
	machine->regs.eflags = 0x202 | flags;
	machine->regs.rsp =
		(uintptr_t)(machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES);
}

/* Combination @index of the flags that arithmetic changes. */
static inline uint64_t machine_flags(unsigned index)
{
	static const uint64_t flags[] = { MACHINE_CF, MACHINE_PF, MACHINE_AF,
					  MACHINE_ZF, MACHINE_SF, MACHINE_OF };
	uint64_t ret = 0;
	for (unsigned i = 0; i < 6; i++)
		ret |= index & 1u << i ? flags[i] : 0;
	return ret;
}

/* What differs: all registers but the pc, flags, vector registers. NULL: nothing. */
static inline const char *machine_difference(const struct machine *a, const struct machine *b)
{
	static const struct {
		const char *name;
		size_t offset;
	} fields[] = {
#define MACHINE_FIELD(name) { #name, offsetof(struct user_regs_struct, name) }
		MACHINE_FIELD(r15), MACHINE_FIELD(r14), MACHINE_FIELD(r13), MACHINE_FIELD(r12),
		MACHINE_FIELD(rbp), MACHINE_FIELD(rbx), MACHINE_FIELD(r11), MACHINE_FIELD(r10),
		MACHINE_FIELD(r9),  MACHINE_FIELD(r8),	MACHINE_FIELD(rax), MACHINE_FIELD(rcx),
		MACHINE_FIELD(rdx), MACHINE_FIELD(rsi), MACHINE_FIELD(rdi), MACHINE_FIELD(rsp),
#undef MACHINE_FIELD
	};
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (memcmp((const uint8_t *)&a->regs + fields[i].offset,
			   (const uint8_t *)&b->regs + fields[i].offset, sizeof(uint64_t)) != 0)
			return fields[i].name;
	if ((a->regs.eflags ^ b->regs.eflags) & MACHINE_FLAGS)
		return "eflags";
	return memcmp(a->xmm, b->xmm, sizeof(a->xmm)) != 0 ? "a vector register" : NULL;
}

/* Whether it is as machine_fill made it, from so far below the stack pointer on, but for the word there. */
static inline int machine_stack_is_whole_from(size_t below_bytes)
{
	const size_t sp = sizeof(machine_stack) - MACHINE_ABOVE_BYTES;
	for (size_t i = sp - below_bytes; i < sizeof(machine_stack); i++)
		if ((i < sp || i >= sp + sizeof(uint64_t)) &&
		    machine_stack[i] != machine_stack_byte(i))
			return 0;
	return 1;
}

/* Likewise, the red zone and all above. */
static inline int machine_stack_is_whole(void)
{
	return machine_stack_is_whole_from(MACHINE_RED_ZONE_BYTES);
}

/* Whether all below the red zone is as machine_fill made it: no handler of a signal has run. */
static inline int machine_stack_is_whole_below(void)
{
	const size_t sp = sizeof(machine_stack) - MACHINE_ABOVE_BYTES;
	for (size_t i = 0; i < sp - MACHINE_RED_ZONE_BYTES; i++)
		if (machine_stack[i] != machine_stack_byte(i))
			return 0;
	return 1;
}

/* Writes a jump to machine_exit to @code, MACHINE_EXIT_BYTES at most; it changes nothing. */
static inline void machine_write_exit(uint8_t *code)
{
	static const uint8_t jmp_next_8_bytes[] = { 0xff, 0x25, 0, 0, 0, 0 };
	uint64_t target = (uintptr_t)machine_exit;

	/* Aligned, as alignment may be checked. */
	while ((uintptr_t)(code + sizeof(jmp_next_8_bytes)) % sizeof(target) != 0)
		*code++ = 0x90;
	memcpy(code, jmp_next_8_bytes, sizeof(jmp_next_8_bytes));
	memcpy(code + sizeof(jmp_next_8_bytes), &target, sizeof(target));
}

#endif
