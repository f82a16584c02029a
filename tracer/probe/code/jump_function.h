/*
 * One function prepared for proofs: its code, decoded, and all that may enter it (probe layer).
 * To be kept by the caller as long as sites of the function may be asked about.
 */
#ifndef PROBE_CODE_JUMP_FUNCTION_H
#define PROBE_CODE_JUMP_FUNCTION_H

#include "tracer/probe/code/jump_targets.h"

struct jump_function;

/*
 * The function around @address, as the unwind information or a symbol has it. @targets is borrowed. Where
 * nothing says which function that is, the result serves windows of one instruction alone.
 */
struct error *jump_function_create(const struct jump_targets *targets, taddr_t address,
				   struct jump_function **ret) MUST_CHECK;
void jump_function_destroy(struct jump_function *function);

/* Whether @address lies in it: whether it may be asked about. */
bool jump_function_holds(const struct jump_function *function, taddr_t address);

#endif
