/*
 * Unit tests of jump pads: pads are built for real and run in this process, by every way through them;
 * each time all registers, flags, vector registers and the red zone must be as before.
 */
#include "tests/unit/tracer/pad_world.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <ucontext.h>

static struct {
	unsigned count;
	greg_t regs[NGREG];
} trap;

static void on_trap(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	trap.count++;
	memcpy(trap.regs, ((ucontext_t *)context)->uc_mcontext.gregs, sizeof(trap.regs));
}

static int set_up_traps(void **state)
{
	(void)state;
	struct sigaction action = { .sa_sigaction = on_trap, .sa_flags = SA_SIGINFO };
	return sigaction(SIGTRAP, &action, NULL);
}

static const struct arch_pad_record *record_at(const struct pad_world *world, uint64_t number)
{
	return &world->slots[number & world->ring->mask];
}

static void check_record(const struct pad_world *world, enum arch_pad_kind kind, uint64_t number,
			 uint32_t flags)
{
	const struct arch_pad_record *record = record_at(world, number);
	const uint64_t sp = (uintptr_t)machine_stack + sizeof(machine_stack) - MACHINE_ABOVE_BYTES;
	const bool is_frame = kind == ARCH_PAD_FRAME_SP || kind == ARCH_PAD_FRAME_BP;
	const bool is_mark = kind == ARCH_PAD_MARK;
	assert_int_equal(is_frame  ? arch_pad_record_frame_sp(record)
			 : is_mark ? arch_pad_record_mark_sp(record)
				   : record->sp,
			 sp);
	if (is_frame)
		assert_int_equal(record->sp, pad_world_cfa());
	assert_int_equal(record->site, PAD_WORLD_SITE);
	assert_int_equal(is_mark || is_frame ? record->flags & ARCH_PAD_FLAGS : record->flags,
			 flags);
	assert_int_equal(record->return_address, arch_pad_records_as(kind) == ARCH_PAD_RETURN ? 0
						 : is_frame ? pad_world_frame_return()
							    : pad_world_known(kind));
	if (is_mark)
		assert_int_equal(arch_pad_record_id(record), pad_world_id);
}

static void fast_way(enum arch_pad_kind kind)
{
	struct pad_world world;
	pad_world_init(&world, kind);
	world.ring->limit = 255;
	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++) {
		uint64_t before = arch_tsc();
		pad_world_run(&world, machine_flags(i));
		assert_int_equal(world.ring->head, i + 1);
		check_record(&world, kind, i, 0);
		assert_in_range(record_at(&world, i)->tsc, before, arch_tsc());
		if (arch_pad_records_as(kind) != kind) /* it makes do with the red zone */
			assert_true(machine_stack_is_whole_below());
	}
	pad_world_run(&world, MACHINE_DF | MACHINE_CF | MACHINE_OF);
	pad_world_run(&world, MACHINE_AC | MACHINE_ZF);
	assert_int_equal(world.ring->head, MACHINE_FLAG_COMBINATIONS + 2);
	assert_int_equal(world.ring->memory_tsc, 0);
	assert_int_equal(trap.count, 0);
	pad_world_deinit(&world);
}

static void test_fast_way(void **state)
{
	(void)state;
	trap.count = 0;
	fast_way(ARCH_PAD_ENTRY);
	fast_way(ARCH_PAD_RETURN);
	fast_way(ARCH_PAD_MARK);
	fast_way(ARCH_PAD_FRAME_SP);
	fast_way(ARCH_PAD_FRAME_BP);
	fast_way(ARCH_PAD_CALLED);
	fast_way(ARCH_PAD_RETURNED);
}

/* The pad must trap behind itself, with the program's registers, and publish nothing. */
static void check_slow_way(struct pad_world *world)
{
	const uint64_t head = world->ring->head;
	const uint64_t pad = (uintptr_t)world->area + PAD_WORLD_PAD_OFFSET;

	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++) {
		struct machine in, out;
		trap.count = 0;
		pad_world_fill(world, &in, machine_flags(i));
		out = in;
		machine_run(&in, &out);
		pad_world_check(world, &in, &out);
		assert_int_equal(trap.count, 1);
		assert_int_equal(trap.regs[REG_RIP],
				 arch_trap_pc(taddr(pad + world->pad.trap_offset)).value);
		assert_int_equal(trap.regs[REG_RSP], in.regs.rsp);
		assert_int_equal(trap.regs[REG_RAX], in.regs.rax);
		assert_int_equal(trap.regs[REG_RCX], in.regs.rcx);
		assert_int_equal(trap.regs[REG_RDX], in.regs.rdx);
		assert_int_equal(trap.regs[REG_EFL] & MACHINE_FLAGS, machine_flags(i));
	}
	trap.count = 0;
	world->data->is_abandoned = 1;
	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++)
		pad_world_run(world, machine_flags(i));
	world->data->is_abandoned = 0;
	assert_int_equal(trap.count, 0);
	assert_int_equal(world->ring->head, head);
}

