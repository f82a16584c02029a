/*
 * The file that pads would be mapped from, for those who unwind by files (arch layer).
 *
 * perf(1) unwinds code by what is said in the file that the code is mapped from, and pads are mapped from none. Where one is
 * wanted after the fact, it is this: an ELF file of little but unwind information, which says of all code that the return
 * address is at the stack pointer. So it is in most pads (ARCH_PAD_CALLED, ARCH_PAD_RETURNED), and where the first
 * instruction of a function has been displaced. Nothing of it is ever in a program's memory.
 */
#ifndef ARCH_PAD_FILE_H
#define ARCH_PAD_FILE_H

#include <stddef.h>

/* A mapping of it may be so large. */
enum { ARCH_PAD_FILE_BYTES = 256 * 1024 };

/*
 * The bytes of the file, *@ret_bytes of them: less than a page, so that each mapping that begins where the file does has all
 * of it. NULL: there are no pads on this processor.
 */
const void *arch_pad_file(size_t *ret_bytes);

#endif
