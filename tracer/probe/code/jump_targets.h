/*
 * Where the code of a file may be entered: what its branches, its tables of jumps, its tables of
 * pointers and its exception tables lead to (probe layer).
 *
 * Read once a file, at the first proof that asks for it. What is found is more than what is really
 * entered, never less. Addresses are the file's own.
 */
#ifndef PROBE_CODE_JUMP_TARGETS_H
#define PROBE_CODE_JUMP_TARGETS_H

#include "symbols/file/symbol_file.h"
#include "tracer/base/error.h"

struct jump_targets;

/* @file is borrowed. An unreadable file gives targets of which nothing can be proven. */
struct error *jump_targets_create(const struct symbol_file *file,
				  struct jump_targets **ret) MUST_CHECK;
void jump_targets_destroy(struct jump_targets *targets);

#endif
