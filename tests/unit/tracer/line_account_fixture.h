/* What the unit tests of line_account share: an account of one function, what its activations do, and what it has then. */
#ifndef TESTS_LINE_ACCOUNT_FIXTURE_H
#define TESTS_LINE_ACCOUNT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tracer/loop/lines/line_account.h"

enum { LINES = 70 };

static struct line_account account;

static inline int setup(void **state)
{
	(void)state;
	assert_null(line_account_init(&account, LINES, true));
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	line_account_deinit(&account);
	return 0;
}

static inline struct line_reading read_of(uint64_t bytes)
{
	return (struct line_reading){ .bytes = bytes };
}

static inline struct line_activation *begin_on(uint64_t runner, uint32_t line, uint64_t bytes)
{
	struct line_activation *ret;
	const struct line_stop at = { taddr(100), &line, 1, false };
	const struct line_reading now = read_of(bytes);

	assert_null(line_activation_begin(&account, runner, &at, true, &now, &ret));
	return ret;
}

static inline struct line_activation *begin(uint32_t line, uint64_t bytes)
{
	return begin_on(1, line, bytes);
}

static inline void reach(struct line_activation *activation, uint64_t address, uint32_t line,
			 uint64_t bytes)
{
	const struct line_stop at = { taddr(address), &line, 1, false };
	const struct line_reading now = read_of(bytes);

	line_activation_reach(activation, &at, &now);
}

static inline void end(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_end(activation, &now);
}

static inline void pass(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_pass(activation, &now);
}

static inline void suspend(struct line_activation *activation, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_suspend(activation, &now);
}

static inline void resume_on(struct line_activation *activation, uint64_t runner, uint64_t bytes)
{
	const struct line_reading now = read_of(bytes);

	line_activation_resume(activation, runner, &now);
}

static inline int64_t gain(uint32_t line)
{
	return account.tallies[line].increment_bytes;
}

static inline uint64_t executions(uint32_t line)
{
	return account.tallies[line].count;
}

static inline int64_t sum(void)
{
	int64_t ret = 0;
	for (uint32_t i = 0; i < LINES; i++)
		ret += gain(i);
	return ret;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
