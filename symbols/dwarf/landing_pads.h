/*
 * Where exceptions arrive in a function: the call-site table of its LSDA (symbols layer).
 *
 * GCC and clang write the same (the C++ ABI's exception tables, as libsupc++ reads them). Pure.
 */
#ifndef SYMBOLS_DWARF_LANDING_PADS_H
#define SYMBOLS_DWARF_LANDING_PADS_H

#include "symbols/unwind/cfi_reader.h"
#include "tracer/base/error.h"

/*
 * Gives each landing pad to @pad, of the function at @function_start whose LSDA @lsda stands at.
 * *@ret_is_known becomes false where the table is not understood.
 */
struct error *landing_pads_walk(struct cfi_reader lsda, uint64_t function_start,
				struct error *(*pad)(void *context, uint64_t address),
				void *context, bool *ret_is_known) MUST_CHECK;

#endif
