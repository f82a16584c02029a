/*
 * Unit tests of displacing instructions: each is relocated for real, into memory of our own beside
 * the original, and both are run and compared.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <cmocka.h>

#include "tracer/arch/arch.h"
#include "tracer/probe/code/function_traits.h"

/*
 * Each sequence gets a number in %rdi and a pointer to 8 numbers in %rsi, and returns a number in
 * %rax. The instruction between the labels `site` and `after` is the one that is displaced.
 */
#define SEQUENCE(name, before, insn, behind)                                                       \
	extern const uint8_t name##_begin[], name##_site[], name##_end[];                          \
	__asm__(".pushsection .text\n" #name "_begin:\n" before "\n" #name "_site:\n" insn         \
		"\n" behind "\n" #name "_end:\n.popsection\n")

SEQUENCE(seq_copy, "mov %rdi,%rax", "add $5,%rax", "ret");
SEQUENCE(seq_endbr, "mov %rdi,%rax", "endbr64", "ret");
SEQUENCE(seq_push, "mov %rdi,%rax", "push %rbp", "pop %rbp\nret");
SEQUENCE(seq_ret, "mov %rdi,%rax", "ret", "ud2");
SEQUENCE(seq_rip_load, "", "mov 1f(%rip),%rax", "add %rdi,%rax\nret\n1: .quad 1234567");
SEQUENCE(seq_rip_lea, "", "lea 1f(%rip),%rax", "mov (%rax),%rax\nret\n1: .quad 99");
SEQUENCE(seq_eip_lea, "", "lea 1f(%eip),%eax", "lea 1f(%rip),%rdx\nsub %edx,%eax\nret\n1: nop");
SEQUENCE(seq_rip_cmp_imm, "", "cmpl $77,1f(%rip)", "sete %al\nmovzbl %al,%eax\nret\n1: .long 77");
SEQUENCE(seq_jmp_short, "mov %rdi,%rax", "jmp 1f", "ud2\n1: ret");
SEQUENCE(seq_jmp_near, "mov %rdi,%rax", "jmp 1f", ".skip 300,0x90\nud2\n1: ret");
SEQUENCE(seq_jz_short, "mov $1,%eax\ntest %rdi,%rdi", "jz 1f", "ret\n1: mov $2,%eax\nret");
SEQUENCE(seq_jg_near, "mov $1,%eax\ncmp $3,%rdi", "jg 1f",
	 "ret\n.skip 300,0x90\n1: mov $2,%eax\nret");
SEQUENCE(seq_jrcxz, "mov $1,%eax\nmov %rdi,%rcx", "jrcxz 1f", "ret\n1: mov $2,%eax\nret");
SEQUENCE(seq_loop, "mov $1,%eax\nmov %rdi,%rcx\ninc %rcx", "loop 1f", "ret\n1: mov $2,%eax\nret");
SEQUENCE(seq_call, "", "call 1f",
	 "add %rdi,%rax\nret\n1: mov (%rsp),%rax\nmov (%rax),%al\nmovzbl %al,%eax\nret");
SEQUENCE(seq_call_reg, "lea 1f(%rip),%rdx", "call *%rdx",
	 "add %rdi,%rax\nret\n1: mov $7,%eax\nret");
SEQUENCE(seq_call_r11, "lea 1f(%rip),%r11", "call *%r11",
	 "add %rdi,%rax\nret\n1: mov $7,%eax\nret");
SEQUENCE(seq_call_mem, "lea 1f(%rip),%rdx\nmov %rdx,8(%rsi)", "call *8(%rsi)",
	 "add %rdi,%rax\nret\n1: mov $8,%eax\nret");
SEQUENCE(seq_call_rsp, "lea 1f(%rip),%rdx\npush %rdx\npush $0", "call *8(%rsp)",
	 "add $16,%rsp\nadd %rdi,%rax\nret\n1: mov $9,%eax\nret");
SEQUENCE(seq_call_padded, "lea 1f(%rip),%rdx\nmov %rdx,8(%rsi)", ".byte 0x66, 0x48\ncall *8(%rsi)",
	 "add %rdi,%rax\nret\n1: mov $5,%eax\nret");
SEQUENCE(seq_call_index, "lea 1f(%rip),%rdx\nmov %rdx,24(%rsi)\nmov $3,%ecx", "call *(%rsi,%rcx,8)",
	 "add %rdi,%rax\nret\n1: mov $6,%eax\nret");
SEQUENCE(seq_push_rsp, "push $42", "push (%rsp)", "pop %rax\npop %rdx\nadd %rdx,%rax\nret");
SEQUENCE(seq_ret_imm, "pop %rdx\npush $0\npush %rdx\nmov %rdi,%rax", "ret $8", "ud2");
SEQUENCE(seq_lock_rip, "mov $3,%eax", "lock xadd %rax,(%rsi)", "add (%rsi),%rax\nret");
SEQUENCE(seq_sse_rip, "", "movsd 1f(%rip),%xmm1",
	 "cvttsd2si %xmm1,%rax\nret\n.balign 8\n1: .double 41.0");

struct sequence {
	const char *name;
	const uint8_t *begin, *site, *end;
};
#define ENTRY(n)                                                                                   \
	{                                                                                          \
#n, n##_begin, n##_site, n##_end                                                   \
	}
static const struct sequence sequences[] = {
	ENTRY(seq_copy),     ENTRY(seq_endbr),	  ENTRY(seq_push),	  ENTRY(seq_ret),
	ENTRY(seq_rip_load), ENTRY(seq_rip_lea),  ENTRY(seq_rip_cmp_imm), ENTRY(seq_jmp_short),
	ENTRY(seq_jmp_near), ENTRY(seq_jz_short), ENTRY(seq_jg_near),	  ENTRY(seq_jrcxz),
	ENTRY(seq_loop),     ENTRY(seq_call),	  ENTRY(seq_call_reg),	  ENTRY(seq_call_r11),
	ENTRY(seq_call_mem), ENTRY(seq_call_rsp), ENTRY(seq_call_index),  ENTRY(seq_push_rsp),
	ENTRY(seq_ret_imm),  ENTRY(seq_lock_rip), ENTRY(seq_sse_rip),	  ENTRY(seq_eip_lea),
};
enum { SEQUENCE_COUNT = sizeof(sequences) / sizeof(sequences[0]) };

typedef uint64_t (*sequence_fn)(uint64_t number, uint64_t *numbers);

static uint64_t run_at(const uint8_t *code, uint64_t number)
{
	uint64_t numbers[8] = { 11, 12, 13, 14, 15, 16, 17, 18 };
	sequence_fn fn;
	memcpy(&fn, &code, sizeof(fn));
	return fn(number, numbers);
}

/* As the engine does it: the trap at the site sends the pc to the slot. */
static uint8_t *trap_slot;

static void on_trap(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)trap_slot;
}

