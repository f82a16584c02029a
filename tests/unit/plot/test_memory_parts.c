/* Unit tests of plot/parts: what memory was made of at a moment, and over time. */
#include "tests/unit/plot_fixture.h"
#include "tests/unit/near.h"

#include <string.h>

#include "plot/parts/part_list.h"
#include "plot/parts/part_stack.h"

static const struct part_stack_limits all = {
	.from_ns = 0,
	.to_ns = INT64_C(100000000000),
	.points = 1000,
	.layers = 10,
};

static const char counters[] = "PROC 1 0 1 prog\n"
			       "MEM 10 1\nPART 1 anon 6 1\nPART 1 file 4 1\n"
			       "MEM 10 2\n"
			       "MEM 12 3\nPART 1 anon 8 3\nPART 1 swap 2 3\n"
			       "MEM 4 4\nPART 1 anon 0 4\n";

static void test_list(void **state)
{
	struct profile profile;
	struct part_list list;

	(void)state;
	read_profile_text(&profile, counters);
	assert_null(part_list_init(&list, &profile, 0, INT64_C(2500000000)));
	assert_int_equal(list.count, 2);
	assert_near(list.amounts[0].mib, 6);
	assert_string_equal(list.amounts[0].title, "anonymous");
	assert_near(list.amounts[1].mib, 4);
	part_list_deinit(&list);
	assert_null(part_list_init(&list, &profile, 0, INT64_C(3000000000)));
	char *text = part_list_format(&list, 8);
	assert_string_equal(text, "anonymous 8.0 MiB, files 4.0 MiB, swapped out 2.0 MiB");
	free(text);
	text = part_list_format(&list, 2);
	assert_string_equal(text, "anonymous 8.0 MiB, 2 others 6.0 MiB");
	free(text);
	part_list_deinit(&list);
	/* What is empty then is not listed; what is not known yet, neither. */
	assert_null(part_list_init(&list, &profile, 0, INT64_C(9000000000)));
	assert_int_equal(list.count, 2);
	part_list_deinit(&list);
	assert_null(part_list_init(&list, &profile, 0, 0));
	assert_int_equal(list.count, 0);
	part_list_deinit(&list);
	profile_deinit(&profile);
}

static void test_stack(void **state)
{
	struct profile profile;
	struct part_stack stack;
	double mib;

	(void)state;
	read_profile_text(&profile, counters);
	assert_null(part_stack_init(&stack, &profile, 0, &all));
	assert_int_equal(stack.count, 4);
	assert_int_equal(stack.layer_count, 3);
	assert_string_equal(stack.layers[0].title, "anonymous");
	assert_near(stack.layers[0].mib[1], 6);
	assert_near(stack.layers[0].mib[3], 0);
	assert_near(stack.layers[1].mib[3], 4);
	/* What is not resident is on top of what is. */
	assert_string_equal(stack.layers[2].title, "swapped out");
	assert_near(stack.layers[2].mib[1], 0);
	assert_near(stack.layers[2].mib[2], 2);
	assert_near(stack.top_mib, 14);
	/* Halfway between 2 and 3 s: 7 below, 4 above it. */
	assert_int_equal(part_stack_find(&stack, INT64_C(2500000000), 6.9, &mib), 0);
	assert_near(mib, 7);
	assert_int_equal(part_stack_find(&stack, INT64_C(2500000000), 7.1, &mib), 1);
	assert_true(part_stack_find(&stack, INT64_C(2500000000), 12.1, &mib) == SIZE_MAX);
	assert_true(part_stack_find(&stack, INT64_C(4500000000), 1, &mib) == SIZE_MAX);
	part_stack_deinit(&stack);

	/* A window that has no sample in it, between two. */
	const struct part_stack_limits window = { INT64_C(2250000000), INT64_C(2750000000), 1000,
						  10 };
	assert_null(part_stack_init(&stack, &profile, 0, &window));
	assert_int_equal(stack.count, 2);
	assert_true(stack.time_ns[0] == window.from_ns && stack.time_ns[1] == window.to_ns);
	assert_near(stack.layers[0].mib[0], 6.5);
	assert_near(stack.layers[0].mib[1], 7.5);
	part_stack_deinit(&stack);
	profile_deinit(&profile);
}

static const char maps[] =
	"PROC 1 0 1 prog\nPROC 2 1 1 other\n"
	"MEM 10 1\nPART 1 anon 10 1\n"
	"PART 1 heap 7 1\nPART 1 library 2 1 /lib/libc.so.6\nPART 1 library 1 1\n"
	"PART 1 maps 10 1\n"
	"CHLD 2 5 2\nPART 2 heap 3 2\nPART 2 library 2 2 /usr/lib/libc.so.6\n"
	"PART 2 maps 5 2\n"
	"MEM 20 3\nDONE 2 3.5 0\nMEM 20 4\nPART 1 heap 17 4\nPART 1 maps 20 4\n"
	"MEM 20 5\nPART 1 maps 20 5\n";