static void test_slow_ways(void **state)
{
	(void)state;
	static const enum arch_pad_kind kinds[] = { PAD_WORLD_KINDS };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct pad_world world;
		pad_world_init(&world, kinds[i]);
		struct arch_pad_thread *thread =
			&world.data->threads[arch_pad_thread_index(pad_world_key())];
		thread->ring = 0;
		check_slow_way(&world); /* a ring that was taken away */
		thread->key = 0;
		check_slow_way(&world); /* a thread that is not known */
		thread[0] = (struct arch_pad_thread){ pad_world_key(), (uintptr_t)world.ring };
		world.ring->limit = 0;
		check_slow_way(&world); /* a ring that is full */
		world.ring->limit = 4;
		memset(world.data->returns, 0, sizeof(world.data->returns));
		if (arch_pad_records_as(kinds[i]) == ARCH_PAD_ENTRY || kinds[i] == ARCH_PAD_MARK)
			check_slow_way(
				&world); /* a return address, or an object, that is not known */
		else
			pad_world_run(&world, 0);
		memset(world.data, 0, sizeof(*world.data));
		check_slow_way(&world); /* nothing is known */
		pad_world_deinit(&world);
	}
}

static void probing(enum arch_pad_kind kind)
{
	struct pad_world world;
	pad_world_init(&world, kind);
	struct arch_pad_thread *thread =
		&world.data->threads[arch_pad_thread_index(pad_world_key())];
	uint64_t *known = pad_world_known_entry(&world);

	for (unsigned t = 0; t <= ARCH_PAD_PROBES; t++)
		for (unsigned k = 0; k <= ARCH_PAD_PROBES; k++) {
			memset(thread, 0, sizeof(*thread) * ARCH_PAD_PROBES);
			memset(known, 0, sizeof(*known) * ARCH_PAD_PROBES);
			pad_world_set_head(&world, 0);
			trap.count = 0;
			for (unsigned i = 0; i < t && i < ARCH_PAD_PROBES; i++)
				thread[i] = (struct arch_pad_thread){ 4096 * (i + 1), 1 };
			for (unsigned i = 0; i < k && i < ARCH_PAD_PROBES; i++)
				known[i] = 4096 * (i + 1);
			if (t < ARCH_PAD_PROBES)
				thread[t] = (struct arch_pad_thread){ pad_world_key(),
								      (uintptr_t)world.ring };
			if (k < ARCH_PAD_PROBES)
				known[k] = pad_world_known(kind);
			pad_world_run(&world, MACHINE_OF | MACHINE_PF);
			bool is_found = t < ARCH_PAD_PROBES && k < ARCH_PAD_PROBES;
			assert_int_equal(world.ring->head, is_found ? 1 : 0);
			assert_int_equal(trap.count, is_found ? 0 : 1);
		}
	pad_world_deinit(&world);
}

/* Entries may lie at their index, or up to three behind it; also at the end of a table. */
static void test_probing(void **state)
{
	(void)state;
	probing(ARCH_PAD_ENTRY);
	probing(ARCH_PAD_MARK);
	probing(ARCH_PAD_CALLED);
	assert_int_equal(arch_pad_thread_index(0), 0);
	for (uint64_t key = 0; key < 1 << 20; key += 64) {
		assert_in_range(arch_pad_thread_index(key), 0, ARCH_PAD_THREADS - 1);
		assert_in_range(arch_pad_return_index(key), 0, ARCH_PAD_RETURNS - 1);
	}
}