static void displace(const struct sequence *s, uint8_t *copy, uint8_t *slot_memory)
{
	struct arch_slot slot;
	uint8_t *site = copy + (s->site - s->begin);

	memcpy(copy, s->begin, (size_t)(s->end - s->begin));
	struct error *err = arch_relocate(site, ARCH_INSN_BYTES_MAX, taddr((uintptr_t)site),
					  taddr((uintptr_t)slot_memory), &slot);
	if (err != NULL)
		fail_msg("%s: %s", s->name, error_message(err));
	memcpy(slot_memory, slot.code, slot.code_bytes);
	memcpy(site, arch_trap_insn, arch_trap_insn_bytes);
	trap_slot = slot_memory;
	assert_in_range(slot.point_count, 1, ARCH_SLOT_POINTS_MAX);
	assert_int_equal(slot.points[0].offset_bytes, 0);
	assert_int_equal(slot.points[0].pc.value, (uintptr_t)site);
}

static void test_displaced_code_does_the_same(void **state)
{
	(void)state;
	enum { AREA_BYTES = 1 << 20 };
	uint8_t *area = mmap(NULL, AREA_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };
	assert_int_equal(sigaction(SIGTRAP, &action, NULL), 0);

	for (size_t i = 0; i < SEQUENCE_COUNT; i++) {
		displace(&sequences[i], area, area + AREA_BYTES / 2);
		for (uint64_t number = 0; number < 8; number++) {
			uint64_t expected = run_at(sequences[i].begin, number);
			uint64_t got = run_at(area, number);
			if (got != expected)
				fail_msg("%s(%lu): %lu, not %lu", sequences[i].name,
					 (unsigned long)number, (unsigned long)got,
					 (unsigned long)expected);
		}
	}
	munmap(area, AREA_BYTES);
}

static void test_refused_instructions(void **state)
{
	(void)state;
	static const struct {
		uint8_t code[ARCH_INSN_BYTES_MAX];
	} refused[] = {
		{ { 0xcc } },			      /* int3 */
		{ { 0xff, 0xd4 } },		      /* call *%rsp */
		{ { 0xff, 0x1e } },		      /* lcall *(%rsi) */
		{ { 0x67, 0xff, 0x15, 0, 0, 0, 0 } }, /* call *(%eip) */
		{ { 0x06 } },			      /* invalid in 64-bit mode */
		{ { 0x66, 0xe9, 0, 0, 0, 0 } },	      /* jmpw */
		{ { 0x67, 0xff, 0x14, 0x25 } },	      /* call *0 by 32 bits */
		{ { 0x66, 0xff, 0x13 } },	      /* callw *(%rbx) */
		{ { 0xc4, 0xe1, 0x70, 0x85 } },	      /* jknzd of Knights Corner */
		{ { 0xff, 0x54, 0x24, 0xf8 } },	      /* call *-8(%rsp) */
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arch_slot slot;
		struct error *err = arch_relocate(refused[i].code, ARCH_INSN_BYTES_MAX,
						  taddr(0x1000), taddr(0x2000), &slot);
		assert_non_null(err);
		error_free(err);
	}
}

