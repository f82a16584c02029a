/* Unit tests of sample/memory_parts: which kind of memory a mapping is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/sample/memory_parts.h"

static void parse(const char *text, const struct page_range *ours, size_t ours_count,
		  struct memory_parts *ret)
{
	FILE *file = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(file);
	assert_null(memory_parts_parse(file, ours, ours_count, ret));
	fclose(file);
}

/* In KiB; 0: there is no such part. */
static uint64_t part_kib(const struct memory_parts *parts, enum part_kind kind, const char *name)
{
	for (size_t i = 0; i < parts->count; i++) {
		if (parts->parts[i].kind == kind && strcmp(parts->parts[i].name, name) == 0)
			return parts->parts[i].bytes / 1024;
	}
	return 0;
}

#define MAP(range, mode, inode, path, kib)                                                         \
	range " " mode " 00000000 fe:01 " inode "   " path "\nSize: 99 kB\nRss:  " kib             \
	      " kB\nPss: 1 kB\nVmFlags: rd wr\n"

static void test_kinds(void **state)
{
	static const char text[] = MAP("400000-401000", "r--p", "7", "/bin/prog", "1")
		MAP("401000-402000", "r-xp", "7", "/bin/prog", "2")
			MAP("402000-403000", "rw-p", "7", "/bin/prog", "4")
		/* However large: an array of the program's. */
		MAP("403000-40403000", "rw-p", "0", "", "8")
			MAP("50000000-51000000", "rw-p", "0", "[heap]", "16")
		/* An arena, and what of it is not used yet. */
		MAP("7f0000000000-7f0000100000", "rw-p", "0", "", "32")
			MAP("7f0000100000-7f0004000000", "---p", "0", "", "0")
		/* A stack above its guard. */
		MAP("7f0010000000-7f0010001000", "---p", "0", "",
		    "0") MAP("7f0010001000-7f0010801000", "rw-p", "0", "",
			     "64") MAP("7f0020000000-7f0020001000", "rwxp", "0", "", "128")
			MAP("7f0030000000-7f0030001000", "r--s", "9", "/tmp/a b (deleted)",
			    "256") MAP("7f0031000000-7f0031001000", "rw-s", "10",
				       "/dev/zero (deleted)",
				       "512") MAP("7f0032000000-7f0032001000", "rw-s", "11",
						  "/memfd:x (deleted)", "1024")
				MAP("7f0040000000-7f0040001000", "r-xp", "12", "/lib/l.so", "2048")
					MAP("7f0040001000-7f0040002000", "rw-p", "12", "/lib/l.so",
					    "1") MAP("7f0040002000-7f0040003000", "rw-p", "0", "",
						     "2") MAP("7f0041000000-7f0041001000", "r-xp",
							      "13", "/lib/m.so", "4096")
						MAP("7f0041001000-7f0041002000", "rw-p", "13",
						    "/lib/m.so", "1")
		/* Above a library, and too large to be of it. */
		MAP("7f0041002000-7f0051002000", "rw-p", "0", "", "8192") MAP(
			"7f0060000000-7f0060001000", "rw-p", "0", "[anon: glibc: pthread stack: 7]",
			"3") MAP("7f0070000000-7f0070001000", "rwxp", "0", "", "5")
			MAP("7ffc00000000-7ffc00100000", "rw-p", "0", "[stack]", "7")
				MAP("7ffc00200000-7ffc00201000", "r-xp", "0", "[vdso]", "4");
	const struct page_range ours = { .start = 0x7f0070000000, .end = 0x7f0070001000 };
	struct memory_parts parts;

	(void)state;
	parse(text, &ours, 1, &parts);
	assert_int_equal(part_kib(&parts, PART_LIBRARY, "/bin/prog"), 15);
	assert_int_equal(part_kib(&parts, PART_HEAP, ""), 16);
	assert_int_equal(part_kib(&parts, PART_ARENA, ""), 32);
	assert_int_equal(part_kib(&parts, PART_STACK, ""), 64 + 3 + 7);
	assert_int_equal(part_kib(&parts, PART_JIT, ""), 128);
	assert_int_equal(part_kib(&parts, PART_MAPPED, "/tmp/a b (deleted)"), 256);
	assert_int_equal(part_kib(&parts, PART_SHARED, ""), 512);
	assert_int_equal(part_kib(&parts, PART_SHARED, "/memfd:x (deleted)"), 1024);
	assert_int_equal(part_kib(&parts, PART_LIBRARY, "/lib/l.so"), 2048 + 1 + 2);
	assert_int_equal(part_kib(&parts, PART_LIBRARY, "/lib/m.so"), 4097);
	assert_int_equal(part_kib(&parts, PART_MMAP, ""), 8192);
	assert_int_equal(part_kib(&parts, PART_OURS, ""), 5);
	assert_int_equal(part_kib(&parts, PART_OTHER, ""), 4);
	uint64_t sum_bytes = 0;
	for (size_t i = 0; i < parts.count; i++)
		sum_bytes += parts.parts[i].bytes;
	assert_int_equal(sum_bytes, parts.total_bytes);
	memory_parts_deinit(&parts);
}

static void test_damage(void **state)
{
	static const char *const texts[] = { "", "Rss: 4 kB\n", "7f00 nonsense\n" };
	struct memory_parts parts;

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		FILE *file = fmemopen((void *)(uintptr_t)texts[i], strlen(texts[i]) + 1, "r");
		assert_non_null(file);
		struct error *err = memory_parts_parse(file, NULL, 0, &parts);
		assert_non_null(err);
		assert_int_equal(parts.count, 0);
		error_free(err);
		fclose(file);
	}
}

static void test_self(void **state)
{
	struct memory_counters counters;
	struct memory_parts parts;

	(void)state;
	assert_null(memory_parts_read(getpid(), NULL, 0, &parts));
	assert_null(memory_counters_read(getpid(), &counters));
	const uint64_t resident =
		counters.bytes[PART_ANON] + counters.bytes[PART_FILE] + counters.bytes[PART_SHMEM];
	/* Reading has taken some itself; the kernel's counters may lag. */
	assert_in_range(parts.total_bytes, resident / 2, resident * 2);
	assert_true(part_kib(&parts, PART_STACK, "") > 0);
	memory_parts_deinit(&parts);
	struct error *err = memory_parts_read(0x7fffffff, NULL, 0, &parts);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_GONE);
	error_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_damage),
		cmocka_unit_test(test_self),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
