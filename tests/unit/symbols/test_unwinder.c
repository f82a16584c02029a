/*
 * Unit tests of the unwinder: a child sleeps at the end of a chain of calls of known shape, and is
 * looked at from outside, without ptrace.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/unit/unwind_fixture.h"
#include "tests/unit/unwind_frames.h"

enum { STEPS = 16, CAPACITY = 64, ALTERNATE_BYTES = 65536 };

/* Where signals are handled: on the stack they interrupt, or at lower or higher addresses. */
enum signal_stack { SAME, BELOW, ABOVE };

/* A child that sleeps, what it noted, and how it is looked at. */
struct sleeper {
	pid_t pid;
	struct step *steps; /* shared with it; owned */
	size_t count;
	struct observed observed;
	struct unwind_memory memory;
	struct unwind_registers registers; /* pc and sp alone */
};

/* What was found. */
struct found {
	struct unwind_frame frames[CAPACITY];
	size_t count;
	enum unwind_end end;
};

static void child_run(struct step *steps, enum signal_stack where)
{
	struct sigaction action = {
		.sa_sigaction = frame_on_signal,
		.sa_flags = SA_SIGINFO | SA_ONSTACK,
	};
	char above[ALTERNATE_BYTES];
	stack_t stack = { .ss_size = ALTERNATE_BYTES, .ss_sp = above };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (where == BELOW)
		stack.ss_sp = mmap(NULL, stack.ss_size, PROT_READ | PROT_WRITE,
				   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (where != SAME)
		sigaltstack(&stack, NULL);
	sigaction(SIGILL, &action, NULL);
	steps->function(steps);
	_exit(1);
}

/* Starts a child that makes the calls @functions, and waits until it sleeps. Skips the test where
 * another process's memory cannot be read. */
static void sleeper_start(struct sleeper *ret, enum signal_stack where,
			  void (*const functions[])(struct step *), size_t count)
{
	long call = -1;

	ret->count = count;
	ret->steps = mmap(NULL, STEPS * sizeof(struct step), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(ret->steps != MAP_FAILED && count <= STEPS);
	for (size_t i = 0; i < count; i++)
		ret->steps[i].function = functions[i];
	ret->pid = fork();
	assert_true(ret->pid >= 0);
	if (ret->pid == 0)
		child_run(ret->steps, where);
	while (!observed_sleep(ret->pid, ret->pid, &ret->registers, &call) || call != SYS_pause) {
		if (waitpid(ret->pid, NULL, WNOHANG) != 0)
			fail_msg("the child ended");
		sched_yield();
	}
	if (!observed_open(&ret->observed, ret->pid)) {
		print_message("skipped: /proc/PID/mem: %s\n", strerror(errno));
		kill(ret->pid, SIGKILL);
		waitpid(ret->pid, NULL, 0);
		skip();
	}
	ret->memory = (struct unwind_memory){ observed_read, observed_find_elf, &ret->observed };
}

#define START(sleeper_, where_, ...)                                                               \
	do {                                                                                       \
		static void (*const functions_[])(struct step *) = { __VA_ARGS__ };                \
		sleeper_start(sleeper_, where_, functions_,                                        \
			      sizeof(functions_) / sizeof(functions_[0]));                         \
	} while (0)

static void sleeper_end(struct sleeper *sleeper)
{
	kill(sleeper->pid, SIGKILL);
	assert_int_equal(waitpid(sleeper->pid, NULL, 0), sleeper->pid);
	munmap(sleeper->steps, STEPS * sizeof(struct step));
	observed_close(&sleeper->observed);
}

static void sleeper_learn(struct sleeper *sleeper, uint32_t registers)
{
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
		if ((registers >> i & 1) != 0)
			sleeper->registers.values[i] =
				sleeper->steps[sleeper->count - 1].registers[i];
	sleeper->registers.known |= registers;
}

static struct found sleeper_unwind(const struct sleeper *sleeper)
{
	struct found found;

	assert_null(unwind_frames(&sleeper->memory, &sleeper->registers, found.frames, CAPACITY,
				  &found.count, &found.end));
	assert_true(found.count <= CAPACITY);
	return found;
}

/* The innermost frame, and those that the steps from the last one down to @step return to. Returns
 * the index of the last of these frames. */
static size_t expect_steps(const struct sleeper *sleeper, const struct found *found, size_t step)
{
	size_t last = sleeper->count - 1;

	assert_true(found->count > sleeper->count - step);
	assert_int_equal(found->frames[0].pc.value, (uintptr_t)frame_parked_at);
	assert_int_equal(found->frames[0].sp.value, sleeper->steps[last].cfa - 8);
	assert_true(found->frames[0].is_exact);
	for (size_t i = step; i <= last; i++) {
		const struct unwind_frame *frame = &found->frames[last - i + 1];
		assert_int_equal(frame->sp.value, sleeper->steps[i].cfa);
		assert_int_equal(frame->pc.value, sleeper->steps[i].return_address);
		assert_false(frame->is_exact);
	}
	return last - step + 1;
}

/* In C, as the compiler likes it; the variable array makes it need rbp. */
static __attribute__((noinline)) void frame_in_c(struct step *step)
{
	volatile unsigned char room[step->registers[0] + 40];

	room[0] = 1;
	step->cfa = (uintptr_t)__builtin_dwarf_cfa();
	step->return_address = (uintptr_t)__builtin_return_address(0);
	step[1].function(step + 1);
	room[1] = room[0];
}

static void test_all_registers(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_in_c, frame_in_c, frame_by_rbp, frame_in_c, frame_by_sp,
	      frame_saves_rbp, frame_by_rbp, frame_in_c, frame_parks);
	sleeper_learn(&sleeper, KEPT_REGISTERS);
	struct found found = sleeper_unwind(&sleeper);
	size_t at = expect_steps(&sleeper, &found, 0);
	/* child_run, sleeper_start, a test, cmocka, main, libc, _start. */
	assert_int_equal(found.end, UNWIND_COMPLETE);
	assert_true(found.count >= at + 6);
	sleeper_end(&sleeper);
}

static void test_pc_and_sp_alone(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_by_rbp, frame_by_sp, frame_by_sp, frame_parks);
	struct found found = sleeper_unwind(&sleeper);
	/* The last frame is frame_by_rbp's own. */
	assert_int_equal(expect_steps(&sleeper, &found, 1), 3);
	assert_int_equal(found.count, 4);
	assert_int_equal(found.end, UNWIND_NEEDS_REGISTERS);
	sleeper_learn(&sleeper, 1 << 6);
	found = sleeper_unwind(&sleeper);
	assert_int_equal(expect_steps(&sleeper, &found, 0), 4);
	sleeper_end(&sleeper);
}