static void test_out_of_reach_is_refused(void **state)
{
	(void)state;
	static const uint8_t rip_load[ARCH_INSN_BYTES_MAX] = { 0x48, 0x8b, 0x05, 1, 2, 3, 4 };
	struct arch_slot slot;
	struct error *err = arch_relocate(rip_load, sizeof(rip_load), taddr(0x1000),
					  taddr(UINT64_C(0x7fff00000000)), &slot);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_FORMAT);
	error_free(err);
}

/* Every instruction boundary of a slot is a point: a signal may stop a thread at each of them. */
static void test_call_points(void **state)
{
	(void)state;
	static const uint8_t call_rel[ARCH_INSN_BYTES_MAX] = { 0xe8, 0x10, 0, 0, 0 };
	struct arch_slot slot;
	assert_null(arch_relocate(call_rel, sizeof(call_rel), taddr(0x1000), taddr(0x9000), &slot));
	assert_int_equal(slot.point_count, 2);
	assert_int_equal(slot.points[1].offset_bytes, 6);
	assert_int_equal(slot.points[1].pc.value, 0x1015);
	assert_int_equal(slot.points[1].sp_bytes, 0);

	static const uint8_t call_reg[ARCH_INSN_BYTES_MAX] = { 0xff, 0xd0 };
	assert_null(arch_relocate(call_reg, sizeof(call_reg), taddr(0x1000), taddr(0x9000), &slot));
	assert_int_equal(slot.points[1].pc.value, 0x1000);
	assert_int_equal(slot.points[1].sp_bytes, 8);

	/* call *8(%esp): the copy has pushed when it reads. */
	static const uint8_t call_esp[ARCH_INSN_BYTES_MAX] = { 0x67, 0xff, 0x54, 0x24, 0x08 };
	static const uint8_t jmp_esp[] = { 0x67, 0xff, 0x64, 0x24, 0x10 };
	assert_null(arch_relocate(call_esp, sizeof(call_esp), taddr(0x1000), taddr(0x9000), &slot));
	assert_memory_equal(slot.code + slot.points[1].offset_bytes, jmp_esp, sizeof(jmp_esp));
}

static void test_ends_with_call(void **state)
{
	(void)state;
	static const uint8_t direct[] = { 0x90, 0xe8, 1, 2, 3, 4 };
	static const uint8_t indirect[] = { 0x41, 0xff, 0xd3 };
	static const uint8_t memory[] = { 0xff, 0x15, 1, 2, 3, 4 };
	static const uint8_t nothing[] = { 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90 };
	assert_true(arch_ends_with_call(direct, sizeof(direct)));
	assert_true(arch_ends_with_call(indirect, sizeof(indirect)));
	assert_true(arch_ends_with_call(memory, sizeof(memory)));
	assert_false(arch_ends_with_call(nothing, sizeof(nothing)));
	assert_false(arch_ends_with_call(nothing, 0));
}

static void test_scan_function(void **state)
{
	(void)state;
	/* 1: dec %edi; jnz 1b; ret; nop; ret */
	static const uint8_t code[] = { 0xff, 0xcf, 0x75, 0xfc, 0xc3, 0x90, 0xc3 };
	taddr_t returns[1];
	struct function_traits traits;
	assert_null(function_traits_find(code, sizeof(code), taddr(0x100), returns, 1, &traits));
	assert_true(traits.reenters);
	assert_false(traits.leaves_by_jump);
	assert_int_equal(traits.return_count, 2);
	assert_int_equal(returns[0].value, 0x104);

	/* jmp 0x200 */
	static const uint8_t tail[] = { 0xe9, 0xfb, 0x01, 0, 0 };
	assert_null(function_traits_find(tail, sizeof(tail), taddr(0x100), NULL, 0, &traits));
	assert_true(traits.leaves_by_jump);
	assert_false(traits.reenters);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_displaced_code_does_the_same),
		cmocka_unit_test(test_refused_instructions),
		cmocka_unit_test(test_out_of_reach_is_refused),
		cmocka_unit_test(test_call_points),
		cmocka_unit_test(test_ends_with_call),
		cmocka_unit_test(test_scan_function),
	};
	return cmocka_run_group_tests_name("relocate", tests, NULL, NULL);
}