static void check_memory(enum arch_pad_kind kind, int fd, char says)
{
	struct pad_world world;
	pad_world_init(&world, kind);
	pad_world_object[ARCH_PAD_MARK_SAYS_OFFSET] = says;
	world.ring->fd = fd == -1 ? -1 : world.fd;
	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++) {
		/* Also where the two slots lie around the ring's end. */
		const uint32_t head = i % 2 ? PAD_WORLD_SLOTS - 1 : i;
		pad_world_set_head(&world, head);
		world.ring->limit = (uint8_t)((head >> 8) + 2);
		world.ring->memory_age = 0;
		uint64_t before = arch_tsc();
		pad_world_run(&world, machine_flags(i));
		assert_int_equal(world.ring->head, head + 2);
		check_record(&world, kind, head + 1, ARCH_PAD_HAS_MEMORY);
		assert_in_range(world.ring->memory_tsc, before, arch_tsc());
		uint64_t tsc = record_at(&world, head + 1)->tsc;
		if (arch_pad_records_as(kind) == ARCH_PAD_ENTRY ||
		    (kind == ARCH_PAD_MARK && says == ARCH_PAD_MARK_BEGINS))
			assert_true(tsc > world.ring->memory_tsc);
		else
			assert_int_equal(tsc, world.ring->memory_tsc);

		struct arch_pad_memory memory;
		memcpy(&memory, record_at(&world, head), sizeof(memory));
		assert_int_equal(memory.mark, ARCH_PAD_MEMORY_MARK);
		assert_true(arch_pad_slot_is_memory(record_at(&world, head)));
		assert_false(arch_pad_slot_is_memory(record_at(&world, head + 1)));
		if (fd == -1) {
			assert_int_equal(memory.length, -EBADF);
		} else {
			unsigned long size, resident;
			assert_in_range(memory.length, 8, sizeof(memory.text));
			assert_int_equal(sscanf(memory.text, "%lu %lu", &size, &resident), 2);
			assert_true(size >= resident && resident > 0);
		}
		/* Not older than an hour: it is not read again. */
		world.ring->memory_age = UINT64_C(3600) * 10 * 1000 * 1000 * 1000;
		pad_world_run(&world, machine_flags(i));
		assert_int_equal(world.ring->head, head + 3);
		check_record(&world, kind, head + 2, 0);
	}
	pad_world_deinit(&world);
}

/* One that is lax reads memory when it is older than both ages. */
static void check_lax(enum arch_pad_kind kind)
{
	static const uint64_t hour = UINT64_C(3600) * 10 * 1000 * 1000 * 1000;
	struct pad_world world;

	pad_world_init(&world, kind);
	world.area[PAD_WORLD_PAD_OFFSET + ARCH_PAD_LAX_OFFSET] = 1;
	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++) {
		const uint64_t usual[] = { 0, 0, hour, UINT64_MAX }, lax[] = { 0, hour, 0, 0 };
		for (unsigned k = 0; k < 4; k++) {
			const uint32_t slots = k == 0 ? 2 : 1;
			pad_world_set_head(&world, 0);
			world.ring->memory_tsc = arch_tsc();
			world.ring->memory_age = usual[k];
			world.ring->lax_age = lax[k];
			pad_world_run(&world, machine_flags(i));
			assert_int_equal(world.ring->head, slots);
			check_record(&world, kind, slots - 1, k == 0 ? ARCH_PAD_HAS_MEMORY : 0);
		}
	}
	pad_world_deinit(&world);
}

static void test_lax(void **state)
{
	(void)state;
	check_lax(ARCH_PAD_ENTRY);
	check_lax(ARCH_PAD_RETURN);
	check_lax(ARCH_PAD_MARK);
	check_lax(ARCH_PAD_FRAME_SP);
	check_lax(ARCH_PAD_FRAME_BP);
	check_lax(ARCH_PAD_CALLED);
	check_lax(ARCH_PAD_RETURNED);
}

static void test_memory(void **state)
{
	(void)state;
	for (int fd = -1; fd <= 0; fd++) {
		check_memory(ARCH_PAD_ENTRY, fd, 0);
		check_memory(ARCH_PAD_RETURN, fd, 0);
		check_memory(ARCH_PAD_MARK, fd, ARCH_PAD_MARK_BEGINS);
		check_memory(ARCH_PAD_MARK, fd, 'R');
		check_memory(ARCH_PAD_FRAME_SP, fd, 0);
		check_memory(ARCH_PAD_FRAME_BP, fd, 0);
		check_memory(ARCH_PAD_CALLED, fd, 0);
		check_memory(ARCH_PAD_RETURNED, fd, 0);
	}
}

/* The function that marks are told by is called by others, too, in any way. */
static void test_no_mark(void **state)
{
	(void)state;
	struct pad_world world;
	pad_world_init(&world, ARCH_PAD_MARK);
	trap.count = 0;
	for (unsigned i = 0; i < MACHINE_FLAG_COMBINATIONS; i++) {
		struct machine in, out;
		pad_world_fill(&world, &in, machine_flags(i));
		in.regs.rdx = i == 2 ? 0 : i;
		in.regs.rsi = 0; /* nothing is read there */
		out = in;
		machine_run(&in, &out);
		pad_world_check(&world, &in, &out);
	}
	assert_int_equal(world.ring->head, 0);
	assert_int_equal(trap.count, 0);
	pad_world_deinit(&world);
}

