/* Unit tests of plot/stacks and of the records that it is made of: peaks, weights, words; and damage. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/profile/profile_filter.h"
#include "plot/stacks/peak_table.h"
#include "plot/stacks/stack_marks.h"
#include "plot/stacks/stack_tips.h"
#include "plot/stacks/stack_weights.h"
#include "tests/unit/plot_fixture.h"

/* A process that grows by f in g, and whose thread calls h twice; its child sleeps. */
static const char text[] = "CMDLINE ./prog\n"
			   "FORMAT 4 test\n"
			   "PROC 7 1 1000000000.0 ./prog\n"
			   "MEM 1 1000000001.0\n"
			   "PROC 8 7 1000000001.5 child\n"
			   "FRAME 1 0 main prog\n"
			   "FRAME 2 1 g(int,\302\240long) prog\n"
			   "FRAME 3 2 f prog inlined\n"
			   "FRAME 5 1 h prog\n"
			   "FRAME 6 2 h prog\n"
			   "STACK 3 20 1000000002.0 7 7 peak grew 15.5\n"
			   "STACK 5 20 1000000002.0 7 7 peak grew 3.5\n"
			   "STACK 0 20 1000000002.0 7 7 peak running\n"
			   "STACK 2 20 1000000002.0 7 9 peak asleep futex\n"
			   "STACK 5 20 1000000002.5 7 7 entry stopped h\n"
			   "STACK 3 30 1000000003.0 7 7 peak grew 10\n"
			   "STACK 2 5 1000000003.0 8 8 peak asleep wait4\n"
			   "STACK 6 30 1000000003.5 7 7 entry stopped h\n"
			   "FUNC h 20 1000000002.5 21 1000000002.7 0 7 7\n"
			   "FUNC h 30 1000000003.5 32 1000000003.6 0 7 7\n"
			   "FUNC h 30 1000000004.5 33 1000000004.8 0 7 7\n"
			   "MEM 30 1000000005.0\n";

static void read_it(struct profile *profile)
{
	read_profile_text(profile, text);
	assert_int_equal(profile->damaged_lines, 0);
	assert_int_equal(profile->stacks.frame_count, 5);
	assert_int_equal(profile->stacks.met_count, 8);
}

static const char *function_of(const struct profile *profile, int32_t frame)
{
	assert_true(frame >= 0);
	return profile->stacks.names[profile->stacks.frames[frame].name];
}

static void test_marks(void **state)
{
	struct profile profile;
	struct stack_marks marks;
	(void)state;

	read_it(&profile);
	assert_null(stack_marks_init(&marks, &profile));
	assert_int_equal(marks.count, 3);
	const struct stack_mark *highest = stack_marks_highest(&marks, 0);
	assert_float_equal(highest->mib, 30, 1e-9);
	assert_int_equal(highest->count, 1);
	const struct stack_mark *first = stack_marks_at(&marks, 0, profile.zero_ns + 1500000000);
	assert_int_equal(first->count, 4);
	assert_string_equal(function_of(&profile, stack_mark_culprit(first, &profile)->frame), "f");
	assert_null(stack_marks_at(&marks, 0, profile.zero_ns + 500000000));
	assert_null(stack_marks_at(&marks, 2, INT64_MAX));
	stack_marks_deinit(&marks);
	profile_deinit(&profile);
}

/* Of the three calls two have stacks: what the third gained is theirs, too. */
static void test_weights(void **state)
{
	struct call_nesting nesting;
	struct stack_weights weights;
	struct profile profile;
	double sum = 0, of_f = 0;
	(void)state;

	read_it(&profile);
	assert_null(call_nesting_init(&nesting, &profile));
	assert_null(stack_weights_create(&profile, &nesting, false, &weights));
	assert_int_equal(weights.count, 2);
	assert_float_equal(weights.stacks[0].weight, 0.4e9, 1e3);
	assert_float_equal(weights.stacks[1].weight, 0.2e9, 1e3);
	stack_weights_deinit(&weights);
	assert_null(stack_weights_create(&profile, &nesting, true, &weights));
	for (size_t i = 0; i < weights.count; i++) {
		sum += weights.stacks[i].weight;
		if (strcmp(function_of(&profile, weights.stacks[i].frame), "f") == 0)
			of_f += weights.stacks[i].weight;
	}
	assert_float_equal(sum / 1048576, 15.5 + 3.5 + 10 + 6, 1e-6);
	assert_float_equal(of_f / 1048576, 25.5, 1e-6);
	stack_weights_deinit(&weights);
	call_nesting_deinit(&nesting);
	profile_deinit(&profile);
}

