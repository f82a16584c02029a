/* Unit tests of the metrics, on the memory of the test itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/base/metric.h"
#include "tracer/cli/record/backend_option.h"
#include "tracer/sample/added_pages.h"
#include "tracer/sample/memory_usage.h"

enum { PAGE = 4096, PAGES = 64 };

static uint64_t read_metric(pid_t pid, enum metric metric)
{
	struct memory_meter *meter;
	uint64_t bytes = 0;

	assert_null(memory_meter_open(pid, metric, &meter));
	assert_null(memory_meter_read(meter, &bytes));
	memory_meter_close(meter);
	return bytes;
}

/* Pages of a file of ours, mapped privately and all in memory. */
static char *map_file(void)
{
	static const char zeros[PAGES * PAGE] = { 0 };
	FILE *file = tmpfile();

	assert_non_null(file);
	assert_int_equal(fwrite(zeros, 1, sizeof(zeros), file), sizeof(zeros));
	assert_int_equal(fflush(file), 0);
	assert_int_equal(fsync(fileno(file)), 0); /* a dirty page of a file would count as dirty */
	char *memory =
		mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fileno(file), 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	fclose(file);
	for (size_t i = 0; i < PAGES; i++)
		assert_int_equal(((volatile char *)memory)[i * PAGE], 0);
	return memory;
}

/* What is in memory of files: our share of it changes whenever a process that has them, too, begins
 * or ends. */
static uint64_t read_file_bytes(void)
{
	char line[256];
	unsigned long kib = 0;
	FILE *status = fopen("/proc/self/status", "r");

	assert_non_null(status);
	while (fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "RssFile: %lu", &kib) == 1)
			break;
	fclose(status);
	assert_true(kib > 0);
	return (uint64_t)kib * 1024;
}

/* AddressSanitizer has a byte for eight, and may write them for all that is mapped. */
#ifdef __SANITIZE_ADDRESS__
#define SHADOW_OF(pages) ((pages) / 8)
#else
#define SHADOW_OF(pages) 0
#endif

/* Each metric grows by just what is touched. What reads adds some, and a sanitizer's shadow. */
static void test_private_pages(void **state)
{
	(void)state;
	enum { TOUCHED = 8192, MORE = 24 };
	uint64_t before[METRIC_COUNT];
	const enum metric seen[] = { METRIC_RSS, METRIC_PSS, METRIC_USS, METRIC_ANON,
				     METRIC_RSS_HUGE };

	for (int i = 0; i < METRIC_COUNT; i++)
		before[i] = read_metric(getpid(), (enum metric)i);
	char *memory = mmap(NULL, 2 * TOUCHED * PAGE, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	assert_ptr_not_equal(memory, MAP_FAILED);
	madvise(memory, 2 * TOUCHED * PAGE, MADV_NOHUGEPAGE);
	memset(memory, 1, TOUCHED * PAGE);
	for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
		/* Older kernels count pages by the dozen (6.1: SPLIT_RSS_COUNTING; 6.2: by CPU). */
		uint64_t shared = seen[i] == METRIC_ANON ? 64 * PAGE : read_file_bytes();
		assert_in_range(shared, 0, TOUCHED * PAGE / 3);
		assert_in_range(read_metric(getpid(), seen[i]) + shared - before[seen[i]],
				TOUCHED * PAGE,
				(TOUCHED + SHADOW_OF(2 * TOUCHED) + MORE) * PAGE + 2 * shared);
	}
	assert_in_range(read_metric(getpid(), METRIC_VMS) - before[METRIC_VMS], 2 * TOUCHED * PAGE,
			(2 * TOUCHED + 64) * PAGE);
	munmap(memory, 2 * TOUCHED * PAGE);
}

/* The memory of a zombie is gone; that is not 0. */
static void test_gone(void **state)
{
	(void)state;
	pid_t pid = fork();
	if (pid == 0)
		_exit(0);
	siginfo_t info;
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	for (int i = 0; i < METRIC_COUNT; i++) {
		struct memory_meter *meter;
		uint64_t bytes;
		assert_null(memory_meter_open(pid, (enum metric)i, &meter));
		struct error *err = memory_meter_read(meter, &bytes);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_GONE);
		error_free(err);
		memory_meter_close(meter);
	}
	waitpid(pid, NULL, 0);
}

