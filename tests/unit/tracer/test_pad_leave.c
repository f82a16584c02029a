/*
 * Unit tests of leaving a jump pad: each pad is stepped through by the trap flag, and at every instruction
 * the thread is taken out, once on a copy and once for real.
 */
#include "tests/unit/tracer/pad_ways.h"

#include <signal.h>
#include <ucontext.h>

enum { STEPS_MAX = 200 };

/* What the handler of steps does, and what it has seen. */
static struct {
	const struct pad_world *world;
	enum arch_pad_kind kind;
	enum way way;
	struct machine in;
	unsigned leave_at; /* the step at which the thread is taken out for real; STEPS_MAX: none */
	unsigned
		publish_at; /* likewise, all that is written is published, as in a stop of the thread */
	bool is_published;
	unsigned steps; /* in the pad's own code */
	enum arch_pad_stage left_at_stage;
	unsigned seen[ARCH_PAD_TRAP + 1];
	const char *failure;
	uint64_t failed_offset;
} steps;

/* By kind and offset: where some way has led, in all tests. */
static bool was_at[ARCH_PAD_RETURNED + 1][ARCH_PAD_BYTES_MAX];

static void regs_of_context(const greg_t *gregs, struct user_regs_struct *ret)
{
	*ret = (struct user_regs_struct){
		.r15 = (uint64_t)gregs[REG_R15],
		.r14 = (uint64_t)gregs[REG_R14],
		.r13 = (uint64_t)gregs[REG_R13],
		.r12 = (uint64_t)gregs[REG_R12],
		.rbp = (uint64_t)gregs[REG_RBP],
		.rbx = (uint64_t)gregs[REG_RBX],
		.r11 = (uint64_t)gregs[REG_R11],
		.r10 = (uint64_t)gregs[REG_R10],
		.r9 = (uint64_t)gregs[REG_R9],
		.r8 = (uint64_t)gregs[REG_R8],
		.rax = (uint64_t)gregs[REG_RAX],
		.rcx = (uint64_t)gregs[REG_RCX],
		.rdx = (uint64_t)gregs[REG_RDX],
		.rsi = (uint64_t)gregs[REG_RSI],
		.rdi = (uint64_t)gregs[REG_RDI],
		.rip = (uint64_t)gregs[REG_RIP],
		.eflags = (uint64_t)gregs[REG_EFL],
		.rsp = (uint64_t)gregs[REG_RSP],
		.orig_rax = 17,
	};
}

static void context_of_regs(const struct user_regs_struct *regs, greg_t *gregs)
{
	const struct {
		int index;
		uint64_t value;
	} values[] = {
		{ REG_R15, regs->r15 }, { REG_R14, regs->r14 }, { REG_R13, regs->r13 },
		{ REG_R12, regs->r12 }, { REG_RBP, regs->rbp }, { REG_RBX, regs->rbx },
		{ REG_R11, regs->r11 }, { REG_R10, regs->r10 }, { REG_R9, regs->r9 },
		{ REG_R8, regs->r8 },	{ REG_RAX, regs->rax }, { REG_RCX, regs->rcx },
		{ REG_RDX, regs->rdx }, { REG_RSI, regs->rsi }, { REG_RDI, regs->rdi },
		{ REG_RIP, regs->rip }, { REG_RSP, regs->rsp }, { REG_EFL, regs->eflags },
	};
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		gregs[values[i].index] = (greg_t)values[i].value;
}

/* Why these registers, left at @stage, are not those of the program at the site. */
static const char *left_wrongly(const struct user_regs_struct *left, enum arch_pad_stage stage,
				const struct arch_pad_owed *owed, bool is_at_return_address)
{
	const struct pad_world *world = steps.world;
	const uint64_t site = (uintptr_t)world->area;
	const uint64_t displaced = site + PAD_WORLD_PAD_OFFSET + world->pad.displaced_offset;
	struct machine machine = steps.in;

	machine.regs = *left;
	if (stage == ARCH_PAD_NOT_IN)
		return "it was not left";
	if (!is_at_return_address)
		return "the stack pointer is not at the return address";
	if (left->rip != (stage == ARCH_PAD_BEFORE ? site : displaced))
		return "the pc is wrong";
	if (arch_is_in_syscall(left))
		return "a system call is in progress";
	if (!way_drops(steps.kind, steps.way) && !steps.is_published &&
	    (stage == ARCH_PAD_RECORDED) != way_has_recorded(world, steps.kind, steps.way, owed))
		return "the record is not what the stage says";
	return machine_difference(&steps.in, &machine);
}

