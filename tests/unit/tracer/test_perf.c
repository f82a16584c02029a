/* Unit tests of reading perf events: rings and records made by hand, and faults of a child as the kernel tells them. */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <linux/perf_event.h>

#include "tracer/perf/fault_events.h"

enum { PAGE = 4096, RING = 4096 };

/* A record of LOST, with what sample_id_all puts behind it. */
struct lost_record {
	struct perf_event_header header;
	uint64_t id, lost;
	uint32_t pid, tid;
	uint64_t time, event;
};

static struct lost_record make_lost(uint64_t lost)
{
	return (struct lost_record){
		.header = { PERF_RECORD_LOST, 0, sizeof(struct lost_record) },
		.lost = lost,
		.pid = 12,
		.tid = 13,
		.time = 14,
		.event = 15,
	};
}

/* As the kernel writes it: the end of the buffer may cut a record. */
static void put(struct perf_ring *ring, const void *record, size_t bytes)
{
	unsigned char *data = (unsigned char *)ring->mapped + PAGE;

	for (size_t i = 0; i < bytes; i++)
		data[(ring->mapped->data_head + i) % RING] = ((const unsigned char *)record)[i];
	ring->mapped->data_head += bytes;
}

static struct perf_ring make_ring(void)
{
	struct perf_ring ring = { .fd = -1, .mapped_bytes = PAGE + RING, .data_bytes = RING };

	ring.mapped = mmap(NULL, ring.mapped_bytes, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(ring.mapped, MAP_FAILED);
	return ring;
}

static void reads_each_record_once_round_and_round(void **state)
{
	struct perf_ring ring = make_ring();
	struct perf_record record;

	(void)state;
	for (uint64_t i = 0; i < 500; i++) {
		const struct lost_record lost = make_lost(i);
		put(&ring, &lost, sizeof(lost));
		assert_null(perf_ring_next(&ring)); /* it has not been looked at again */
		perf_ring_look(&ring);
		assert_non_null(perf_ring_next(&ring));
		perf_record_read(perf_ring_next(&ring), &record);
		assert_int_equal(record.kind, PERF_LOST);
		assert_int_equal(record.lost, i);
		assert_int_equal(record.pid, 12);
		assert_int_equal(record.tid, 13);
		assert_int_equal(record.time_ns, 14);
		assert_int_equal(record.event, 15);
		perf_ring_pass(&ring);
		assert_null(perf_ring_next(&ring));
		perf_ring_give_back(&ring);
		assert_int_equal(ring.mapped->data_tail, ring.mapped->data_head);
	}
	perf_ring_close(&ring);
}

static void ends_at_a_record_that_cannot_be(void **state)
{
	struct perf_ring ring = make_ring();
	struct lost_record lost = make_lost(1);

	(void)state;
	for (unsigned size = 0; size < 2; size++) {
		lost.header.size = size == 0 ? 3 : UINT16_MAX;
		put(&ring, &lost, sizeof(lost));
		perf_ring_look(&ring);
		assert_null(perf_ring_next(&ring));
		perf_ring_give_back(&ring);
	}
	perf_ring_close(&ring);
}

/* Whatever is cut off: no field is read that is not there. */
static void reads_no_further_than_a_record(void **state)
{
	uint8_t types[] = { PERF_RECORD_SAMPLE, PERF_RECORD_MMAP2, PERF_RECORD_COMM,
			    PERF_RECORD_FORK,	PERF_RECORD_EXIT,  PERF_RECORD_LOST };
	struct perf_record record;

	(void)state;
	for (size_t i = 0; i < sizeof(types); i++) {
		for (uint16_t bytes = sizeof(struct perf_event_header); bytes < 400; bytes++) {
			/* Of its own size, so that a sanitizer sees what is read behind it. */
			struct perf_event_header *header = malloc(bytes);
			memset(header, 0xff, bytes);
			*header = (struct perf_event_header){ types[i], 0, bytes };
			perf_record_read(header, &record);
			if (types[i] == PERF_RECORD_SAMPLE || types[i] == PERF_RECORD_MMAP2)
				assert_int_equal(record.kind, PERF_OTHER);
			free(header);
		}
	}
}

struct seen {
	pid_t pid;
	uint64_t faults, fresh_faults, lost, execs, with_stack;
	uint64_t first, last; /* the range that the child touches */
	int64_t time_ns;
};

static struct error *note(void *context, const struct perf_record *record, size_t ring)
{
	struct seen *seen = context;

