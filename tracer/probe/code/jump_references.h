/*
 * Which of the references that a file's code seems to have are references (probe layer).
 *
 * jump_targets finds them with no regard to where instructions begin. A byte of an operand that looks like a call's
 * first one is told from a call by the function that it lies in: if all of that is understood, from its first byte to its last, the
 * instruction there is known. Seldom asked, so the file is read for it at the first question.
 */
#ifndef PROBE_CODE_JUMP_REFERENCES_H
#define PROBE_CODE_JUMP_REFERENCES_H

#include <stdbool.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

struct jump_targets;
struct jump_references;

struct error *jump_references_create(struct jump_references **ret) MUST_CHECK;
void jump_references_destroy(struct jump_references *references);

/* Whether code of @targets refers to @address, or cannot be known not to. */
bool jump_references_lead_to(struct jump_references *references, const struct jump_targets *targets,
			     taddr_t address);

#endif
