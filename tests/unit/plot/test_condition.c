/* Unit tests of plot/compare: the grammar of conditions, the words of budgets, what budgets are made of. */
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
#include "plot/compare/limit.h"

static void assert_parsed(const char *text, enum figure figure, const char *name,
			  enum compare_sign comparison, enum amount_kind kind, double amount)
{
	struct condition condition;
	struct error *err = condition_parse(text, &condition);

	if (err != NULL)
		fail_msg("%s: %s", text, error_message(err));
	assert_int_equal(condition.figure, figure);
	assert_int_equal(condition.comparison, comparison);
	assert_int_equal(condition.kind, kind);
	assert_true(fabs(condition.amount - amount) < 1e-9);
	assert_string_equal(condition.text, text);
	if (name == NULL)
		assert_null(condition.name);
	else
		assert_string_equal(condition.name, name);
	condition_deinit(&condition);
}

static void test_conditions(void **state)
{
	(void)state;
	assert_parsed("peak>+5%", FIGURE_PEAK, NULL, COMPARE_MORE, AMOUNT_PERCENT, 5);
	assert_parsed(" peak >= 1.5G ", FIGURE_PEAK, NULL, COMPARE_MORE_EQUAL, AMOUNT_VALUE, 1536);
	assert_parsed("tree>+10M", FIGURE_TREE, NULL, COMPARE_MORE, AMOUNT_CHANGE, 10);
	assert_parsed("duration<-20%", FIGURE_DURATION, NULL, COMPARE_LESS, AMOUNT_PERCENT, -20);
	assert_parsed("slope>1M/s", FIGURE_SLOPE, NULL, COMPARE_MORE, AMOUNT_VALUE, 1);
	assert_parsed("calls:load<=3", FIGURE_CALLS, "load", COMPARE_LESS_EQUAL, AMOUNT_VALUE, 3);
	assert_parsed("time>+1s", FIGURE_TIME, NULL, COMPARE_MORE, AMOUNT_CHANGE, 1e9);
	assert_parsed("peak:python3>100M", FIGURE_PROCESS_PEAK, "python3", COMPARE_MORE,
		      AMOUNT_VALUE, 100);
	assert_parsed("processes:cc1>+2", FIGURE_PROCESSES, "cc1", COMPARE_MORE, AMOUNT_CHANGE, 2);
	/* Names hold what they like. */
	assert_parsed("gain:std::vector<int>::push_back>+1M", FIGURE_GAIN,
		      "std::vector<int>::push_back", COMPARE_MORE, AMOUNT_CHANGE, 1);
	assert_parsed("gain:operator>>>0", FIGURE_GAIN, "operator>>", COMPARE_MORE, AMOUNT_VALUE,
		      0);
	assert_parsed("gain: a b, c <0", FIGURE_GAIN, "a b, c", COMPARE_LESS, AMOUNT_VALUE, 0);
	assert_parsed("gain:x:=>0", FIGURE_GAIN, "x:=", COMPARE_MORE, AMOUNT_VALUE, 0);
}

static void test_refused_conditions(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} refused[] = {
		{ "", "no comparison" },
		{ "peak", "no comparison" },
		{ "peak+5%", "no comparison" },
		{ "peak>5%", "write +5%" },
		{ "peak>", "give a size" },
		{ "peak>500", "give a size" },
		{ "peak>+5s", "give a size" },
		{ "peak>nan%", "give a size" },
		{ "peak==5M", "no comparison" },
		{ "peak>>5M", "'peak>' is no figure" },
		{ "peaks>5M", "'peaks' is no figure" },
		{ ">5M", "'' is no figure" },
		{ "tree:x>5M", "'tree' is no figure with a name" },
		{ "processes>5", "no figure" },
		{ "gain:>5M", "no name" },
		{ "gain: >5M", "no name" },
		{ "calls:x>1.5", "whole number" },
		{ "duration>5M", "give a time" },
		{ "slope>5M", "memory over time" },
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct condition condition;
		struct error *err = condition_parse(refused[i].text, &condition);
		if (err == NULL)
			fail_msg("'%s' was taken", refused[i].text);
		assert_int_equal(error_code(err), ERR_USAGE);
		if (strstr(error_message(err), refused[i].says) == NULL)
			fail_msg("'%s': %s", refused[i].text, error_message(err));
		error_free(err);
	}
}

