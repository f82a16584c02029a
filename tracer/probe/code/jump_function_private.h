/* What jump_function holds (probe layer; only for the files that prove). */
#ifndef PROBE_CODE_JUMP_FUNCTION_PRIVATE_H
#define PROBE_CODE_JUMP_FUNCTION_PRIVATE_H

#include "tracer/probe/code/cfg.h"
#include "tracer/probe/code/jump_function.h"
#include "tracer/probe/code/jump_targets_private.h"

struct jump_function {
	const struct jump_targets *targets;
	taddr_t start, end;
	struct cfg graph;
};

#endif
