/* Unit tests of mappings: where is there room for slots? */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/proc/proc_maps.h"

enum { BYTES = 256 * 1024 };
static const uint64_t reach = UINT64_C(1) << 29;

static struct proc_maps maps_of(struct mapping *mappings, size_t count)
{
	return (struct proc_maps){ mappings, count, count };
}

#define FILE_MAPPING(start_, end_)                                                                 \
	{                                                                                          \
		.start = (start_), .end = (end_), .inode = 7, .path = "/x"                         \
	}
#define ANONYMOUS(start_, end_)                                                                    \
	{                                                                                          \
		.start = (start_), .end = (end_), .path = ""                                       \
	}
#define NAMED(start_, end_, name)                                                                  \
	{                                                                                          \
		.start = (start_), .end = (end_), .path = (name)                                   \
	}

/* A program that is not position-independent: the heap grows above it, so the slots lie below. */
static void test_fixed_program(void **state)
{
	(void)state;
	uint64_t start;
	struct mapping mappings[] = { FILE_MAPPING(0x400000, 0x500000),
				      NAMED(0x501000, 0x600000, "[heap]"),
				      NAMED(0x7ffc00000000, 0x7ffc00021000, "[stack]") };
	struct proc_maps maps = maps_of(mappings, 3);
	assert_true(proc_maps_find_room(&maps, 0x450000, BYTES, reach, &start));
	assert_true(start + BYTES <= 0x400000);
	assert_true(start >= 0x10000);
}

/* One place is not enough for 80,000 functions: the next lies beside it, whether it is mapped or not. */
static void test_next_to_ours(void **state)
{
	(void)state;
	enum { PLACES = 14 };
	struct proc_maps maps = { 0 };
	uint64_t start, last = 0x400000;

	assert_null(proc_maps_reserve(&maps, 0x400000, 0x100000));
	maps.mappings[0].is_ours = false;
	maps.mappings[0].inode = 1;
	for (int i = 0; i < PLACES; i++) {
		assert_true(proc_maps_find_room(&maps, 0x450000, BYTES, reach, &start));
		assert_true(start + BYTES <= last);
		assert_null(proc_maps_reserve(&maps, start, BYTES));
		if (i % 2 == 0) {
			maps.mappings[0].is_ours = false;
			proc_maps_note_ours(&maps, start);
		}
		last = start;
	}
	proc_maps_deinit(&maps);
}

/* Where a page may be mapped that has to be at one place. */
static void test_out_of_the_way(void **state)
{
	(void)state;
	enum { PAGE = 4096 };
	static const uint64_t far = UINT64_C(64) << 20, heap_end = 0x600000,
			      library = 0x7fffe0000000, stack = 0x7ffff9000000;
	struct mapping mappings[] = {
		FILE_MAPPING(0x400000, 0x500000),
		NAMED(0x501000, heap_end, "[heap]"),
		FILE_MAPPING(library, library + 0x1000),
		ANONYMOUS(library + 0x1000, library + 0x3000),
		NAMED(stack, stack + 0x21000, "[stack]"),
	};
	struct proc_maps maps = maps_of(mappings, 5);
	mappings[2].executable = true;
	assert_true(proc_maps_is_out_of_the_way(&maps, library - far - PAGE, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, library - far, PAGE, far));
	/* Data may be near, but for what it grows by. */
	mappings[2].executable = false;
	assert_true(proc_maps_is_out_of_the_way(&maps, library + 0x3000 + 0x10000, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, library + 0x3000 + 0xf000, PAGE, far));
	/* What is ours may be a neighbour, but not be where it is to be. */
	mappings[2].is_ours = mappings[3].is_ours = mappings[2].executable = true;
	assert_true(proc_maps_is_out_of_the_way(&maps, library - PAGE, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, library, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, library - PAGE, 2 * PAGE, far));
	/* The stack grows down, the heap up. */
	assert_false(proc_maps_is_out_of_the_way(&maps, stack - 0x1000000, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, heap_end + far, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, heap_end + 2 * far, PAGE, far));
	assert_true(proc_maps_is_out_of_the_way(&maps, heap_end + 5 * far, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, UINT64_C(1) << 33, PAGE, far));
	assert_true(proc_maps_is_out_of_the_way(&maps, heap_end + (UINT64_C(1) << 41), PAGE, far));
	/* Before there is a heap, too. */
	mappings[1].path = "";
	mappings[2].is_ours = false;
	assert_false(proc_maps_is_out_of_the_way(&maps, heap_end + far, PAGE, far));
	assert_true(proc_maps_is_out_of_the_way(&maps, library - far - PAGE, PAGE, far));
	assert_false(proc_maps_is_out_of_the_way(&maps, 0, PAGE, far));
}

