/* Unit tests of where control enters and leaves inlined code: functions as lines of letters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tracer/probe/inlined/inlined_flow.h"

enum { BASE = 0x1000, INSNS_MAX = 64 };

/* A letter an instruction, each of one byte: what it does. */
struct program {
	struct cfg graph;
	struct code_insn insns[INSNS_MAX];
	struct inlined_range ranges[INSNS_MAX];
	size_t range_count;
};

/*
 * @code: '.' goes on, 'c' calls, 'r' returns, 't' jumps through a table, 'n' pads, 'j' jumps and 'b' may
 * jump to where @labels has the letter that @jumps has below it. @inside: '#' where the inlined code is.
 */
static void program_make(struct program *p, const char *code, const char *jumps, const char *labels,
			 const char *inside)
{
	const size_t count = strlen(code);

	*p = (struct program){ .graph = { .insns = p->insns, .count = count, .piece_count = 1 } };
	assert_true(count <= INSNS_MAX && strlen(inside) == count && strlen(jumps) == count &&
		    strlen(labels) == count);
	p->graph.pieces[0] = (struct code_piece){ .start = taddr(BASE),
						  .end = taddr(BASE + count),
						  .count = (uint32_t)count };
	for (size_t i = 0; i < count; i++) {
		static const char kinds[] = ".crtnbj";
		static const enum arch_flow flows[] = {
			ARCH_FLOW_FALLTHROUGH, ARCH_FLOW_FALLTHROUGH, ARCH_FLOW_RETURN,
			ARCH_FLOW_INDIRECT,    ARCH_FLOW_FALLTHROUGH, ARCH_FLOW_BRANCH,
			ARCH_FLOW_JUMP
		};
		struct code_insn *insn = &p->insns[i];
		const char *kind = strchr(kinds, code[i]);
		assert_non_null(kind);
		*insn = (struct code_insn){
			.address = taddr(BASE + i),
			.next = CODE_NOWHERE,
			.target = CODE_NOWHERE,
			.flow = flows[kind - kinds],
			.is_call = code[i] == 'c',
			.is_padding = code[i] == 'n',
			.is_start = i == 0,
		};
		if ((insn->flow == ARCH_FLOW_FALLTHROUGH || insn->flow == ARCH_FLOW_BRANCH) &&
		    i + 1 < count)
			insn->next = (uint32_t)i + 1;
		const char *label = jumps[i] == ' ' ? NULL : strchr(labels, jumps[i]);
		if (label != NULL)
			insn->target = (uint32_t)(label - labels);
		if (inside[i] == '#' && (i == 0 || inside[i - 1] != '#'))
			p->ranges[p->range_count++].start = taddr(BASE + i);
		if (inside[i] == '#')
			p->ranges[p->range_count - 1].end = taddr(BASE + i + 1);
	}
	for (size_t i = 0; i < count; i++) {
		if (p->insns[i].next != CODE_NOWHERE)
			p->insns[p->insns[i].next].predecessors++;
		if (p->insns[i].target != CODE_NOWHERE)
			p->insns[p->insns[i].target].predecessors++;
	}
}

/*
 * The points as a line like the code: 'E' enters, 'e' where its own code may come, too, 'X' is left when
 * control comes there, 'L' leaves.
 */
static void assert_points(struct program *p, int entry, const char *expected)
{
	struct flow_point points[FLOW_POINTS_MAX];
	char actual[INSNS_MAX + 1];
	size_t count;
	uint64_t steps = 100000;

	taddr_t at = entry < 0 ? taddr(0) : taddr(BASE + (uint64_t)entry);
	assert_null(inlined_flow_find(&p->graph, at, p->ranges, p->range_count, &steps, points,
				      &count));
	memset(actual, ' ', sizeof(actual));
	actual[p->graph.count] = '\0';
	for (size_t i = 0; i < count; i++) {
		char *place = &actual[points[i].address.value - BASE];
		assert_int_equal(*place, ' ');
		*place = points[i].kind == FLOW_ENTER ? (points[i].may_come_back ? 'e' : 'E')
						      : (points[i].kind == FLOW_LEAVE ? 'X' : 'L');
	}
	assert_string_equal(actual, expected);
}

