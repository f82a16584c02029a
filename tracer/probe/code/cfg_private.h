/* The instructions of a piece of code, between which there may be data (probe layer). Pure. */
#ifndef PROBE_CODE_CFG_PRIVATE_H
#define PROBE_CODE_CFG_PRIVATE_H

#include "tracer/probe/code/cfg.h"

/*
 * Appends those of @piece, whose bytes are @code, to @graph, and says in @piece what of it was understood. They follow one
 * another as they lie there, unless a branch that is certainly executed leads to where none would begin: what such a
 * branch jumps over is data then, and left out.
 */
struct error *cfg_decode(struct cfg *graph, struct code_piece *piece,
			 const uint8_t *code) MUST_CHECK;

#endif