/* Libraries without a gap between them: below the lowest, anonymous memory in between. */
static void test_libraries(void **state)
{
	(void)state;
	uint64_t start;
	struct mapping mappings[] = { FILE_MAPPING(0x555555554000, 0x555555600000),
				      ANONYMOUS(0x7ffff7c00000, 0x7ffff7c03000),
				      FILE_MAPPING(0x7ffff7c03000, 0x7ffff7e00000),
				      FILE_MAPPING(0x7ffff7e00000, 0x7ffff7f00000),
				      NAMED(0x7ffffffde000, 0x7ffffffff000, "[stack]") };
	struct proc_maps maps = maps_of(mappings, 5);
	assert_true(proc_maps_find_room(&maps, 0x7ffff7e10000, BYTES, reach, &start));
	/* It might be a stack that grows down: far below it. */
	assert_true(start + BYTES + (32 << 20) <= 0x7ffff7c00000);
	assert_true(0x7ffff7e10000 - start <= reach);
}

/* A thread's arenas have taken all that is near below: between the libraries and the stack. */
static void test_arenas_below(void **state)
{
	(void)state;
	uint64_t start;
	struct mapping mappings[] = { FILE_MAPPING(0x555555554000, 0x555555600000),
				      ANONYMOUS(0x7fff00000000, 0x7ffff7c03000),
				      FILE_MAPPING(0x7ffff7c03000, 0x7ffff7e00000),
				      NAMED(0x7fffffe5e000, 0x7fffffe7f000, "[stack]") };
	struct proc_maps maps = maps_of(mappings, 4);
	assert_false(proc_maps_find_room(&maps, 0x7ffff7d10000, BYTES, reach, &start));
	mappings[3].start += UINT64_C(256) << 20;
	mappings[3].end += UINT64_C(256) << 20;
	assert_true(proc_maps_find_room(&maps, 0x7ffff7d10000, BYTES, reach, &start));
	assert_true(start >= 0x7ffff7e00000);
	assert_true(start + BYTES + (UINT64_C(128) << 20) < mappings[3].start);
}

static void test_vdso_above(void **state)
{
	(void)state;
	uint64_t start;
	struct mapping mappings[] = { FILE_MAPPING(0x555555554000, 0x555555600000),
				      NAMED(0x7ffff7fbf000, 0x7ffff7fc3000, "[vvar]"),
				      NAMED(0x7ffff7fc3000, 0x7ffff7fc5000, "[vdso]"),
				      FILE_MAPPING(0x7ffff7fc5000, 0x7ffff7fff000) };
	struct proc_maps maps = maps_of(mappings, 4);
	assert_true(proc_maps_find_room(&maps, 0x7ffff7fd0000, BYTES, reach, &start));
	assert_true(start + BYTES <= 0x7ffff7fbf000);
}

static void test_no_room(void **state)
{
	(void)state;
	uint64_t start;
	struct mapping stack_only[] = { NAMED(0x7ffffffde000, 0x7ffffffff000, "[stack]") };
	struct mapping crowded[] = { FILE_MAPPING(0x20000, 0x400000),
				     FILE_MAPPING(0x400000, 0x60000000) };
	struct mapping far_only[] = { FILE_MAPPING(0x100000000, 0x100001000),
				      ANONYMOUS(0x100001000, 0x200000000),
				      FILE_MAPPING(0x200000000, 0x200001000) };
	struct proc_maps maps = maps_of(stack_only, 1);
	assert_false(proc_maps_find_room(&maps, 0x7fffffffe000, BYTES, reach, &start));
	maps = maps_of(crowded, 2);
	assert_false(proc_maps_find_room(&maps, 0x410000, BYTES, reach, &start));
	maps = maps_of(far_only, 3);
	assert_false(proc_maps_find_room(&maps, 0x200000800, BYTES, reach, &start));
}