/* Whether a thread there, in a pad that has this, can be unwound by who knows nothing of pads. */
static bool is_at_return_address(uint64_t offset, const struct user_regs_struct *regs)
{
	const struct pad_world *world = steps.world;
	const uint64_t sp = steps.in.regs.rsp;

	if (steps.kind == ARCH_PAD_CALLED)
		return regs->rsp == sp;
	return steps.kind != ARCH_PAD_RETURNED || regs->rsp == sp - 8 ||
	       offset == world->pad.entry_offset || offset == world->pad.trap_offset ||
	       (offset > world->pad.trap_offset && offset < world->pad.entry_offset);
}

/* Takes a thread with @regs out, on a copy. Returns the registers it then has. */
static enum arch_pad_stage leave(uint64_t offset, const struct user_regs_struct *regs,
				 struct user_regs_struct *ret, struct arch_pad_owed *ret_owed)
{
	uint64_t stack[ARCH_PAD_STACK_WORDS];

	memcpy(stack, (const void *)(uintptr_t)arch_pad_stack(steps.kind, offset, regs).value,
	       sizeof(stack));
	*ret = *regs;
	enum arch_pad_stage stage =
		arch_pad_leave(steps.kind, offset, taddr((uintptr_t)steps.world->area), ret, stack,
			       ARCH_PAD_STACK_WORDS, ret_owed);
	const char *failure =
		left_wrongly(ret, stage, ret_owed, is_at_return_address(offset, regs));
	if (failure != NULL && steps.failure == NULL) {
		steps.failure = failure;
		steps.failed_offset = offset;
	}
	was_at[steps.kind][offset] = true;
	return stage;
}

/*
 * The trap flag shows no step directly behind a system call, where a signal that comes during it does find
 * the thread. So that state is made: the result in rax, the pc in rcx, the flags in r11.
 */
static void leave_behind_syscall(uint64_t offset, const struct user_regs_struct *regs)
{
	struct user_regs_struct behind = *regs, left;
	struct arch_pad_owed owed;

	if (memcmp((const void *)(uintptr_t)regs->rip, arch_syscall_insn,
		   arch_syscall_insn_bytes) != 0)
		return;
	behind.rip += arch_syscall_insn_bytes;
	behind.rcx = behind.rip;
	behind.r11 = behind.eflags;
	behind.rax = 24;
	leave(offset + arch_syscall_insn_bytes, &behind, &left, &owed);
	/* And where the kernel is about to make it anew: it would look at rax. */
	behind.rax = (uint64_t)-512; /* -ERESTARTSYS */
	leave(offset + arch_syscall_insn_bytes, &behind, &left, &owed);
}

static void on_step(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	greg_t *gregs = ((ucontext_t *)context)->uc_mcontext.gregs;
	const struct pad_world *world = steps.world;
	const uint64_t to = (uintptr_t)world->area + PAD_WORLD_PAD_OFFSET;
	const uint64_t offset = (uint64_t)gregs[REG_RIP] - to;
	struct user_regs_struct regs, left;
	struct arch_pad_owed owed;

	if (offset >= world->pad.displaced_offset) { /* not yet in it, or no longer */
		if (offset < world->pad.code_bytes)
			gregs[REG_EFL] &= ~(greg_t)MACHINE_TF;
		return;
	}
	regs_of_context(gregs, &regs);
	enum arch_pad_stage stage = leave(offset, &regs, &left, &owed);
	leave_behind_syscall(offset, &regs);
	steps.seen[stage]++;
	if (steps.steps == steps.publish_at) {
		world->ring->published = world->ring->head;
		steps.is_published = true;
	}
	if (steps.steps++ == steps.leave_at) {
		if (owed.sum.value != 0)
			arch_pad_pay(&owed, way_sum(world));
		steps.left_at_stage = stage;
		context_of_regs(&left, gregs);
		gregs[REG_EFL] &= ~(greg_t)MACHINE_TF;
	}
}

