/* What jump_targets holds (probe layer; only for the files that prove). */
#ifndef PROBE_CODE_JUMP_TARGETS_PRIVATE_H
#define PROBE_CODE_JUMP_TARGETS_PRIVATE_H

#include "tracer/probe/code/jump_targets.h"

struct jump_targets {
	const struct symbol_file *file;
};

#endif