/* A program that fills all there is below it, as far as it may: what it needs lies far above its heap, piece by piece. */
static void test_above_the_heap(void **state)
{
	(void)state;
	enum { PLACES = 100 };
	struct proc_maps maps = { 0 };
	uint64_t start, last = UINT64_MAX;
	assert_null(proc_maps_reserve(&maps, 0x20000, 0x400000));
	assert_null(proc_maps_reserve(&maps, 0x500000, 0x200000));
	maps.mappings[0].is_ours = maps.mappings[1].is_ours = false;
	maps.mappings[0].inode = 1;
	for (int i = 0; i < PLACES; i++) {
		assert_true(proc_maps_find_room(&maps, 0x410000, BYTES, 2 * reach, &start));
		assert_true(start - 0x410000 <= 2 * reach - BYTES);
		assert_true(start > 0x700000 + (128 << 20));
		assert_true(i == 0 || start + BYTES <= last);
		assert_null(proc_maps_reserve(&maps, start, BYTES));
		last = start;
	}
	/* Where the heap has come too far, there is no place. */
	maps.mappings[1].end = last - BYTES;
	for (int i = 0; i < PLACES; i++)
		maps.mappings[2 + i].is_ours = false;
	assert_false(proc_maps_find_room(&maps, 0x410000, BYTES, reach, &start));
	proc_maps_deinit(&maps);
}

static void test_free_places(void **state)
{
	(void)state;
	struct mapping mappings[] = { FILE_MAPPING(0x400000, 0x500000) };
	const struct proc_maps nothing = { 0 }, maps = maps_of(mappings, 1);
	assert_true(proc_maps_is_free(&nothing, 0x400000, 4096));
	assert_false(proc_maps_is_free(&nothing, 4096, 4096)); /* vm.mmap_min_addr */
	assert_false(proc_maps_is_free(&maps, 0x400000, 4096));
	assert_false(proc_maps_is_free(&maps, 0x4ff000, 4096));
	assert_false(proc_maps_is_free(&maps, 0x500000, 4096));
	assert_false(proc_maps_is_free(&maps, 0x3ff000, 4096));
	assert_true(proc_maps_is_free(&maps, 0x600000, 4096));
	assert_true(proc_maps_is_free(&maps, 0x300000, 4096));
	assert_false(proc_maps_is_free(&maps, UINT64_MAX - 4095, 4096));
}

static void test_own_maps(void **state)
{
	(void)state;
	struct proc_maps maps;
	assert_null(proc_maps_read(&maps, getpid()));
	const struct mapping *code = proc_maps_find(&maps, (uint64_t)(uintptr_t)test_own_maps);
	assert_non_null(code);
	assert_true(code->executable && code->readable && code->inode != 0);
	const struct mapping *stack = proc_maps_find(&maps, (uint64_t)(uintptr_t)&maps);
	assert_non_null(stack);
	assert_string_equal(stack->path, "[stack]");
	assert_null(proc_maps_find(&maps, 0x10));
	proc_maps_deinit(&maps);

	struct error *err = proc_maps_read(&maps, 0x3fffffff);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_GONE);
	error_free(err);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_out_of_the_way), cmocka_unit_test(test_fixed_program),
		cmocka_unit_test(test_next_to_ours),   cmocka_unit_test(test_libraries),
		cmocka_unit_test(test_vdso_above),     cmocka_unit_test(test_arenas_below),
		cmocka_unit_test(test_no_room),	       cmocka_unit_test(test_above_the_heap),
		cmocka_unit_test(test_own_maps),       cmocka_unit_test(test_free_places),
	};
	return cmocka_run_group_tests_name("proc_maps", tests, NULL, NULL);
}
