/* Unit tests of plot/compare: medians, what conditions come to, and budgets that keep themselves. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/compare/budget.h"
#include "plot/compare/verdict.h"

/* A function of a run; its time is as many seconds as it has calls. */
struct made_function {
	const char *name;
	double gain, calls;
};

static void make_subject(struct figures *figures, enum subject_kind kind, const char *name)
{
	struct subject *subject = &figures->subjects[figures->count++];

	subject->kind = kind;
	subject->name = strdup(name);
	for (enum figure i = 0; i < FIGURE_COUNT; i++)
		subject->of[i] = NAN;
}

/* @functions are in order of their names, and end with a NULL. */
static void add_run(struct figure_group *group, double peak, const struct made_function *functions)
{
	struct figures run = { .path = strdup("run.dat") };
	size_t count = 0;

	while (functions[count].name != NULL)
		count++;
	run.subjects = calloc(count + 2, sizeof(*run.subjects));
	make_subject(&run, SUBJECT_RUN, "");
	run.subjects[0].of[FIGURE_PEAK] = peak;
	for (size_t i = 0; i < count; i++) {
		make_subject(&run, SUBJECT_FUNCTION, functions[i].name);
		run.subjects[i + 1].of[FIGURE_GAIN] = functions[i].gain;
		run.subjects[i + 1].of[FIGURE_CALLS] = functions[i].calls;
		run.subjects[i + 1].of[FIGURE_TIME] = functions[i].calls * 1e9;
	}
	make_subject(&run, SUBJECT_PROGRAM, "python3");
	run.subjects[count + 1].of[FIGURE_PROCESSES] = 2;
	assert_null(figure_group_add(group, &run));
}

static void make_groups(struct figure_group *before, struct figure_group *after)
{
	*before = *after = (struct figure_group){ 0 };
	add_run(before, 100, (struct made_function[]){ { "a<int>", 10, 1 }, { "b", 0, 4 }, { 0 } });
	add_run(before, 110, (struct made_function[]){ { "a<int>", 12, 1 }, { "b", 0, 4 }, { 0 } });
	add_run(before, 90, (struct made_function[]){ { "a<int>", 11, 3 }, { 0 } });
	add_run(after, 120, (struct made_function[]){ { "a<int>", 22, 1 }, { "c", 5, 9 }, { 0 } });
	add_run(after, 130, (struct made_function[]){ { "a<int>", 20, 1 }, { "c", 5, 9 }, { 0 } });
	assert_null(figure_group_finish(before));
	assert_null(figure_group_finish(after));
}

static void test_medians(void **state)
{
	(void)state;
	struct figure_group before, after;
	struct figure_pair *pairs;
	size_t count;

	make_groups(&before, &after);
	assert_null(figure_pairs_create(&before, &after, &pairs, &count));
	assert_int_equal(count, 5); /* the run, a<int>, b, c, python3 */
	assert_true(pairs[0].before->median[FIGURE_PEAK] == 100);
	assert_true(pairs[0].before->spread[FIGURE_PEAK] == 10);
	assert_true(pairs[0].after->median[FIGURE_PEAK] == 125);
	assert_true(pairs[0].after->spread[FIGURE_PEAK] == 5);
	assert_string_equal(pairs[1].name, "a<int>");
	assert_true(pairs[1].before->median[FIGURE_GAIN] == 11);
	assert_true(pairs[1].before->median[FIGURE_CALLS] == 1);
	/* One run of three did not call it: 4 is the median of 0, 4 and 4. */
	assert_string_equal(pairs[2].name, "b");
	assert_true(pairs[2].before->median[FIGURE_CALLS] == 4);
	assert_int_equal(pairs[2].before->runs, 2);
	assert_null(pairs[2].after);
	assert_null(pairs[3].before);
	assert_true(isnan(pairs[4].after->median[FIGURE_PROCESS_PEAK]));
	free(pairs);
	figure_group_deinit(&before);
	figure_group_deinit(&after);
}

/* As a pattern: the first letter decides. */
static bool wants_initial(void *data, const char *name)
{
	return name[0] == *(const char *)data;
}

