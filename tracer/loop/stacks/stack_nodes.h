/*
 * Stacks as the branches of a tree (loop layer). Pure: no process is looked at.
 *
 * A node is a function that was called by its outer node's. So a stack is the number of its innermost node, and
 * stacks with the same beginning share it. What is asked for again costs nothing more.
 */
#ifndef LOOP_STACKS_STACK_NODES_H
#define LOOP_STACKS_STACK_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

/* How a function on stacks is called. */
struct stack_name {
	char *function; /* as programmers write it, owned; in square brackets where nothing names it */
	char *module;	 /* the last part of its file's path, owned; "-": it is in none */
	bool is_inlined; /* into the function that is its caller */
	uint32_t next;	 /* of another with the same key, plus 1; 0: none */
};

struct stack_node {
	uint32_t outer; /* 0: it is outermost */
	uint32_t name;	/* index + 1 */
};

enum {
	/* A program that recurses in ever other ways makes no end of stacks; these fill 100 MB. */
	STACK_NODES_MAX = 1 << 20,
};

struct stack_nodes {
	struct stack_name *names;
	size_t name_count, name_capacity;
	struct addr_map name_of_key; /* of its texts -> number of the first */
	struct stack_node *nodes;    /* the one numbered N is nodes[N - 1] */
	size_t count, capacity;
	struct addr_map node_of_pair; /* outer and name -> number */
	uint32_t
		full; /* what stands for all that would be more than STACK_NODES_MAX; 0: none is needed yet */
	/* Gets each new node, in the order of their numbers; NULL: nobody does. */
	void (*note)(void *context, uint32_t node, uint32_t outer, const struct stack_name *name);
	void *context;
};

/* Zeroed it is empty. */
void stack_nodes_deinit(struct stack_nodes *nodes);

/* The number of a name; copies the texts. */
struct error *stack_nodes_name(struct stack_nodes *nodes, const char *function, const char *module,
			       bool is_inlined, uint32_t *ret) MUST_CHECK;

/* The node of the function @name (stack_nodes_name) that was called by node @outer; 0: by none. */
struct error *stack_nodes_add(struct stack_nodes *nodes, uint32_t outer, uint32_t name,
			      uint32_t *ret) MUST_CHECK;

/* Of a node: how it is called, and (*@ret_outer) what called it. Valid until a name is added. */
const struct stack_name *stack_nodes_get(const struct stack_nodes *nodes, uint32_t node,
					 uint32_t *ret_outer);

#endif