/* What a function saved is known, whoever lacks the register now. */
static void test_saved_register(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_by_sp, frame_by_rbp, frame_by_sp, frame_saves_rbp, frame_by_sp,
	      frame_parks);
	struct found found = sleeper_unwind(&sleeper);
	assert_int_equal(expect_steps(&sleeper, &found, 0), 6);
	sleeper_end(&sleeper);
}

static void test_sp_or_pc_unknown(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_by_sp, frame_parks);
	for (unsigned i = 0; i < 2; i++) {
		sleeper.registers.known = UNWIND_REGISTER_BIT(i == 0 ? UNWIND_PC : UNWIND_SP);
		struct found found = sleeper_unwind(&sleeper);
		assert_int_equal(found.count, 0);
		assert_int_equal(found.end, UNWIND_NEEDS_REGISTERS);
	}
	sleeper_end(&sleeper);
}

/* No following of rbp, even if it would be right. */
static void test_without_cfi(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_by_rbp, frame_without_cfi, frame_by_sp, frame_parks);
	sleeper_learn(&sleeper, KEPT_REGISTERS);
	struct found found = sleeper_unwind(&sleeper);
	assert_int_equal(expect_steps(&sleeper, &found, 2), 2);
	assert_int_equal(found.count, 3);
	assert_int_equal(found.end, UNWIND_LOST);
	sleeper_end(&sleeper);
}

static void check_signal(enum signal_stack where)
{
	struct sleeper sleeper;
	START(&sleeper, where, frame_by_sp, frame_by_rbp, frame_stops, frame_by_sp, frame_saves_rbp,
	      frame_parks);
	/* Even frame_by_rbp's rbp is known: the signal frame has all registers. */
	struct found found = sleeper_unwind(&sleeper);
	size_t at = expect_steps(&sleeper, &found, 3) + 1;
	assert_true(found.count > at + 3);
	assert_true(found.frames[at].is_exact);
	assert_int_equal(found.frames[at].pc.value, (uintptr_t)frame_stopped_at);
	assert_int_equal(found.frames[at].sp.value, sleeper.steps[2].cfa - STOPPED_BYTES);
	for (size_t i = 0; i < 3; i++) {
		const struct unwind_frame *frame = &found.frames[at + 1 + i];
		assert_false(frame->is_exact);
		assert_int_equal(frame->pc.value, sleeper.steps[2 - i].return_address);
		assert_int_equal(frame->sp.value, sleeper.steps[2 - i].cfa);
	}
	sleeper_end(&sleeper);
}