/* Mappings stand in place of counters, as they were at the nearest look. */
static void test_maps(void **state)
{
	struct profile profile;
	struct part_list list;
	struct part_stack stack;

	(void)state;
	read_profile_text(&profile, maps);
	assert_null(part_list_init(&list, &profile, 0, INT64_C(3000000000)));
	assert_true(list.at_ns == INT64_C(4000000000));
	char *text = part_list_format(&list, 8);
	assert_string_equal(text, "heap 17.0 MiB, libc.so.6 2.0 MiB, other libraries 1.0 MiB");
	free(text);
	part_list_deinit(&list);
	assert_null(part_stack_init(&stack, &profile, 0, &all));
	assert_int_equal(stack.count, 3);
	assert_near(stack.layers[0].mib[0], 7);
	assert_near(stack.layers[0].mib[2], 17);
	assert_near(stack.top_mib, 20);
	part_stack_deinit(&stack);
	assert_null(part_list_init(&list, &profile, 1, INT64_C(3000000000)));
	assert_int_equal(list.count, 2);
	part_list_deinit(&list);
	profile_deinit(&profile);
}

/* All processes together: equal parts are one, and end with their process. */
static void test_tree(void **state)
{
	struct profile profile;
	struct part_list list;
	struct part_stack stack;
	char text[1024];

	(void)state;
	snprintf(text, sizeof(text), "METRIC rss tree\n%s", maps);
	read_profile_text(&profile, text);
	assert_null(part_list_init(&list, &profile, 0, INT64_C(3000000000)));
	char *words = part_list_format(&list, 8);
	assert_string_equal(words, "heap 10.0 MiB, libc.so.6 4.0 MiB, other libraries 1.0 MiB");
	free(words);
	part_list_deinit(&list);
	assert_null(part_stack_init(&stack, &profile, 0, &all));
	assert_int_equal(stack.count, 4); /* the samples of the sum */
	assert_near(stack.layers[0].mib[1], 10);
	assert_near(stack.layers[0].mib[2], 17);
	part_stack_deinit(&stack);
	profile_deinit(&profile);
}

/* Any number of names and of points: as many as can be seen. */
static void test_many(void **state)
{
	struct profile profile;
	struct part_stack stack;
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	(void)state;
	fprintf(out, "PROC 1 0 1 prog\n");
	for (int i = 0; i < 5000; i++)
		fprintf(out,
			"MEM 100 %d\nPART 1 library %d.5 %d /lib/lib%d.so\nPART 1 maps 100 %d\n",
			10 + i, i % 30, 10 + i, i % 3000, 10 + i);
	assert_int_equal(fclose(out), 0);
	read_profile_text(&profile, text);
	free(text);
	struct part_stack_limits limits = all;
	limits.to_ns = INT64_MAX / 2;
	assert_null(part_stack_init(&stack, &profile, 0, &limits));
	assert_in_range(stack.count, 400, 1100);
	assert_in_range(stack.layer_count, 1, 10);
	assert_string_equal(stack.layers[stack.layer_count - 1].title, "the rest");
	double first_mib = 0;
	for (size_t i = 0; i < stack.layer_count; i++)
		first_mib += stack.layers[i].mib[stack.count - 1];
	/* All 3000 of them are there at the end, in whatever layer. */
	assert_near(first_mib, 100 * (0 + 29) / 2.0 * 30 + 3000 * 0.5);
	part_stack_deinit(&stack);
	profile_deinit(&profile);
}

/* Only libraries and files have names: whatever a damaged file has, of the other kinds there is one layer each. */
static void test_named_wrongly(void **state)
{
	static const char *const kinds[] = { "ours", "hugetlb", "swap" };
	struct profile profile;
	struct part_stack stack;
	char text[8192] = "PROC 1 0 1 prog\nMEM 10 1\n";

	(void)state;
	for (int i = 0; i < 150; i++) {
		size_t bytes = strlen(text);
		snprintf(text + bytes, sizeof(text) - bytes, "PART 1 %s 1 1 /lib/x%d.so\n",
			 kinds[i % 3], i);
	}
	strcat(text, "PART 1 maps 10 1\nMEM 10 2\n");
	read_profile_text(&profile, text);
	assert_int_equal(profile.damaged_lines, 0);
	assert_null(part_stack_init(&stack, &profile, 0, &all));
	assert_int_equal(stack.layer_count, 3);
	assert_near(stack.layers[0].mib[0], 50);
	part_stack_deinit(&stack);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_list), cmocka_unit_test(test_stack),
		cmocka_unit_test(test_maps), cmocka_unit_test(test_tree),
		cmocka_unit_test(test_many), cmocka_unit_test(test_named_wrongly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
