/* Where a file's code may be entered; see jump_targets.h. Probe layer. */
#include "tracer/probe/code/jump_targets.h"

#include <stdlib.h>

#include "tracer/probe/code/jump_targets_private.h"

struct error *jump_targets_create(const struct symbol_file *file, struct jump_targets **ret)
{
	struct jump_targets *targets = calloc(1, sizeof(*targets));

	if (targets == NULL)
		return error_no_memory();
	targets->file = file;
	*ret = targets;
	return NULL;
}

void jump_targets_destroy(struct jump_targets *targets)
{
	free(targets);
}