static int set_up_steps(void **state)
{
	(void)state;
	struct sigaction action = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };
	return sigaction(SIGTRAP, &action, NULL);
}

/* One run through the pad, by steps. The machine must be as it was, however the pad was left. */
static void step_through(struct pad_world *world, enum arch_pad_kind kind, enum way way,
			 uint64_t flags, unsigned leave_at, unsigned publish_at)
{
	struct machine out;

	memset(&steps, 0, sizeof(steps));
	steps.world = world;
	steps.kind = kind;
	steps.way = way;
	steps.leave_at = leave_at;
	steps.publish_at = publish_at;
	way_reset(world, kind, way);
	pad_world_fill(world, &steps.in, flags);
	struct machine in = steps.in;
	in.regs.eflags |= MACHINE_TF;
	out = in;
	machine_run(&in, &out);
	if (steps.failure != NULL)
		fail_msg("at %#lx, flags %#lx: %s", (unsigned long)steps.failed_offset,
			 (unsigned long)flags, steps.failure);
	pad_world_check(world, &steps.in, &out);
}

static void leave_everywhere(enum arch_pad_kind kind, enum way way)
{
	static const struct arch_pad_owed nothing;
	struct pad_world world;
	way_init(&world, kind, way);
	const unsigned combinations =
		way == WAY_FAST || way == WAY_NO_THREAD ? MACHINE_FLAG_COMBINATIONS : 4;

	for (unsigned i = 0; i < combinations; i++) {
		step_through(&world, kind, way, machine_flags(i * 21 % 64), STEPS_MAX, STEPS_MAX);
		assert_int_equal(way_has_recorded(&world, kind, way, &nothing),
				 way_records(kind, way));
		assert_in_range(steps.steps, 16, STEPS_MAX - 1);
		assert_true(steps.seen[ARCH_PAD_BEFORE] > 8);
		assert_true(way_records(kind, way) || way_drops(kind, way)
				    ? steps.seen[ARCH_PAD_RECORDED] >= 6
				    : steps.seen[ARCH_PAD_TRAP] == 1);
	}
	const unsigned count = steps.steps;
	for (unsigned i = 0; i < count; i++) {
		step_through(&world, kind, way, machine_flags(i * 5 % 64), i, STEPS_MAX);
		assert_int_equal(steps.steps, i + 1);
		if (!way_drops(kind, way))
			assert_int_equal(way_has_recorded(&world, kind, way, &nothing),
					 steps.left_at_stage == ARCH_PAD_RECORDED);
		/* What was read but not published must be read again. */
		assert_true(world.ring->memory_tsc == 0 || world.ring->head == 2);
	}
	pad_world_deinit(&world);
}

/* In a stop at any instruction, all that is written is published; the call is still recorded once. */
static void publish_everywhere(enum arch_pad_kind kind)
{
	struct pad_world world;
	unsigned summed = 0, recorded = 0;
	way_init(&world, kind, WAY_WORD);
	const uint32_t before = way_head(kind, WAY_WORD);

	step_through(&world, kind, WAY_WORD, 0, STEPS_MAX, STEPS_MAX);
	const unsigned count = steps.steps;
	for (unsigned i = 0; i < count; i++) {
		step_through(&world, kind, WAY_WORD, machine_flags(i * 5 % 64), STEPS_MAX, i);
		const struct arch_pad_ring *ring = world.ring;
		if (ring->head < before) {
			summed++;
			assert_int_equal(way_sum(&world)->count, 1);
			assert_int_equal(ring->published, 0);
			continue;
		}
		recorded++;
		assert_int_equal(ring->head, before + 1);
		assert_true(ring->published == ring->head ||
			    arch_pad_records_as(kind) == ARCH_PAD_ENTRY);
		assert_int_equal(way_sum(&world)->count, 0);
	}
	assert_true(recorded > 10);
	assert_int_equal(summed > 10, arch_pad_records_as(kind) == ARCH_PAD_RETURN);
	pad_world_deinit(&world);
}

static void test_what_was_kept_back_is_published_meanwhile(void **state)
{
	(void)state;
	publish_everywhere(ARCH_PAD_ENTRY);
	publish_everywhere(ARCH_PAD_RETURN);
	publish_everywhere(ARCH_PAD_CALLED);
	publish_everywhere(ARCH_PAD_RETURNED);
}