static void test_signal(void **state)
{
	(void)state;
	check_signal(SAME);
}

static void test_signal_on_alternate_stack(void **state)
{
	(void)state;
	check_signal(BELOW);
	check_signal(ABOVE);
}

static void test_capacity(void **state)
{
	(void)state;
	struct sleeper sleeper;
	START(&sleeper, SAME, frame_by_sp, frame_by_sp, frame_by_sp, frame_parks);
	sleeper_learn(&sleeper, KEPT_REGISTERS);
	struct found whole = sleeper_unwind(&sleeper);
	assert_int_equal(whole.end, UNWIND_COMPLETE);
	for (size_t capacity = 0; capacity <= whole.count; capacity++) {
		struct unwind_frame *frames = calloc(capacity + 1, sizeof(*frames));
		size_t count = 99;
		enum unwind_end end;
		assert_non_null(frames);
		assert_null(unwind_frames(&sleeper.memory, &sleeper.registers, frames, capacity,
					  &count, &end));
		assert_int_equal(count, capacity);
		assert_int_equal(end, capacity < whole.count ? UNWIND_LOST : UNWIND_COMPLETE);
		assert_int_equal(frames[capacity].pc.value, 0);
		free(frames);
	}
	sleeper_end(&sleeper);
}

/* Memory of which one read goes wrong. */
struct damaged {
	struct observed *observed;
	size_t reads;	   /* so far */
	size_t bad_read;   /* this one */
	unsigned one_in;   /* so many of its bytes are changed; 0: none can be read */
	bool has_bad_file; /* find_elf names some other address */
};

static size_t damaged_read(void *context, taddr_t from, void *ret, size_t bytes)
{
	struct damaged *damaged = context;
	size_t count = observed_read(damaged->observed, from, ret, bytes);
	unsigned char *data = ret;

	if (damaged->reads++ != damaged->bad_read)
		return count;
	if (damaged->one_in == 0)
		return count * (size_t)(random() % 100) / 100;
	for (size_t i = 0; i < count; i++)
		if (random() % damaged->one_in == 0)
			data[i] = (unsigned char)random();
	return count;
}

static bool damaged_find_elf(void *context, taddr_t pc, taddr_t *ret_header)
{
	struct damaged *damaged = context;

	if (!observed_find_elf(damaged->observed, pc, ret_header))
		return false;
	if (damaged->has_bad_file)
		*ret_header = taddr_add(*ret_header, (uint64_t)random() % 4096);
	return true;
}

static void test_damaged_memory(void **state)
{
	(void)state;
	enum { ROUNDS = 6000 };
	static const unsigned densities[] = { 0, 2, 16, 64, 64, 256 };
	size_t ended[3] = { 0 };
	struct sleeper sleeper;
	START(&sleeper, BELOW, frame_in_c, frame_stops, frame_by_rbp, frame_by_sp, frame_in_c,
	      frame_parks);
	sleeper_learn(&sleeper, KEPT_REGISTERS);
	sleeper.observed.reads = 0;
	assert_int_equal(sleeper_unwind(&sleeper).end, UNWIND_COMPLETE);
	size_t reads = sleeper.observed.reads;

	srandom(41);
	for (int round = 0; round < ROUNDS; round++) {
		struct damaged damaged = {
			.observed = &sleeper.observed,
			.bad_read = (size_t)random() % reads,
			.one_in = densities[random() % 6],
			.has_bad_file = random() % 100 == 0,
		};
		struct found found;
		struct unwind_memory memory = { damaged_read, damaged_find_elf, &damaged };
		assert_null(unwind_frames(&memory, &sleeper.registers, found.frames, CAPACITY,
					  &found.count, &found.end));
		assert_in_range(found.count, 1, CAPACITY);
		for (size_t i = 1; i < found.count; i++)
			assert_true(found.frames[i].is_exact ||
				    found.frames[i].sp.value > found.frames[i - 1].sp.value);
		ended[found.end]++;
	}
	/* Enough of them went wrong, and enough did not matter. */
	assert_true(ended[UNWIND_LOST] > ROUNDS / 10);
	assert_true(ended[UNWIND_COMPLETE] > ROUNDS / 10);
	sleeper_end(&sleeper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_registers),
		cmocka_unit_test(test_pc_and_sp_alone),
		cmocka_unit_test(test_saved_register),
		cmocka_unit_test(test_sp_or_pc_unknown),
		cmocka_unit_test(test_without_cfi),
		cmocka_unit_test(test_signal),
		cmocka_unit_test(test_signal_on_alternate_stack),
		cmocka_unit_test(test_capacity),
		cmocka_unit_test(test_damaged_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