	(void)ring;
	assert_true(record->time_ns >= seen->time_ns);
	seen->time_ns = record->time_ns;
	if (record->kind == PERF_LOST)
		seen->lost += record->lost;
	seen->execs += record->kind == PERF_EXEC;
	if (record->kind != PERF_FAULT || record->pid != seen->pid)
		return NULL;
	const struct perf_fault *fault = &record->fault;
	seen->faults += fault->faults;
	if (fault->address < seen->first || fault->address >= seen->last)
		return NULL;
	seen->fresh_faults += fault->faults;
	seen->with_stack += fault->has_registers && fault->stack_bytes > 0;
	return NULL;
}

/* A child that touches @pages fresh pages of @memory once it may. */
static pid_t make_child(unsigned char *memory, size_t pages, int *ret_go)
{
	int go[2];
	char byte;

	assert_int_equal(pipe(go), 0);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		close(go[1]);
		if (read(go[0], &byte, 1) == 1) {
			for (size_t i = 0; i < pages; i++)
				memory[i * PAGE] = 1;
		}
		_exit(0);
	}
	close(go[0]);
	*ret_go = go[1];
	return pid;
}

/* Faults of a child that touches so many pages; one page is a 4 KiB page here. */
static struct seen count_faults(uint64_t coarse_faults, bool is_coarse, size_t pages)
{
	const struct fault_events_options options = { 1024, 1 << 19, 1 << 18, coarse_faults, 1 };
	struct fault_events events;
	int go;

	unsigned char *memory = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
				     MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise(memory, pages * PAGE, MADV_NOHUGEPAGE);
	pid_t pid = make_child(memory, pages, &go);
	struct seen seen = { .pid = pid, .first = (uintptr_t)memory };
	seen.last = seen.first + pages * PAGE;
	assert_null(fault_events_init(&events, &options));
	struct error *err = fault_events_add(&events, pid, false);
	if (err != NULL) {
		print_message("perf events are refused here: %s\n", error_message(err));
		error_free(err);
		seen.pid = 0;
	}
	fault_events_choose(&events, is_coarse);
	const struct fault_events_visitor visitor = { .visit = note, .context = &seen };
	assert_int_equal(write(go, "g", 1), 1);
	close(go);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_null(fault_events_take(&events, &visitor));
	fault_events_deinit(&events);
	munmap(memory, pages * PAGE);
	return seen;
}

static void sees_each_fault_with_its_stack(void **state)
{
	enum { PAGES = 100 };
	struct seen seen = count_faults(64, false, PAGES);

	(void)state;
	if (seen.pid == 0)
		skip();
	assert_int_equal(seen.lost, 0);
	assert_int_equal(seen.fresh_faults, PAGES);
	assert_int_equal(seen.with_stack, PAGES);
}

/* Each CPU that the child was on has its own rest. */
static void sees_each_nth_fault_for_n(void **state)
{
	enum { PAGES = 2000, N = 16 };
	struct seen seen = count_faults(N, true, PAGES);
	long cpus = sysconf(_SC_NPROCESSORS_CONF);

	(void)state;
	if (seen.pid == 0)
		skip();
	assert_int_equal(seen.lost, 0);
	assert_int_equal(seen.fresh_faults, seen.with_stack * N);
	assert_true(seen.faults + (uint64_t)cpus * N >= PAGES);
	assert_true(seen.fresh_faults <= PAGES + (uint64_t)cpus * N);
}

static void says_that_a_thread_has_ended(void **state)
{
	const struct fault_events_options options = { 1024, 1 << 19, 1 << 18, 1, 1 };
	struct fault_events events;
	int go;

	(void)state;
	pid_t pid = make_child(NULL, 0, &go);
	close(go);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_null(fault_events_init(&events, &options));
	struct error *err = fault_events_add(&events, pid, false);
	assert_non_null(err);
	if (error_code(err) != ERR_GONE)
		print_message("perf events are refused here: %s\n", error_message(err));
	error_free(err);
	assert_int_equal(events.event_count, 0);
	fault_events_deinit(&events);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_each_record_once_round_and_round),
		cmocka_unit_test(ends_at_a_record_that_cannot_be),
		cmocka_unit_test(reads_no_further_than_a_record),
		cmocka_unit_test(sees_each_fault_with_its_stack),
		cmocka_unit_test(sees_each_nth_fault_for_n),
		cmocka_unit_test(says_that_a_thread_has_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
