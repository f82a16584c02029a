/*
 * Unit tests of displacing several instructions: windows are relocated for real and run, a jump in their
 * place; all registers must be as the original code leaves them, and at each instruction the point that
 * the window gives must be a state which the original code has been in.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

#include <cmocka.h>

#include "tests/unit/tracer/machine.h"
#include "tracer/arch/pad.h"

/* The instructions between the labels `site` and `after` are displaced. Control leaves at the end. */
#define SEQUENCE(name, window, behind)                                                             \
	extern const uint8_t name##_site[], name##_after[], name##_end[];                          \
	__asm__(".pushsection .text\n" #name "_site:\n" window "\n" #name "_after:\n" behind       \
		"\n" #name "_end:\n.popsection\n")

SEQUENCE(seq_prologue, "push %rbp\nmov %rsp,%rbp\nsub $16,%rsp", "leave");
SEQUENCE(seq_one, "mov $0x12345678,%eax", "nop");
SEQUENCE(seq_bytes, "push %rax\npop %rdx\npush %rdi\npop %rsi\nnop", "nop");
SEQUENCE(seq_rip_load, "mov 1f(%rip),%rax\nadd %rdi,%rax", "jmp 2f\n1: .quad 1234567\n2:");
SEQUENCE(seq_rip_behind, "nop\nlea 1f(%rip),%rax", "add %rdi,%rax\n1: nop");
SEQUENCE(seq_jz, "test %rdi,%rdi\njz 1f\ninc %rax", "inc %rdx\n1: inc %rcx");
SEQUENCE(seq_jg_near, "cmp $3,%rdi\njg 1f\ninc %rax", ".skip 200,0x90\n1: inc %rcx");
SEQUENCE(seq_jnz_last, "inc %edx\ntest %edi,%edi\njnz 1f", "inc %rbx\n1: inc %rcx");
SEQUENCE(seq_jns_to_site, "nop\ndec %rdi\njns seq_jns_to_site_site", "inc %rcx");
SEQUENCE(seq_jrcxz, "mov %rdi,%rcx\njrcxz 1f\njrcxz 1f\ninc %eax", "inc %edx\n1: inc %ebx");
SEQUENCE(seq_jecxz_last, "mov %rdi,%rcx\njecxz 1f", "inc %edx\n1: inc %ebx");
SEQUENCE(seq_loop_mid, "lea 1(%rdi),%rcx\nloop 1f\ninc %eax", "jmp 2f\n1: inc %edx\n2: nop");
SEQUENCE(seq_loop_to_site, "and $7,%ecx\ninc %eax\nloop seq_loop_to_site_site", "nop");
SEQUENCE(seq_call, "nop\nnop\ncall 1f", "inc %ecx\njmp 2f\n1: mov (%rsp),%rax\nret\n2:");
SEQUENCE(seq_call_alone, "call 1f", "inc %ecx\njmp 2f\n1: mov (%rsp),%rax\nret\n2:");
SEQUENCE(seq_call_reg, "lea 1f(%rip),%r11\ncall *%r11", "jmp 2f\n1: mov (%rsp),%rax\nret\n2:");
SEQUENCE(seq_call_rsp, "lea 1f(%rip),%r11\npush %r11\ncall *(%rsp)",
	 "pop %r11\njmp 2f\n1: mov (%rsp),%rax\nret\n2:");
SEQUENCE(seq_call_rip, "lea 1f(%rip),%r11\nmov %r11,3f(%rip)\ncall *3f(%rip)",
	 "jmp 2f\n1: mov (%rsp),%rax\nret\n.balign 8\n3: .quad 0\n2: nop");
SEQUENCE(seq_jmp, "inc %edi\ninc %eax\njmp 1f", "ud2\n1: inc %edx");
SEQUENCE(seq_jmp_reg, "lea 1f(%rip),%rdx\njmp *%rdx", "ud2\n1: inc %eax");
SEQUENCE(seq_ret, "lea 1f(%rip),%rdx\npush %rdx\nret", "ud2\n1: inc %eax");
SEQUENCE(seq_sse, "pxor %xmm1,%xmm1\nmovsd 1f(%rip),%xmm0", "jmp 2f\n.balign 8\n1: .double 41\n2:");

struct sequence {
	const char *name;
	const uint8_t *site, *after, *end;
};
#define ENTRY(n)                                                                                   \
	{                                                                                          \
#n, n##_site, n##_after, n##_end                                                   \
	}
static const struct sequence sequences[] = {
	ENTRY(seq_prologue),	 ENTRY(seq_one),      ENTRY(seq_bytes),	     ENTRY(seq_rip_load),
	ENTRY(seq_rip_behind),	 ENTRY(seq_jz),	      ENTRY(seq_jg_near),    ENTRY(seq_jnz_last),
	ENTRY(seq_jns_to_site),	 ENTRY(seq_jrcxz),    ENTRY(seq_jecxz_last), ENTRY(seq_loop_mid),
	ENTRY(seq_loop_to_site), ENTRY(seq_call),     ENTRY(seq_call_alone), ENTRY(seq_call_reg),
	ENTRY(seq_call_rsp),	 ENTRY(seq_jmp),      ENTRY(seq_jmp_reg),    ENTRY(seq_ret),
	ENTRY(seq_sse),		 ENTRY(seq_call_rip),
};
enum { SEQUENCE_COUNT = sizeof(sequences) / sizeof(sequences[0]) };

enum { AREA_BYTES = 1 << 20, WINDOW_OFFSET = AREA_BYTES / 2, STATES_MAX = 1000 };
enum { STATE_REGS = REG_EFL + 1 }; /* of ucontext.h: the general registers, the pc and the flags */

/* What the handler of steps writes down: the states of the original code, then what fails to be one. */
static struct {
	const uint8_t *area;
	const struct arch_window *window; /* NULL: the original is running */
	greg_t states[STATES_MAX][STATE_REGS];
	unsigned count;
	unsigned in_window;
	const char *failure;
	uint64_t failed_offset;
} steps;

static bool was_state(const greg_t *state)
{
	for (unsigned i = 0; i < steps.count; i++)
		if (memcmp(steps.states[i], state, sizeof(steps.states[i])) == 0)
			return true;
	return false;
}

static const struct arch_slot_point *point_at(uint64_t offset)
{
	for (unsigned i = 0; i < steps.window->point_count; i++)
		if (steps.window->points[i].offset_bytes == offset)
			return &steps.window->points[i];
	return NULL;
}

static void on_step(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	greg_t *gregs = ((ucontext_t *)context)->uc_mcontext.gregs;
	const uint64_t offset = (uint64_t)gregs[REG_RIP] - (uintptr_t)steps.area;
	greg_t state[STATE_REGS];

	memcpy(state, gregs, sizeof(state));
	if (steps.window == NULL) {
		if (offset < AREA_BYTES && steps.count < STATES_MAX)
			memcpy(steps.states[steps.count++], state, sizeof(state));
		return;
	}
	if (offset - WINDOW_OFFSET >= steps.window->code_bytes)
		return;
	steps.in_window++;
	const struct arch_slot_point *point = point_at(offset - WINDOW_OFFSET);
	if (point != NULL) {
		state[REG_RIP] = (greg_t)point->pc.value;
		state[REG_RSP] += point->sp_bytes;
		if (was_state(state))
			return;
	}
	steps.failure = point == NULL ? "it has no point" : "its point is no state";
	steps.failed_offset = offset - WINDOW_OFFSET;
}

static void run(const uint8_t *area, uint64_t number, uint64_t flags, struct machine *ret)
{
	struct machine in;
	machine_fill(&in, flags);
	in.regs.rip = (uintptr_t)area;
	in.regs.rdi = number;
	*ret = in;
	machine_run(&in, ret);
	ret->regs.eflags &= ~(uint64_t)MACHINE_TF;
}

static void check_sequence(const struct sequence *s, uint8_t *area, uint64_t number, uint64_t flags)
{
	const size_t window_bytes = (size_t)(s->after - s->site);
	uint8_t *to = area + WINDOW_OFFSET;
	struct machine expected, got;
	struct arch_window window;

	memcpy(area, s->site, (size_t)(s->end - s->site));
	machine_write_exit(area + (s->end - s->site));
	memset(&steps, 0, sizeof(steps));
	steps.area = area;
	run(area, number, flags | MACHINE_TF, &expected);
	assert_in_range(steps.count, 2, STATES_MAX - 1);

	struct error *err = arch_relocate_window(area, window_bytes, taddr((uintptr_t)area),
						 taddr((uintptr_t)to), &window);
	if (err != NULL)
		fail_msg("%s: %s", s->name, error_message(err));
	assert_int_equal(window.original_bytes, window_bytes);
	assert_false(window.is_syscall);
	memcpy(to, window.code, window.code_bytes);
	assert_true(arch_jump_build(taddr((uintptr_t)area), taddr((uintptr_t)to), area));
	memset(area + ARCH_JUMP_BYTES, 0xcc, window_bytes - ARCH_JUMP_BYTES);
	steps.window = &window;
	run(area, number, flags | MACHINE_TF, &got);
	if (steps.failure != NULL)
		fail_msg("%s(%lu) at %#lx: %s", s->name, (unsigned long)number,
			 (unsigned long)steps.failed_offset, steps.failure);
	assert_in_range(steps.in_window, 1, STATES_MAX);
	const char *difference = machine_difference(&expected, &got);
	if (difference != NULL)
		fail_msg("%s(%lu): %s differs", s->name, (unsigned long)number, difference);
}

static void test_displaced_windows_do_the_same(void **state)
{
	(void)state;
	uint8_t *area = mmap(NULL, AREA_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
			     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(area, MAP_FAILED);
	struct sigaction action = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };
	assert_int_equal(sigaction(SIGTRAP, &action, NULL), 0);

	for (size_t i = 0; i < SEQUENCE_COUNT; i++)
		for (uint64_t number = 0; number < 6; number++)
			check_sequence(&sequences[i], area, number, machine_flags(number * 13));
	munmap(area, AREA_BYTES);
}

static void test_refused_windows(void **state)
{
	(void)state;
	static const struct {
		const char *why; /* part of the message */
		uint8_t bytes;
		uint8_t code[24];
	} refused[] = {
		{ "cannot be displaced", 0, { 0x90 } },
		{ "no known instruction", 5, { 0x90, 0x90, 0x90, 0x90, 0x48, 0x89, 0xe5 } },
		{ "no known instruction", 5, { 0x90, 0x90, 0x90, 0x90, 0x06 } },
		{ "displaced alone", 5, { 0x0f, 0x05, 0x90, 0x90, 0x90 } },	 /* syscall */
		{ "displaced alone", 5, { 0x90, 0x90, 0x90, 0x0f, 0x05 } },	 /* syscall */
		{ "displaced alone", 5, { 0x90, 0x90, 0x90, 0x0f, 0x34 } },	 /* sysenter */
		{ "displaced alone", 5, { 0x90, 0xcd, 0x80, 0x90, 0x90 } },	 /* int $0x80 */
		{ "of the program's own", 5, { 0x90, 0x90, 0x90, 0x90, 0xcc } }, /* int3 */
		{ "of the program's own", 5, { 0xf1, 0x90, 0x90, 0x90, 0x90 } }, /* int1 */
		{ "not the last", 6, { 0xe8, 0x10, 0, 0, 0, 0x90 } },		 /* call */
		{ "not the last", 5, { 0xff, 0xd0, 0x90, 0x90, 0x90 } },	 /* call *%rax */
		{ "not the last", 5, { 0xeb, 0x10, 0x90, 0x90, 0x90 } },	 /* jmp */
		{ "not the last", 5, { 0xff, 0xe0, 0x90, 0x90, 0x90 } },	 /* jmp *%rax */
		{ "not the last", 5, { 0x90, 0xc3, 0x90, 0x90, 0x90 } },	 /* ret */
		{ "not the last", 5, { 0x48, 0xcf, 0x90, 0x90, 0x90 } },	 /* iretq */
		{ "not the last", 5, { 0x0f, 0x0b, 0x90, 0x90, 0x90 } },	 /* ud2 */
		{ "not the last", 5, { 0xf4, 0x90, 0x90, 0x90, 0x90 } },	 /* hlt */
		{ "branches to what", 5, { 0x90, 0x74, 0xfe, 0x90, 0x90 } },	 /* jz to itself */
		{ "branches to what", 5, { 0x74, 0x02, 0x90, 0x90, 0x90 } },	 /* jz ahead */
		{ "branches to what", 5, { 0x74, 0xff, 0x90, 0x90, 0x90 } }, /* jz to its byte 1 */
		{ "branches to what", 6, { 0x90, 0xe8, 0xfc, 0xff, 0xff, 0xff } },     /* call */
		{ "branches to what", 5, { 0x90, 0x90, 0x90, 0xe2, 0xfc } },	       /* loop */
		{ "refers to what", 7, { 0x48, 0x8d, 0x05, 0xfa, 0xff, 0xff, 0xff } }, /* lea 1 */
		{ "operand-size", 7, { 0x90, 0x66, 0xe9, 0, 0, 0, 0 } },	       /* jmpw */
		{ "too many", 20, { 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
				    0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90 } },
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct arch_window window;
		struct error *err = arch_relocate_window(refused[i].code, refused[i].bytes,
							 taddr(0x1000), taddr(0x2000), &window);
		if (err == NULL)
			fail_msg("row %zu was not refused: %s", i, refused[i].why);
		if (strstr(error_message(err), refused[i].why) == NULL)
			fail_msg("row %zu: %s", i, error_message(err));
		assert_int_equal(error_code(err), ERR_FORMAT);
		error_free(err);
	}
}

/* What is refused in company, or when more bytes are patched, may go alone. */
static void test_alone(void **state)
{
	(void)state;
	static const uint8_t syscall_insn[] = { 0x0f, 0x05 };
	static const uint8_t ud2_last[] = { 0x90, 0x90, 0x90, 0x0f, 0x0b };
	static const uint8_t lea_entry[] = { 0x48, 0x8d, 0x05, 0xf9, 0xff, 0xff, 0xff };
	struct arch_window window;

	assert_null(arch_relocate_window(syscall_insn, sizeof(syscall_insn), taddr(0x1000),
					 taddr(0x2000), &window));
	assert_true(window.is_syscall);
	assert_int_equal(window.point_count, 2);
	assert_int_equal(window.points[1].pc.value, 0x1002);
	assert_null(arch_relocate_window(ud2_last, sizeof(ud2_last), taddr(0x1000), taddr(0x2000),
					 &window));
	assert_int_equal(window.points[3].offset_bytes, 3);
	assert_int_equal(window.points[3].pc.value, 0x1003);
	assert_null(arch_relocate_window(lea_entry, sizeof(lea_entry), taddr(0x1000), taddr(0x2000),
					 &window));

	/* A trap at the site patches one byte: its slot may branch into the rest of the instruction. */
	static const uint8_t jz_into_itself[] = { 0x74, 0xff };
	struct arch_slot slot;
	assert_null(arch_relocate(jz_into_itself, sizeof(jz_into_itself), taddr(0x1000),
				  taddr(0x2000), &slot));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_displaced_windows_do_the_same),
		cmocka_unit_test(test_refused_windows),
		cmocka_unit_test(test_alone),
	};
	return cmocka_run_group_tests_name("relocate_window", tests, NULL, NULL);
}
