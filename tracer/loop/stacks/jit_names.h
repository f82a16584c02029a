/*
 * Names of code that a program makes at run time (loop layer): what its just-in-time compiler writes into /tmp/perf-PID.map,
 * as perf(1) reads it; a line for each function, "START SIZE NAME" in hexadecimal, and the later one counts.
 *
 * The file is that of the process's own /tmp and number. It is believed only when it is a plain file of the process's user, or of
 * root.
 */
#ifndef LOOP_STACKS_JIT_NAMES_H
#define LOOP_STACKS_JIT_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/taddr.h"

struct jit_symbol {
	uint64_t start, end;
	uint32_t name; /* its offset in the texts; of a later line it is greater */
};

/* Zeroed it is empty. */
struct jit_names {
	struct jit_symbol *symbols; /* by start, then by line; owned */
	size_t count, capacity;
	char *texts; /* owned */
	size_t text_bytes, text_capacity;
	uint64_t device, inode; /* of the file that has been read, ... */
	uint64_t read_bytes;	/* ... and so much of it */
	int64_t look_next_ns;
	bool is_given_up; /* it is no such file, or too long */
};

void jit_names_deinit(struct jit_names *names);

/*
 * Reads what the file of the process has more than at the last call. @tid: a thread of it. It takes a fiftieth of the time at most,
 * and a part of a very long file after the other. What cannot be read leaves @names as it is.
 */
void jit_names_update(struct jit_names *names, pid_t tid);

/* What the code at @pc is called, in UTF-8 that may be shown; NULL: nothing. Valid until the next update. */
const char *jit_names_name(const struct jit_names *names, taddr_t pc);

#endif