static void test_entry_is_left(void **state)
{
	(void)state;
	for (unsigned way = 0; way < WAY_COUNT; way++)
		leave_everywhere(ARCH_PAD_ENTRY, (enum way)way);
}

static void test_low_pads_are_left(void **state)
{
	(void)state;
	for (unsigned way = 0; way < WAY_COUNT; way++) {
		leave_everywhere(ARCH_PAD_CALLED, (enum way)way);
		leave_everywhere(ARCH_PAD_RETURNED, (enum way)way);
	}
}

static void test_return_is_left(void **state)
{
	(void)state;
	for (unsigned way = 0; way < WAY_COUNT; way++)
		leave_everywhere(ARCH_PAD_RETURN, (enum way)way);
}

static void test_frame_is_left(void **state)
{
	(void)state;
	for (unsigned way = 0; way < WAY_COUNT; way++) {
		leave_everywhere(ARCH_PAD_FRAME_SP, (enum way)way);
		leave_everywhere(ARCH_PAD_FRAME_BP, (enum way)way);
	}
}

static void test_mark_is_left(void **state)
{
	(void)state;
	for (unsigned way = 0; way < WAY_COUNT; way++)
		leave_everywhere(ARCH_PAD_MARK, (enum way)way);
}

/* The tests before this one have seen every instruction of all pads. */
static void test_every_place_was_seen(void **state)
{
	(void)state;
	static const enum arch_pad_kind kinds[] = { PAD_WORLD_KINDS };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pad_world world;
		struct arch_insn insn;
		pad_world_init(&world, kinds[i]);
		const uint8_t *code = world.pad.code;
		/* In front of its code, there are its words. */
		for (uint16_t at = ARCH_PAD_WORDS_BYTES; at < world.pad.displaced_offset;
		     at += insn.bytes) {
			assert_true(arch_decode(code + at, sizeof(world.pad.code) - at, taddr(0),
						&insn));
			bool is_gap = code[at] == arch_trap_insn[0] && at != world.pad.trap_offset;
			if (was_at[kinds[i]][at] == is_gap)
				fail_msg("kind %zu: nobody was at %#x", i, at);
		}
		pad_world_deinit(&world);
	}
}

/* At no place in the pad is a thread left that is not there, or without what it needs. */
static void test_is_not_in(void **state)
{
	(void)state;
	static const enum arch_pad_kind kinds[] = { PAD_WORLD_KINDS };
	const uint64_t stack[ARCH_PAD_STACK_WORDS] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct arch_pad_layout *layout = arch_pad_layout(kinds[i]);
		const struct user_regs_struct before = { .rip = 0x10000, .rax = 1, .orig_rax = 2 };
		struct user_regs_struct regs = before;
		struct arch_pad_owed owed;
		assert_int_equal(arch_pad_leave(kinds[i], layout->displaced_offset, taddr(0x1000),
						&regs, stack, ARCH_PAD_STACK_WORDS, &owed),
				 ARCH_PAD_NOT_IN);
		assert_memory_equal(&regs, &before, sizeof(regs));
		assert_int_equal(arch_pad_leave(kinds[i], 0, taddr(0x1000), &regs, stack, 3, &owed),
				 ARCH_PAD_NOT_IN);
		assert_memory_equal(&regs, &before, sizeof(regs));
		/* At the entry, nothing of the stack is needed. */
		assert_int_equal(arch_pad_leave(kinds[i], layout->entry_offset, taddr(0x1000),
						&regs, NULL, 0, &owed),
				 ARCH_PAD_BEFORE);
		assert_int_equal(regs.rip, 0x1000);
		assert_int_equal(regs.rax, 1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_entry_is_left),
		cmocka_unit_test(test_return_is_left),
		cmocka_unit_test(test_mark_is_left),
		cmocka_unit_test(test_low_pads_are_left),
		cmocka_unit_test(test_frame_is_left),
		cmocka_unit_test(test_what_was_kept_back_is_published_meanwhile),
		cmocka_unit_test(test_every_place_was_seen),
		cmocka_unit_test(test_is_not_in),
	};
	return cmocka_run_group_tests_name("pad_leave", tests, set_up_steps, NULL);
}
