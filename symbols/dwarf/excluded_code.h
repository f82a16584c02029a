/*
 * Code of an ELF file that must stay as it is: the kernel, or a library, compares the pc with its
 * addresses (symbols layer). To be used inside isolate_run.
 *
 * Restartable sequences (rseq(2); __rseq_cs and __rseq_cs_ptr_array are the sections of librseq and of
 * tcmalloc): a stop within aborts them, and what runs elsewhere is not aborted when it should be. Signal
 * frames: unwinders look for their code (DWARF's augmentation S). Stubs of Mono's ahead-of-time compiler: its runtime
 * takes them apart, and the call in front of the return address (mono/mini/aot-runtime.c, mono_aot_get_plt_entry).
 */
#ifndef SYMBOLS_DWARF_EXCLUDED_CODE_H
#define SYMBOLS_DWARF_EXCLUDED_CODE_H

#include <gelf.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/error.h"

enum code_exclusion {
	CODE_IS_FREE,
	CODE_OF_RSEQ,	      /* in a restartable sequence, or where it aborts */
	CODE_OF_CANCELLATION, /* libc looks whether a thread is in front of its system call */
	CODE_OF_SIGNAL_FRAME, /* what a signal handler returns to */
	CODE_OF_LINKED_STUBS, /* calls are linked there as they are made, by who reads this code and theirs */
	CODE_EXCLUSIONS,
};

struct excluded_range {
	uint64_t start, end;
	uint64_t why; /* enum code_exclusion */
};

struct excluded_code {
	struct excluded_range *ranges; /* owned */
	size_t count, capacity;
};

struct error *excluded_code_read(struct excluded_code *excluded, Elf *elf) MUST_CHECK;
void excluded_code_deinit(struct excluded_code *excluded);

struct error *excluded_code_add(struct excluded_code *excluded, uint64_t start, uint64_t end,
				enum code_exclusion why) MUST_CHECK;

#endif
