/*
 * Unit test of jump pads in threads: several threads call one function, at whose entry and behind whose
 * call there are pads, while their rings are drained. No record may be lost, invented, or out of order.
 */
#include "tests/unit/tracer/pad_world.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

enum {
	THREADS = 3,
	CALLS = 50000,
	SLOTS = 1024,
	CALLER_OFFSET = 0,
	FUNCTION_OFFSET = 64,
	RETURN_OFFSET = 9, /* behind the call */
	ENTRY_PAD_OFFSET = 1 << 16,
	RETURN_PAD_OFFSET = 1 << 17,
	ENTRY_SITE = 1,
	RETURN_SITE = 2,
};

struct thread {
	pthread_t thread;
	struct arch_pad_ring *ring;
	uint8_t *area;
	uint64_t key;
	atomic_uint traps; /* its hits that its pads could not record */
	atomic_bool has_key, may_run, has_ended;

	uint64_t taken; /* slots of its ring */
	uint64_t records, readings, last_tsc;
	uint32_t last_site;
};

static _Thread_local struct thread *thread_self;

static void on_trap(int signal)
{
	(void)signal;
	atomic_fetch_add(&thread_self->traps, 1);
	sched_yield();
}

static void *thread_main(void *argument)
{
	struct thread *thread = argument;
	void (*caller)(uint64_t calls);
	const uint8_t *code = thread->area + CALLER_OFFSET;

	thread_self = thread;
	thread->key = pad_world_key();
	atomic_store(&thread->has_key, true);
	while (!atomic_load(&thread->may_run))
		sched_yield();
	memcpy(&caller, &code, sizeof(caller));
	caller(CALLS);
	atomic_store(&thread->has_ended, true);
	return NULL;
}

static void write_pad(uint8_t *area, enum arch_pad_kind kind, uint32_t site, size_t from, size_t to,
		      const struct arch_pad_data *data)
{
	struct arch_pad pad;
	assert_null(arch_pad_build(kind, site, area + from, ARCH_JUMP_BYTES,
				   taddr((uintptr_t)area + from), taddr((uintptr_t)data),
				   taddr((uintptr_t)area + to), &pad));
	memcpy(area + to, pad.code, pad.code_bytes);
	assert_true(arch_jump_build(taddr((uintptr_t)area + from),
				    taddr((uintptr_t)area + to + pad.entry_offset), area + from));
}

/* A caller of %rdi calls, and a function, with a pad at its entry and one behind the call. */
static void write_code(uint8_t *area, struct arch_pad_data *data, enum arch_pad_kind entry_kind,
		       enum arch_pad_kind return_kind)
{
	static const uint8_t caller[] = {
		0x53, /* push %rbx */
		0x48, 0x89,
		0xfb, /* mov %rdi, %rbx */
		0xe8, FUNCTION_OFFSET - 9,
		0,    0,
		0, /* 4: call the function */
		0x48, 0x8d,
		0x5b, 0xff,
		0x90, /* lea -1(%rbx), %rbx; nop */
		0x48, 0x85,
		0xdb, 0x75,
		0xf1,	    /* test %rbx, %rbx; jnz 4 */
		0x5b, 0xc3, /* pop %rbx; ret */
	};
	static const uint8_t function[] = {
		0x48, 0x8d, 0x47, 0x01, 0x90, 0xc3
	}; /* lea; nop; ret */

	memcpy(area + CALLER_OFFSET, caller, sizeof(caller));
	memcpy(area + FUNCTION_OFFSET, function, sizeof(function));
	uint64_t back = (uintptr_t)area + RETURN_OFFSET;
	data->returns[arch_pad_return_index(back)] = back;
	write_pad(area, entry_kind, ENTRY_SITE, FUNCTION_OFFSET, ENTRY_PAD_OFFSET, data);
	write_pad(area, return_kind, RETURN_SITE, RETURN_OFFSET, RETURN_PAD_OFFSET, data);
}

