/*
 * Code of ours that does what displaced code of the program did (probe layer).
 */
#ifndef PROBE_PATCH_CODE_BLOCK_H
#define PROBE_PATCH_CODE_BLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/taddr.h"

struct code_block {
	taddr_t address; /* of the code that was displaced */
	taddr_t start;	 /* where the block is */
	uint16_t bytes;	 /* its room */
	bool is_written; /* it is in the program's memory */
};

#endif