static void assert_verdict(const char *text, enum verdict_status status, double measured)
{
	struct figure_group before, after;
	struct conditions conditions = { 0 };
	struct condition condition;
	struct verdicts verdicts;

	make_groups(&before, &after);
	assert_null(condition_parse(text, &condition));
	assert_null(conditions_add(&conditions, &condition));
	conditions.list[0].wants = wants_initial;
	conditions.list[0].data = conditions.list[0].name;
	assert_null(verdicts_init(&verdicts, &conditions, &before, &after));
	assert_int_equal(verdicts.count, 1);
	const struct verdict *verdict = &verdicts.list[0];
	if (verdict->status != status ||
	    (status != VERDICT_UNKNOWN && fabs(verdict->measured - measured) > 1e-9))
		fail_msg("%s: status %d, %g measured, %s", text, verdict->status, verdict->measured,
			 verdict->reason != NULL ? verdict->reason : "");
	assert_true((verdict->reason != NULL) == (status == VERDICT_UNKNOWN));
	assert_int_equal(verdicts_exit_status(&verdicts), status == VERDICT_KEPT      ? 0
							  : status == VERDICT_UNKNOWN ? 125
										      : 1);
	verdicts_deinit(&verdicts);
	conditions_deinit(&conditions);
	figure_group_deinit(&before);
	figure_group_deinit(&after);
}

static void test_verdicts(void **state)
{
	(void)state;
	assert_verdict("peak>+25%", VERDICT_KEPT, 25);
	assert_verdict("peak>=+25%", VERDICT_BROKEN, 25);
	assert_verdict("peak>+24.9%", VERDICT_BROKEN, 25);
	assert_verdict("peak>+25M", VERDICT_KEPT, 25);
	assert_verdict("peak>124M", VERDICT_BROKEN, 125);
	assert_verdict("peak<125M", VERDICT_KEPT, 125);
	assert_verdict("gain:a<int>>+9M", VERDICT_BROKEN, 10);
	assert_verdict("gain:a>+10M", VERDICT_KEPT, 10);
	/* In each run something must match. */
	assert_verdict("calls:b<-100%", VERDICT_UNKNOWN, 0);
	assert_verdict("calls:nosuch>+1", VERDICT_UNKNOWN, 0);
	assert_verdict("calls:c>0", VERDICT_UNKNOWN, 0);
	/* Of each function: c is new, and grows from nothing. */
	assert_verdict("calls>+8", VERDICT_BROKEN, 9);
	assert_verdict("calls>+1000%", VERDICT_BROKEN, INFINITY);
	assert_verdict("calls<-4", VERDICT_KEPT, -4);
	assert_verdict("calls<-3", VERDICT_BROKEN, -4);
	assert_verdict("processes:py*>+0%", VERDICT_KEPT, 0);
	assert_verdict("processes:ruby>+0%", VERDICT_UNKNOWN, 0);
	assert_verdict("peak:python3>1M", VERDICT_UNKNOWN, 0); /* not known */
	assert_verdict("tree>1M", VERDICT_UNKNOWN, 0);
}

/* Of a budget made of a group, all limits are kept, and half a band more or less breaks none. */
static void test_written_budget(void **state)
{
	(void)state;
	static const double bands[] = { 1, 5, 20, 50, 100 };
	struct figure_group before, after;

	make_groups(&before, &after);
	for (size_t i = 0; i < sizeof(bands) / sizeof(bands[0]); i++) {
		struct conditions budget = { 0 };
		struct verdicts verdicts;
		char *text = NULL;
		size_t bytes;
		FILE *out = open_memstream(&text, &bytes);
		budget_write(out, &after, bands[i]);
		fclose(out);
		struct error *err = budget_parse(&budget, "b", text, bytes, bands[i]);
		if (err != NULL)
			fail_msg("%s\n%s", error_message(err), text);
		assert_int_equal(budget.count, 5); /* a peak; gain and calls of two functions */
		assert_null(verdicts_init(&verdicts, &budget, NULL, &after));
		if (verdicts_count(&verdicts, VERDICT_KEPT) != 5)
			fail_msg("its own budget is not kept:\n%s", text);
		verdicts_deinit(&verdicts);
		/* The other group has 20 % less. */
		if (bands[i] == 20) {
			assert_null(verdicts_init(&verdicts, &budget, NULL, &before));
			assert_int_equal(verdicts.list[0].status, VERDICT_FAR_BELOW);
			assert_int_equal(verdicts_exit_status(&verdicts), 1);
			verdicts_deinit(&verdicts);
		}
		conditions_deinit(&budget);
		free(text);
	}
	figure_group_deinit(&before);
	figure_group_deinit(&after);
}

static void test_metrics_differ(void **state)
{
	(void)state;
	struct figure_group group = { 0 };

	add_run(&group, 1, (struct made_function[]){ { 0 } });
	add_run(&group, 1, (struct made_function[]){ { 0 } });
	strcpy(group.runs[0].metric, "RSS");
	strcpy(group.runs[1].metric, "PSS");
	struct error *err = figure_group_finish(&group);
	assert_non_null(err);
	assert_int_equal(error_code(err), ERR_FORMAT);
	error_free(err);
	figure_group_deinit(&group);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_medians),
		cmocka_unit_test(test_verdicts),
		cmocka_unit_test(test_written_budget),
		cmocka_unit_test(test_metrics_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