static void take_record(struct thread *thread, const struct arch_pad_record *record,
			bool has_memory)
{
	assert_int_equal(record->flags, has_memory ? ARCH_PAD_HAS_MEMORY : 0);
	assert_true(record->tsc >= thread->last_tsc);
	assert_true(record->site == ENTRY_SITE || record->site == RETURN_SITE);
	/* What a pad cannot record is a hit of its trap. */
	if (atomic_load(&thread->traps) == 0)
		assert_int_not_equal(record->site, thread->last_site);
	assert_int_equal(record->return_address,
			 record->site == ENTRY_SITE ? (uintptr_t)thread->area + RETURN_OFFSET : 0);
	thread->last_tsc = record->tsc;
	thread->last_site = record->site;
	thread->records++;
}

/* As the engine does it while the thread runs: up to the head, then room is made. */
static void drain(struct thread *thread)
{
	const struct arch_pad_record *slots = (const struct arch_pad_record *)(thread->ring + 1);
	const uint64_t head = __atomic_load_n(&thread->ring->head, __ATOMIC_ACQUIRE);
	bool has_memory = false;

	for (; thread->taken < head; thread->taken++) {
		const struct arch_pad_record *slot = &slots[thread->taken & thread->ring->mask];
		if (arch_pad_slot_is_memory(slot)) {
			assert_false(has_memory);
			has_memory = true;
			thread->readings++;
			continue;
		}
		take_record(thread, slot, has_memory);
		has_memory = false;
	}
	assert_false(has_memory);
	uint64_t limit =
		thread->taken / ARCH_PAD_SEGMENT_RECORDS + SLOTS / ARCH_PAD_SEGMENT_RECORDS;
	__atomic_store_n(&thread->ring->limit, (uint8_t)limit, __ATOMIC_RELEASE);
}

static void thread_start(struct thread *thread, uint8_t *area, struct arch_pad_data *data, int fd)
{
	memset(thread, 0, sizeof(*thread));
	thread->area = area;
	thread->ring = pad_world_map(sizeof(*thread->ring) + SLOTS * ARCH_PAD_SLOT_BYTES,
				     PROT_READ | PROT_WRITE);
	thread->ring->mask = SLOTS - 1;
	thread->ring->limit = SLOTS / ARCH_PAD_SEGMENT_RECORDS;
	thread->ring->memory_age = 100000;
	thread->ring->fd = fd;
	assert_int_equal(pthread_create(&thread->thread, NULL, thread_main, thread), 0);
	while (!atomic_load(&thread->has_key))
		sched_yield();
	struct arch_pad_thread *entry = &data->threads[arch_pad_thread_index(thread->key)];
	while (entry->key != 0) /* of another thread */
		entry++;
	entry->ring = (uintptr_t)thread->ring;
	entry->key = thread->key;
}

static void drain_threads(enum arch_pad_kind entry_kind, enum arch_pad_kind return_kind)
{
	struct thread threads[THREADS];
	struct arch_pad_data *data = pad_world_map(sizeof(*data), PROT_READ | PROT_WRITE);
	uint8_t *area = pad_world_map(PAD_WORLD_AREA_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC);
	struct sigaction action = { .sa_handler = on_trap };
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(sigaction(SIGTRAP, &action, NULL), 0);
	write_code(area, data, entry_kind, return_kind);
	for (int i = 0; i < THREADS; i++)
		thread_start(&threads[i], area, data, fd);
	for (int i = 0; i < THREADS; i++)
		atomic_store(&threads[i].may_run, true);
	for (int i = 0; i < THREADS; i++) {
		while (!atomic_load(&threads[i].has_ended)) {
			for (int j = 0; j < THREADS; j++)
				drain(&threads[j]);
			sched_yield();
		}
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(threads[i].thread, NULL), 0);
		drain(&threads[i]);
		assert_int_equal(threads[i].records + atomic_load(&threads[i].traps), 2 * CALLS);
		assert_true(threads[i].readings > 0);
		assert_int_equal(threads[i].records + threads[i].readings, threads[i].ring->head);
		munmap(threads[i].ring, sizeof(*threads[i].ring) + SLOTS * ARCH_PAD_SLOT_BYTES);
	}
	munmap(area, PAD_WORLD_AREA_BYTES);
	munmap(data, sizeof(*data));
	close(fd);
}

static void test_threads_are_drained(void **state)
{
	(void)state;
	drain_threads(ARCH_PAD_ENTRY, ARCH_PAD_RETURN);
	drain_threads(ARCH_PAD_CALLED, ARCH_PAD_RETURNED);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_threads_are_drained) };
	return cmocka_run_group_tests_name("pad_threads", tests, NULL, NULL);
}