static void test_words(void **state)
{
	struct stack_tips tips;
	struct profile profile;
	char *table = NULL;
	size_t bytes;
	bool is_any;
	(void)state;

	read_it(&profile);
	assert_null(stack_tips_init(&tips, &profile));
	const struct stack_tip *tip = stack_tips_find(&tips, 0, INT64_MAX);
	assert_string_equal(tip->text,
			    "peak of 30.0 MiB: thread got 10.0 MiB, in\nf\ng(int, long)\nmain");
	stack_tips_deinit(&tips);
	char *call = stack_tip_of_call(&profile, &profile.functions[0].calls[1]);
	assert_string_equal(call, "called in\ng(int, long)\nmain");
	free(call);
	call = stack_tip_of_call(&profile, &profile.functions[0].calls[2]);
	assert_string_equal(call, "");
	free(call);
	FILE *out = open_memstream(&table, &bytes);
	assert_null(peak_table_write(&profile, 40, out, &is_any));
	fclose(out);
	assert_true(is_any);
	const char *all =
		strstr(table, "    got 25.5 MiB until then, 10.0 MiB of it since the last peak:\n"
			      "      f  (prog, inlined)\n      g(int, long)  (prog)\n");
	assert_non_null(all);
	assert_true(strstr(table, "    got 3.5 MiB until then:\n      h  (prog)\n") > all);
	assert_non_null(strstr(table, "    thread 8, asleep in wait4:\n"));
	free(table);
	profile_deinit(&profile);
}

static void test_kept_processes(void **state)
{
	const int32_t child = 8;
	struct profile profile;
	(void)state;

	read_it(&profile);
	profile_keep_processes(&profile, &child, 1);
	assert_int_equal(profile.stacks.met_count, 1);
	assert_null(profile_stacks_entry(&profile.stacks, 0, 7, profile.zero_ns + 1500000000));
	profile_deinit(&profile);
}

/* What is no stack is counted as damage, and nothing of it is kept. */
static void test_damage(void **state)
{
	struct profile profile;
	(void)state;

	read_profile_text(&profile,
			  "MEM 1 1000000001.0\nFRAME 2 1 f m\nFRAME 1 0 f m\nFRAME 1 0 g m\n"
			  "FRAME 0 0 g m\nSTACK 9 1 1000000001.0 7 7 peak running\n"
			  "STACK 1 -1 1000000001.0 7 7 peak running\n"
			  "STACK 1 1 1000000001.0 7 7 peak grew x\nSTACK 1 1 x 7 7 peak running\n"
			  "STACK 1 1 1000000001.0 7 7 other running\n");
	assert_int_equal(profile.stacks.frame_count, 1);
	assert_int_equal(profile.stacks.met_count, 0);
	assert_int_equal(profile.damaged_lines, 7);
	profile_deinit(&profile);
}

/* A chain that no recording has is cut, so that adding up its stacks is no endless work. */
static void test_deep(void **state)
{
	enum { FRAMES = 100000 };
	struct profile profile;
	char *chain = NULL;
	size_t bytes;
	(void)state;

	FILE *out = open_memstream(&chain, &bytes);
	assert_non_null(out);
	fputs("MEM 1 1000000001.0\n", out);
	for (int i = 0; i < FRAMES; i++)
		fprintf(out, "FRAME %d %d f m\n", i + 1, i);
	assert_int_equal(fclose(out), 0);
	read_profile_text(&profile, chain);
	free(chain);
	assert_true(profile.stacks.frame_count > 256 * 64);
	assert_true(profile.stacks.frame_count < FRAMES);
	assert_int_equal(profile.damaged_lines, FRAMES - profile.stacks.frame_count);
	profile_deinit(&profile);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_marks),  cmocka_unit_test(test_weights),
		cmocka_unit_test(test_words),  cmocka_unit_test(test_kept_processes),
		cmocka_unit_test(test_damage), cmocka_unit_test(test_deep),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
