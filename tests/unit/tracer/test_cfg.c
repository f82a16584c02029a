/* Unit tests of the instructions of a function, with data between some of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/probe/code/cfg.h"

enum { CODE = 0x401000 };

#define BYTES(...) (const uint8_t[]){ __VA_ARGS__ }, sizeof((const uint8_t[]){ __VA_ARGS__ })

static const struct code_case {
	const char *what;
	const uint8_t *code;
	size_t bytes;
	const char *
		begins; /* a letter for each byte: '|' begins an instruction, 'r' a return, '-' none */
	bool is_whole;
} cases[] = {
	{ "straight code", BYTES(0x55, 0x31, 0xc0, 0x5d, 0xc3), "||-|r", true },
	{ "a type in front", BYTES(0xeb, 6, 'v', '2', 0xc3, 0x48, 0xb8, 1, 0x31, 0xc0, 0xc3),
	  "|-------|-r", true },
	{ "a type that is not all there", BYTES(0xeb, 6, 'v', '2', 0x90, 0x90, 0x90), "|-|-|||",
	  true },
	/* jmp 1f; .byte 0xc3, 0x48, 0xb8; 1: inc %eax; … ret: in a row, a return and a constant of eight bytes */
	{ "data that is jumped over",
	  BYTES(0xeb, 3, 0xc3, 0x48, 0xb8, 0xff, 0xc0, 0xff, 0xc0, 0xff, 0xc0, 0xff, 0xc0, 0xc3),
	  "|----|-|-|-|-r", false },
	{ "data that is no instruction", BYTES(0x90, 0x06, 0x31, 0xc0, 0xc3), "|", false },
	{ "such data behind a branch", BYTES(0x74, 1, 0x06, 0x31, 0xc0, 0xc3), "|--|-r", false },
	{ "such data, jumped over", BYTES(0xeb, 1, 0x06, 0x31, 0xc0, 0xc3), "|--|-r", false },
	{ "the same, behind a branch back",
	  BYTES(0xeb, 4, 0x31, 0xc0, 0xc3, 0x06, 0x85, 0xff, 0x75, 0xf8, 0xc3), "|-|-r-|-|-r",
	  false },
	/* jmp *%rax; xor %eax,%eax; ret: a table leads there */
	{ "what a table leads to", BYTES(0xff, 0xe0, 0x31, 0xc0, 0xc3, 0x31, 0xc0, 0xc3),
	  "|-|-r|-r", true },
	{ "the same, and data elsewhere",
	  BYTES(0x74, 5, 0xff, 0xe0, 0x31, 0xc0, 0xc3, 0xeb, 2, 0x48, 0xb8, 0xc3), "|-|-|-r|---r",
	  false },
	/* je 1f; lock; 1: incl (%rdi); ret */
	{ "a prefix that is jumped over", BYTES(0x74, 1, 0xf0, 0xff, 0x07, 0xc3), "|-|--r", true },
	{ "data at the end", BYTES(0x31, 0xc0, 0xc3, 0x06, 0x06), "|-r", false },
	{ "a branch out of it", BYTES(0x74, 0x70, 0xeb, 0x70, 0xc3), "|-|-r", true },
	{ "no instruction", BYTES(0x06, 0xc3), "", false },
};

static void check_case(const struct code_case *c)
{
	struct cfg graph = { 0 };
	char found[64];
	size_t length = 0;

	assert_null(cfg_add_code(&graph, taddr(CODE), c->code, c->bytes));
	for (size_t i = 0; i < graph.count; i++) {
		const struct code_insn *insn = &graph.insns[i];
		while (length < insn->address.value - CODE)
			found[length++] = '-';
		found[length++] = insn->flow == ARCH_FLOW_RETURN ? 'r' : '|';
		for (unsigned byte = 1; byte < insn->bytes; byte++)
			found[length++] = '-';
		assert_int_equal(insn->is_start, i == 0);
		assert_int_equal(cfg_find(&graph, insn->address), i);
	}
	found[length] = 0;
	if (cfg_is_whole(&graph) != c->is_whole)
		fail_msg("%s: it is %swhole", c->what, c->is_whole ? "not " : "");
	if (strcmp(found, c->begins) != 0)
		fail_msg("%s: %s, not %s", c->what, found, c->begins);
	cfg_deinit(&graph);
}

static void finds_instructions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_case(&cases[i]);
}

/* What does not end in data does not go on behind it. */
static void does_not_link_over_data(void **state)
{
	/* jmp 1f; xor %eax,%eax; .byte 0x06; 1: ret; it is left out as a whole */
	static const uint8_t code[] = { 0xeb, 3, 0x31, 0xc0, 0x06, 0xc3 };
	struct cfg graph = { 0 };

	(void)state;
	assert_null(cfg_add_code(&graph, taddr(CODE), code, sizeof(code)));
	assert_null(cfg_link(&graph, NULL, NULL, 0));
	assert_int_equal(graph.count, 2);
	assert_int_equal(graph.insns[0].next, CODE_NOWHERE);
	assert_int_equal(graph.insns[0].target, 1);
	assert_int_equal(graph.insns[1].predecessors, 1);
	cfg_deinit(&graph);
}

/* The type is gone through. */
static void links_behind_type(void **state)
{
	static const uint8_t code[] = {
		0xeb, 6, 'v', '2', 0, 0, 0, 0, 0xff, 0xcf, 0x75, 0xfc, 0xc3
	};
	struct cfg graph = { 0 };

	(void)state;
	assert_null(cfg_add_code(&graph, taddr(CODE), code, sizeof(code)));
	assert_null(cfg_link(&graph, NULL, NULL, 0));
	assert_int_equal(graph.count, 4);
	assert_true(graph.insns[0].is_call_mark);
	assert_int_equal(graph.insns[0].next, 1);
	assert_int_equal(graph.insns[1].predecessors, 2);
	cfg_deinit(&graph);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_instructions),
		cmocka_unit_test(does_not_link_over_data),
		cmocka_unit_test(links_behind_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
