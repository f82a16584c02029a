/* A function prepared for proofs; see jump_function.h. Probe layer. */
#include "tracer/probe/code/jump_function.h"

#include <stdlib.h>

#include "tracer/probe/code/jump_function_private.h"

struct error *jump_function_create(const struct jump_targets *targets, taddr_t address,
				   struct jump_function **ret)
{
	const struct function *symbol = symbol_file_function_at(targets->file, address);
	struct jump_function *function = calloc(1, sizeof(*function));

	if (function == NULL)
		return error_no_memory();
	function->targets = targets;
	function->start = address;
	function->end = taddr_add(address, 1);
	if (symbol != NULL && symbol->size_bytes > 0) {
		function->start = symbol->start;
		function->end = taddr_add(symbol->start, symbol->size_bytes);
	}
	struct error *err = cfg_add(&function->graph, targets->file, address);
	if (err == NULL)
		err = cfg_link(&function->graph, targets->file, NULL, 0);
	if (err != NULL) {
		jump_function_destroy(function);
		return err;
	}
	*ret = function;
	return NULL;
}

void jump_function_destroy(struct jump_function *function)
{
	if (function == NULL)
		return;
	cfg_deinit(&function->graph);
	free(function);
}

bool jump_function_holds(const struct jump_function *function, taddr_t address)
{
	return address.value >= function->start.value && address.value < function->end.value;
}