/* An engine that drains whole segments, and a ring that is filled again and again: nothing is lost. */
static void test_wrapping_and_limit(void **state)
{
	(void)state;
	enum { EVENTS = 100000 };
	struct pad_world world;
	struct machine in, out;
	uint64_t taken = 0, last_tsc = 0, events = 0, readings = 0, traps = 0;

	pad_world_init(&world, ARCH_PAD_RETURN);
	pad_world_fill(&world, &in, MACHINE_SF);
	out = in;
	trap.count = 0;
	while (events < EVENTS) {
		world.ring->memory_age = events % 7 == 0 ? 0 : UINT64_MAX;
		unsigned before = trap.count;
		uint64_t head = world.ring->head;
		bool has_room = ((head + 1) >> 8) < taken / ARCH_PAD_SEGMENT_RECORDS + 4;
		machine_run(&in, &out);
		assert_int_equal(trap.count == before, has_room);
		if (has_room) {
			events++;
			readings += events % 7 == 1;
			continue;
		}
		traps++;
		assert_int_equal(world.ring->head, head);
		for (; taken < head; taken++) {
			const struct arch_pad_record *record = record_at(&world, taken);
			if (arch_pad_slot_is_memory(record))
				record = record_at(&world, ++taken);
			assert_int_equal(record->site, PAD_WORLD_SITE);
			assert_true(record->tsc >= last_tsc);
			last_tsc = record->tsc;
		}
		world.ring->limit = (uint8_t)(taken / ARCH_PAD_SEGMENT_RECORDS + 4);
	}
	assert_int_equal(world.ring->head, events + readings);
	assert_true(traps > EVENTS / PAD_WORLD_SLOTS);
	pad_world_deinit(&world);
}

static void test_jump(void **state)
{
	(void)state;
	static const uint8_t expected[] = { 0xe9, 0xfb, 0x0f, 0, 0 };
	uint8_t jump[ARCH_JUMP_BYTES];
	assert_true(arch_jump_build(taddr(0x1000), taddr(0x2000), jump));
	assert_memory_equal(jump, expected, sizeof(expected));
	assert_true(arch_jump_build(taddr(0x100000000), taddr(0x80000005), jump));
	assert_false(arch_jump_build(taddr(0x100000000), taddr(0x80000004), jump));
	assert_true(arch_jump_build(taddr(0), taddr(0x80000004), jump));
	assert_false(arch_jump_build(taddr(0), taddr(0x80000005), jump));
}

static void test_clock(void **state)
{
	(void)state;
	uint64_t before = arch_tsc();
	assert_true(arch_tsc() >= before);
	/* A process that may not read it has no such clock. */
	if (prctl(PR_SET_TSC, PR_TSC_SIGSEGV) != 0)
		skip();
	bool is_stable = arch_has_stable_tsc();
	assert_int_equal(prctl(PR_SET_TSC, PR_TSC_ENABLE), 0);
	assert_false(is_stable);
}

static void test_layout(void **state)
{
	(void)state;
	static const enum arch_pad_kind kinds[] = { PAD_WORLD_KINDS };
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		const struct arch_pad_layout *layout = arch_pad_layout(kinds[i]);
		struct pad_world world;
		pad_world_init(&world, kinds[i]);
		assert_int_equal(layout->entry_offset, world.pad.entry_offset);
		assert_int_equal(layout->trap_offset, world.pad.trap_offset);
		assert_int_equal(layout->displaced_offset, world.pad.displaced_offset);
		assert_int_equal(world.pad.code[layout->trap_offset], arch_trap_insn[0]);
		assert_int_equal(layout->entry_offset % 16, 0);
		assert_true(layout->displaced_offset + ARCH_WINDOW_BYTES_MAX <= ARCH_PAD_BYTES_MAX);
		pad_world_deinit(&world);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fast_way),
		cmocka_unit_test(test_slow_ways),
		cmocka_unit_test(test_probing),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_lax),
		cmocka_unit_test(test_no_mark),
		cmocka_unit_test(test_wrapping_and_limit),
		cmocka_unit_test(test_jump),
		cmocka_unit_test(test_layout),
		cmocka_unit_test(test_clock),
	};
	return cmocka_run_group_tests_name("pad", tests, set_up_traps, NULL);
}