static void check(const char *code, const char *jumps, const char *labels, const char *inside,
		  int entry, const char *expected)
{
	struct program p;

	program_make(&p, code, jumps, labels, inside);
	assert_points(&p, entry, expected);
}

static void test_plain(void **state)
{
	(void)state;
	check("......r", "       ", "       ", "  ##   ", 2, "  E X  ");
	/* The function's end is its own. */
	check("......r", "       ", "       ", "  #####", 2, "  E   L");
	/* So is a jump to another function. */
	check("...j...", "       ", "       ", "  ##   ", 2, "  EL   ");
	/* Two ways out. */
	check("..b...r", "  a    ", "     a ", "  ##   ", 2, "  E XX ");
}

static void test_gaps(void **state)
{
	(void)state;
	/* The caller's own between two of its pieces. */
	check(".......r", "        ", "        ", " ## ##  ", 1, " E    X ");
	/* But not a call of the caller's. */
	check("...c...r", "        ", "        ", " ## ##  ", 1, " E X    ");
	/* The caller may leave within the gap. */
	check("...b....r", "   a     ", "       a ", " ## ##   ", 1, " E    XX ");
}

static void test_loops(void **state)
{
	(void)state;
	/* A loop of the caller's: the entry begins anew, with as little between. */
	check(".....br", "     a ", " a     ", " ###   ", 1, " E  X  ");
	/* A loop of its own that begins with its first instruction. */
	check("...b..r", "   a   ", " a     ", " ###   ", 1, " e  X  ");
	/* One of the caller's that is entered in the middle; where it begins is not said. */
	check(".j............br", " b            a ", "  a  b          ", "  ############  ", -1,
	      "  E  e        X ");
}

static void test_copies(void **state)
{
	(void)state;
	/* The loop is unrolled, and the caller does more in it: each copy is a call. */
	check(".....cc.cc.cc.br", "              a ", "     a          ", "     #  #  #    ", 5,
	      "     EX EX EX   ");
	/* What has been moved out of the way is none. */
	check("..c........c...r", "                ", "                ", " #         ##   ", 11,
	      "           E X  ");
}

static void test_tables(void **state)
{
	(void)state;
	/* Where nothing is seen to lead is where the table may: inside, on the way there, outside. */
	check("..t..j..j.c.r", "     a  a    ", "          a  ", "  ###  ##    ", 2,
	      "  E  X   XX  ");
}

static void test_misfits(void **state)
{
	(void)state;
	struct program p;

	program_make(&p, "......r", "       ", "       ", "  ##   ");
	/* Not at an instruction. */
	p.insns[2].address = taddr(BASE + 1);
	p.insns[1].address = taddr(BASE);
	assert_points(&p, 2, "       ");
	/* The entry lies elsewhere: the first piece is it. */
	check("......r", "       ", "       ", "  ##   ", 5, "  E X  ");
	/* It would cost too much. */
	struct flow_point points[FLOW_POINTS_MAX];
	uint64_t steps = 10;
	size_t count;
	assert_null(
		inlined_flow_find(&p.graph, taddr(BASE + 2), p.ranges, 1, &steps, points, &count));
	assert_int_equal(count, 0);
	assert_int_equal(steps, 0);
	/* None of it is in the function. */
	program_make(&p, "......r", "       ", "       ", "  ##   ");
	p.ranges[0] = (struct inlined_range){ taddr(BASE + 100), taddr(BASE + 110) };
	assert_points(&p, 2, "       ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),  cmocka_unit_test(test_gaps),
		cmocka_unit_test(test_loops),  cmocka_unit_test(test_copies),
		cmocka_unit_test(test_tables), cmocka_unit_test(test_misfits),
	};
	return cmocka_run_group_tests_name("inlined_flow", tests, NULL, NULL);
}
