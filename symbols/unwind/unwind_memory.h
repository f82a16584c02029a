/*
 * How an unwinding looks into the program: the caller's functions (symbols layer).
 */
#ifndef SYMBOLS_UNWIND_UNWIND_MEMORY_H
#define SYMBOLS_UNWIND_UNWIND_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#include "tracer/base/taddr.h"

/* All of it must stay valid during a call of unwind_frames only. */
struct unwind_memory {
	/* Reads up to @bytes (1 to 4096) of the program's memory at @from; returns how many were
	 * readable. What it returns is kept for the rest of the call, and not asked for again. */
	size_t (*read)(void *context, taddr_t from, void *ret, size_t bytes);
	/* Where the ELF file (or the vdso) whose code is mapped at @pc has its ELF header in
	 * memory; false: none. It is where offset 0 of the file is mapped; where that is in several
	 * places, as a small file's first page may be, any of them. */
	bool (*find_elf)(void *context, taddr_t pc, taddr_t *ret_header);
	void *context;
};

#endif
