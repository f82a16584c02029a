/*
 * Whether call frame information may be given to libunwind (symbols layer).
 *
 * libunwind 1.6.2 trusts what it reads: a return address column or a DW_CFA_register operand that
 * is no register indexes an array, DW_OP_div of the least number by -1 traps, a DW_OP_bra backwards
 * loops for ever, a missing rule for the CFA makes it evaluate whatever lies at address 0. What
 * passes here has none of these, and is what compilers and assemblers write; the rest is refused,
 * which costs the frames outside of it.
 */
#ifndef SYMBOLS_UNWIND_CFI_CHECK_H
#define SYMBOLS_UNWIND_CFI_CHECK_H

#include "symbols/unwind/cfi_reader.h"

/*
 * @cie and @fde are whole copies, each with its length word, of an .eh_frame's CIE and of one FDE
 * that belongs to it. True when both are sound and the FDE covers @pc. Pure.
 */
bool cfi_check(struct cfi_reader cie, struct cfi_reader fde, uint64_t pc);

/* The code that the FDE covers; false: one of the two is not sound. Its instructions are not looked at. */
bool cfi_extent(struct cfi_reader cie, struct cfi_reader fde, uint64_t *ret_start,
		uint64_t *ret_bytes);

#endif