static void test_high_water_marks(void **state)
{
	(void)state;
	for (int i = 0; i < METRIC_COUNT; i++) {
		struct memory_meter *meter;
		uint64_t now;
		struct memory_peak peak;
		assert_null(memory_meter_open(getpid(), (enum metric)i, &meter));
		assert_null(memory_meter_read_peak(meter, &peak));
		assert_null(memory_meter_read(meter, &now));
		if (i == METRIC_RSS || i == METRIC_VMS)
			assert_true(peak.bytes + 8 * PAGE >= now);
		else
			assert_int_equal(peak.bytes, 0);
		assert_int_equal(peak.left_out_bytes, 0);
		memory_meter_close(meter);
	}
}

static uint64_t weigh(enum metric_own_pages own_pages, char *memory, size_t own, size_t used)
{
	const struct page_range range = { (uintptr_t)memory, (uintptr_t)memory + PAGES * PAGE, own,
					  used };
	uint64_t bytes;

	assert_null(added_pages_weigh(getpid(), own_pages, &range, 1, &bytes));
	return bytes;
}

/*
 * Three pages of a file that nobody else maps become private: no more in pss or uss than the file's
 * pages were, unless these would not have been in memory.
 */
static void test_pages_of_one_user(void **state)
{
	(void)state;
	char *memory = map_file();

	memory[0] = memory[5 * PAGE] = memory[9 * PAGE] = 1;
	assert_int_equal(weigh(OWN_PAGES_SHARED, memory, 3, 3), 0);
	assert_int_equal(weigh(OWN_PAGES_UNSHARED, memory, 3, 3), 0);
	assert_int_equal(weigh(OWN_PAGES_SHARED, memory, 3, 1), 2 * PAGE);
	assert_int_equal(weigh(OWN_PAGES_UNSHARED, memory, 3, 1), 2 * PAGE);
	assert_int_equal(weigh(OWN_PAGES_SWAPPED, memory, 3, 3), 0);
	munmap(memory, PAGES * PAGE);
}

/* The same with a child that has all of the file's pages, too, and copies of its own of the three. */
static void test_pages_of_two_users(void **state)
{
	(void)state;
	int ready[2];
	char byte;
	char *memory = map_file();

	assert_int_equal(pipe(ready), 0);
	pid_t pid = fork();
	if (pid == 0) {
		for (size_t i = 0; i < PAGES; i++)
			byte = ((volatile char *)memory)[i * PAGE];
		memory[0] = memory[5 * PAGE] = memory[9 * PAGE] = 1;
		if (write(ready[1], "r", 1) == 1)
			pause();
		_exit(byte);
	}
	memory[0] = memory[5 * PAGE] = memory[9 * PAGE] = 1;
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(weigh(OWN_PAGES_SHARED, memory, 3, 3), 3 * PAGE / 2);
	assert_int_equal(weigh(OWN_PAGES_UNSHARED, memory, 3, 3), 3 * PAGE);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	munmap(memory, PAGES * PAGE);
}

static void assert_backend(const char *name, enum metric expected)
{
	enum metric metric = METRIC_COUNT;
	struct error *err = backend_option_parse(name, &metric);

	if (err != NULL) /* this kernel cannot */
		assert_non_null(strstr(error_message(err), "smaps_rollup"));
	else
		assert_int_equal(metric, expected);
	error_free(err);
}

static void test_backend_names(void **state)
{
	(void)state;
	static const struct {
		const char *name, *says;
	} refused[] = {
		{ "tracemalloc", "take anon" },
		{ "no_backend", "take rss" },
		{ "", "choose rss, pss" },
		{ "psutil_rss", "choose rss, pss" },
	};

	for (int i = 0; i < METRIC_COUNT; i++)
		assert_backend(metric_traits((enum metric)i)->name, (enum metric)i);
	assert_backend("psutil", METRIC_RSS);
	assert_backend("posix", METRIC_RSS);
	assert_backend("psutil_pss", METRIC_PSS);
	assert_backend("psutil_uss", METRIC_USS);
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		enum metric metric;
		struct error *err = backend_option_parse(refused[i].name, &metric);
		assert_non_null(err);
		assert_int_equal(error_code(err), ERR_USAGE);
		assert_non_null(strstr(error_message(err), refused[i].says));
		error_free(err);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_private_pages),	   cmocka_unit_test(test_gone),
		cmocka_unit_test(test_high_water_marks),   cmocka_unit_test(test_pages_of_one_user),
		cmocka_unit_test(test_pages_of_two_users), cmocka_unit_test(test_backend_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
