/* Stacks as the branches of a tree: each node once, told of once, in the order of its number. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tracer/loop/stacks/stack_nodes.h"

static uint32_t name_of(struct stack_nodes *nodes, const char *function, const char *module,
			bool is_inlined)
{
	uint32_t name = 0;

	assert_null(stack_nodes_name(nodes, function, module, is_inlined, &name));
	return name;
}

static uint32_t node_of(struct stack_nodes *nodes, uint32_t outer, uint32_t name)
{
	uint32_t node = 0;

	assert_null(stack_nodes_add(nodes, outer, name, &node));
	return node;
}

static void note_count(void *context, uint32_t node, uint32_t outer, const struct stack_name *name)
{
	uint32_t *told = context;

	assert_int_equal(node, ++*told);
	assert_true(outer < node);
	assert_non_null(name->function);
}

static void test_nodes_are_shared(void **state)
{
	uint32_t told = 0, outer;
	struct stack_nodes nodes = { .note = note_count, .context = &told };
	(void)state;

	uint32_t main_name = name_of(&nodes, "main", "prog", false);
	uint32_t f = name_of(&nodes, "f(int)", "prog", false);
	uint32_t main_node = node_of(&nodes, 0, main_name);
	uint32_t f_node = node_of(&nodes, main_node, f);
	uint32_t deeper = node_of(&nodes, f_node, f); /* recursion is a branch of its own */
	assert_int_not_equal(f_node, deeper);
	assert_int_equal(told, 3);
	assert_int_equal(node_of(&nodes, 0, name_of(&nodes, "main", "prog", false)), main_node);
	assert_int_equal(node_of(&nodes, main_node, f), f_node);
	assert_int_equal(told, 3);
	assert_string_equal(stack_nodes_get(&nodes, deeper, &outer)->function, "f(int)");
	assert_int_equal(outer, f_node);
	stack_nodes_deinit(&nodes);
}

static void test_names_differ_by_all_they_have(void **state)
{
	struct stack_nodes nodes = { 0 };
	(void)state;

	uint32_t f = name_of(&nodes, "f", "a.so", false);
	assert_int_not_equal(f, name_of(&nodes, "f", "b.so", false));
	assert_int_not_equal(f, name_of(&nodes, "f", "a.so", true));
	assert_int_not_equal(f, name_of(&nodes, "g", "a.so", false));
	assert_int_equal(f, name_of(&nodes, "f", "a.so", false));
	stack_nodes_deinit(&nodes);
}

static void test_number_is_bounded(void **state)
{
	uint32_t told = 0, node = 0, outer;
	struct stack_nodes nodes = { .note = note_count, .context = &told };
	(void)state;

	uint32_t f = name_of(&nodes, "f", "a", false), g = name_of(&nodes, "g", "a", false);
	for (uint32_t i = 0; i < STACK_NODES_MAX; i++)
		node = node_of(&nodes, node, f);
	assert_int_equal(node, STACK_NODES_MAX);
	node = node_of(&nodes, node, f);
	assert_string_equal(stack_nodes_get(&nodes, node, &outer)->function, "[too many stacks]");
	assert_int_equal(outer, 0);
	/* What is known already still is; what is new is the same, whatever it is. */
	assert_int_equal(node_of(&nodes, 1, f), 2);
	assert_int_equal(node_of(&nodes, 1, g), node);
	assert_int_equal(node_of(&nodes, node, f), node);
	assert_int_equal(told, STACK_NODES_MAX + 1);
	stack_nodes_deinit(&nodes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nodes_are_shared),
		cmocka_unit_test(test_names_differ_by_all_they_have),
		cmocka_unit_test(test_number_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