static struct error *parse_budget(struct conditions *conditions, const char *text)
{
	*conditions = (struct conditions){ 0 };
	return budget_parse(conditions, "b.txt", text, strlen(text), 20);
}

static void test_budget(void **state)
{
	(void)state;
	struct conditions budget;
	struct error *err =
		parse_budget(&budget, "# a comment\n"
				      "--max-peak 120M\n"
				      "\n"
				      "  --max-peak=400M --tree   # its children too\r\n"
				      "--func 'load(std::string, int)' --max-gain 50M --band 40\n"
				      "--max-calls 3 --func \"it's\"#1\n"
				      "\t--func a\\ b\\#c'd e' --max-time 2s");
	assert_null(err);
	assert_int_equal(budget.count, 5);
	assert_int_equal(budget.list[0].figure, FIGURE_PEAK);
	assert_true(budget.list[0].amount == 120 && budget.list[0].band_percent == 20);
	assert_string_equal(budget.list[0].origin, "b.txt:2");
	assert_int_equal(budget.list[1].figure, FIGURE_TREE);
	assert_string_equal(budget.list[1].origin, "b.txt:4");
	assert_int_equal(budget.list[2].figure, FIGURE_GAIN);
	assert_string_equal(budget.list[2].name, "load(std::string, int)");
	assert_true(budget.list[2].band_percent == 40);
	assert_string_equal(budget.list[3].name, "it's#1");
	assert_string_equal(budget.list[4].name, "a b#cd e");
	assert_true(budget.list[4].amount == 2e9);
	assert_true(condition_holds(&budget.list[0], 120.001));
	assert_false(condition_holds(&budget.list[0], 120));
	conditions_deinit(&budget);
	assert_null(parse_budget(&budget, ""));
	assert_int_equal(budget.count, 0);
}

static void test_refused_budgets(void **state)
{
	(void)state;
	static const struct {
		const char *text, *says;
	} refused[] = {
		{ "--max-peak 1M\n\n--max-leak 3M\n", "b.txt:3: '--max-leak' is not known" },
		{ "max-peak 1M", "b.txt:1: 'max-peak' is not known" },
		{ "--max-peak", "b.txt:1: there is nothing behind --max-peak" },
		{ "--max-peak # 1M", "nothing behind --max-peak" },
		{ "--max-peak 500", "b.txt:1: --max-peak: 500: give a size" },
		{ "--max-peak 5M --max-slope 1M/s", "second limit" },
		{ "--max-gain 5M", "name it with --func" },
		{ "--func f --max-peak 5M", "does not go with --func" },
		{ "--func f --max-gain 5M --tree", "does not go with --tree" },
		{ "--tree=yes --max-peak 5M", "'--tree=yes' is not known" },
		{ "--func f", "no limit in this line" },
		{ "--func 'f --max-gain 5M", "quote" },
		{ "--max-peak 5M --band 0", "percent" },
		{ "--max-peak 5M 6M", "'6M' is not known" },
		{ "--budget other", "'--budget' is not known" },
		{ "--max-peak 5M\n\xff", "UTF-8" },
	};
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct conditions budget;
		struct error *err = parse_budget(&budget, refused[i].text);
		if (err == NULL)
			fail_msg("'%s' was taken", refused[i].text);
		assert_int_equal(error_code(err), ERR_USAGE);
		if (strstr(error_message(err), refused[i].says) == NULL)
			fail_msg("'%s': %s", refused[i].text, error_message(err));
		error_free(err);
		conditions_deinit(&budget);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_conditions),
		cmocka_unit_test(test_refused_conditions),
		cmocka_unit_test(test_budget),
		cmocka_unit_test(test_refused_budgets),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
