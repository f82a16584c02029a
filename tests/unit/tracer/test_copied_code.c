/* Unit tests of recognising our trap in a copy of code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/probe/code/copied_code.h"

enum { AT = CODE_REACH_BYTES, TRAP = 0xcc, PUSH_RBP = 0x55, PUSH_RBX = 0x53 };

/* All of it is known; each byte another than its neighbours, and none a trap. */
static void source_init(struct code_source *source, uint8_t first)
{
	memset(source, 0, sizeof(*source));
	for (size_t i = 0; i < CODE_VIEW_BYTES; i++)
		source->code.bytes[i] = (uint8_t)(i * 7 % 0x80 + 1);
	source->code.bytes[AT] = first;
	source->code.end = CODE_VIEW_BYTES;
	source->displaced_bytes = 1;
	source->may_be_trap[AT] = true;
}

/* A copy of [from, to) with other code around it, and a trap where the site is. */
static void copy_init(struct code_view *copy, const struct code_source *source, size_t from,
		      size_t to)
{
	*copy = (struct code_view){ .end = CODE_VIEW_BYTES };
	for (size_t i = 0; i < CODE_VIEW_BYTES; i++)
		copy->bytes[i] = (uint8_t)(source->code.bytes[i] ^ 0x80);
	memcpy(copy->bytes + from, source->code.bytes + from, to - from);
	copy->bytes[AT] = TRAP;
}

static bool is_copy(const struct code_source *source, size_t before, size_t behind)
{
	struct code_view copy;

	copy_init(&copy, source, AT - before, AT + 1 + behind);
	return copied_code_is_of(&copy, source);
}

static void test_as_many_bytes_as_tell(void **state)
{
	struct code_source source;

	(void)state;
	source_init(&source, PUSH_RBP);
	assert_true(is_copy(&source, 0, 14));
	assert_true(is_copy(&source, 14, 0));
	assert_true(is_copy(&source, 7, 7));
	assert_true(is_copy(&source, AT, AT - 1));
	assert_false(is_copy(&source, 0, 13));
	assert_false(is_copy(&source, 6, 7));
	assert_false(is_copy(&source, 0, 0));
}

static void test_gap(void **state)
{
	struct code_source source;
	struct code_view copy;

	(void)state;
	source_init(&source, PUSH_RBP);
	copy_init(&copy, &source, 0, CODE_VIEW_BYTES);
	copy.bytes[AT + 8] ^= 0x80;
	copy.bytes[AT - 8] ^= 0x80;
	assert_true(copied_code_is_of(&copy, &source)); /* 7 before, it, 7 behind */
	copy.bytes[AT - 7] ^= 0x80;
	assert_false(copied_code_is_of(&copy, &source));
}

/* What is not known is not the same. */
static void test_edge_of_memory(void **state)
{
	struct code_source source;
	struct code_view copy;

	(void)state;
	source_init(&source, PUSH_RBP);
	copy_init(&copy, &source, 0, CODE_VIEW_BYTES);
	copy.start = AT;
	copy.end = AT + 14;
	assert_false(copied_code_is_of(&copy, &source));
	copy.end = AT + 15;
	assert_true(copied_code_is_of(&copy, &source));
	source.code.start = AT;
	source.code.end = AT + 14;
	assert_false(copied_code_is_of(&copy, &source));
}

/* Other sites' traps are in the copy or not, as they were when it was made. */
static void test_other_traps(void **state)
{
	struct code_source source;
	struct code_view copy;

	(void)state;
	source_init(&source, PUSH_RBP);
	copy_init(&copy, &source, AT, AT + 20);
	copy.bytes[AT + 5] = TRAP;
	assert_false(copied_code_is_of(&copy, &source));
	source.may_be_trap[AT + 5] = true;
	assert_true(copied_code_is_of(&copy, &source));
	copy.bytes[AT + 5] = source.code.bytes[AT + 5];
	assert_true(copied_code_is_of(&copy, &source));
}

static void test_whole_function(void **state)
{
	struct code_source source;

	(void)state;
	source_init(&source, PUSH_RBP);
	source.function_bytes = 9;
	assert_true(is_copy(&source, 0, 8));
	assert_false(is_copy(&source, 0, 7));
	source.function_bytes = 7; /* too short to tell anything */
	assert_false(is_copy(&source, 0, 8));
}

/* A part of the displaced instruction is another's. */
static void test_displaced_instruction(void **state)
{
	struct code_source source;

	(void)state;
	source_init(&source, PUSH_RBP);
	source.displaced_bytes = 4;
	assert_false(is_copy(&source, 20, 2));
	assert_true(is_copy(&source, 20, 3));
}

static void test_sources_must_agree(void **state)
{
	struct copy_verdict verdict = { 0 };
	struct code_source source;

	(void)state;
	source_init(&source, PUSH_RBP);
	copy_verdict_add(&verdict, &source);
	copy_verdict_add(&verdict, &source);
	assert_true(verdict.is_found);
	assert_false(verdict.is_unclear);
	assert_int_equal(verdict.byte, PUSH_RBP);
	source_init(&source, PUSH_RBX);
	copy_verdict_add(&verdict, &source);
	assert_true(verdict.is_unclear);
	source_init(&source, PUSH_RBP);
	copy_verdict_add(&verdict, &source);
	assert_true(verdict.is_unclear);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_many_bytes_as_tell),
		cmocka_unit_test(test_gap),
		cmocka_unit_test(test_edge_of_memory),
		cmocka_unit_test(test_other_traps),
		cmocka_unit_test(test_whole_function),
		cmocka_unit_test(test_displaced_instruction),
		cmocka_unit_test(test_sources_must_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
