/* Stacks as the branches of a tree; see stack_nodes.h. Loop layer. */
#include "tracer/loop/stacks/stack_nodes.h"

#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

void stack_nodes_deinit(struct stack_nodes *nodes)
{
	for (size_t i = 0; i < nodes->name_count; i++) {
		free(nodes->names[i].function);
		free(nodes->names[i].module);
	}
	free(nodes->names);
	free(nodes->nodes);
	addr_map_deinit(&nodes->name_of_key);
	addr_map_deinit(&nodes->node_of_pair);
	*nodes = (struct stack_nodes){ 0 };
}

static struct error *nodes_add_name(struct stack_nodes *nodes, const char *function,
				    const char *module, bool is_inlined, uint64_t key,
				    uint32_t next)
{
	struct error *err = array_reserve(&nodes->names, &nodes->name_capacity,
					  nodes->name_count + 1, sizeof(*nodes->names));
	struct stack_name name = { .is_inlined = is_inlined, .next = next };

	if (err != NULL)
		return err;
	name.function = strdup(function);
	name.module = strdup(module);
	err = name.function == NULL || name.module == NULL
		      ? error_no_memory()
		      : addr_map_put(&nodes->name_of_key, key,
				     (void *)(uintptr_t)(nodes->name_count + 1));
	if (err != NULL) {
		free(name.function);
		free(name.module);
		return err;
	}
	nodes->names[nodes->name_count++] = name;
	return NULL;
}

struct error *stack_nodes_name(struct stack_nodes *nodes, const char *function, const char *module,
			       bool is_inlined, uint32_t *ret)
{
	const uint64_t key = addr_map_text_key(function, strlen(function)) * 31 +
			     addr_map_text_key(module, strlen(module)) + is_inlined;
	const uint32_t first = (uint32_t)(uintptr_t)addr_map_get(&nodes->name_of_key, key);

	for (uint32_t i = first; i != 0; i = nodes->names[i - 1].next) {
		const struct stack_name *name = &nodes->names[i - 1];
		*ret = i;
		if (name->is_inlined == is_inlined && strcmp(name->function, function) == 0 &&
		    strcmp(name->module, module) == 0)
			return NULL;
	}
	struct error *err = nodes_add_name(nodes, function, module, is_inlined, key, first);
	*ret = (uint32_t)nodes->name_count;
	return err;
}

static struct error *nodes_append(struct stack_nodes *nodes, uint32_t outer, uint32_t name,
				  uint32_t *ret)
{
	const uint64_t pair = (uint64_t)outer << 32 | name;
	struct error *err = array_reserve(&nodes->nodes, &nodes->capacity, nodes->count + 1,
					  sizeof(*nodes->nodes));

	if (err == NULL)
		err = addr_map_put(&nodes->node_of_pair, pair,
				   (void *)(uintptr_t)(nodes->count + 1));
	if (err != NULL)
		return err;
	nodes->nodes[nodes->count++] = (struct stack_node){ outer, name };
	*ret = (uint32_t)nodes->count;
	if (nodes->note != NULL)
		nodes->note(nodes->context, *ret, outer, &nodes->names[name - 1]);
	return NULL;
}

struct error *stack_nodes_add(struct stack_nodes *nodes, uint32_t outer, uint32_t name,
			      uint32_t *ret)
{
	const uint64_t pair = (uint64_t)outer << 32 | name;
	struct error *err = NULL;

	*ret = (uint32_t)(uintptr_t)addr_map_get(&nodes->node_of_pair, pair);
	if (*ret != 0)
		return NULL;
	if (nodes->count < STACK_NODES_MAX)
		return nodes_append(nodes, outer, name, ret);
	if (nodes->full == 0) {
		err = stack_nodes_name(nodes, "[too many stacks]", "-", false, &name);
		if (err == NULL)
			err = nodes_append(nodes, 0, name, &nodes->full);
	}
	*ret = nodes->full;
	return err;
}

const struct stack_name *stack_nodes_get(const struct stack_nodes *nodes, uint32_t node,
					 uint32_t *ret_outer)
{
	const struct stack_node *it = &nodes->nodes[node - 1];

	*ret_outer = it->outer;
	return &nodes->names[it->name - 1];
}
