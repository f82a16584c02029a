/*
 * Reads the primitive items of .eh_frame and .eh_frame_hdr from a copy of them: fixed-size numbers,
 * LEB128 (DWARF 5, 7.6) and encoded pointers (LSB 5.0 core, 10.5.1) (symbols layer).
 *
 * A reader that runs over its end stays failed and reads zeros: check @is_failed once, at the end.
 */
#ifndef SYMBOLS_UNWIND_CFI_READER_H
#define SYMBOLS_UNWIND_CFI_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tracer/base/machine.h"

/* Registers by their DWARF numbers. */
enum {
	UNWIND_REGISTERS = MACHINE_REGISTERS,
	UNWIND_FP = MACHINE_REGISTER_FP,
	UNWIND_SP = MACHINE_REGISTER_SP,
	UNWIND_PC = MACHINE_REGISTER_PC,
};

/* For sets of them. */
#define UNWIND_REGISTER_BIT(number) (UINT64_C(1) << (number))
#define UNWIND_REGISTERS_ALL (UNWIND_REGISTER_BIT(UNWIND_REGISTERS) - 1)

struct cfi_reader {
	const unsigned char *data; /* borrowed */
	size_t bytes;
	size_t at;	  /* the offset that is read next, at most @bytes */
	uint64_t address; /* where data[0] lies in the program */
	bool is_failed;
};

enum {
	CFI_POINTER_OMITTED = 0xff, /* DW_EH_PE_omit: no bytes at all */
	CFI_POINTER_FORMAT = 0x0f,
	CFI_POINTER_RELATION = 0x70,
	CFI_POINTER_ABSOLUTE = 0x00,
	CFI_POINTER_PC_RELATIVE = 0x10,
	CFI_POINTER_DATA_RELATIVE = 0x30,
};

/* The next @bytes (1, 2, 4 or 8), little-endian and unsigned. */
uint64_t cfi_read_number(struct cfi_reader *reader, size_t bytes);

/* Bits beyond 64 are lost, as libunwind loses them. */
uint64_t cfi_read_uleb128(struct cfi_reader *reader);

void cfi_skip(struct cfi_reader *reader, uint64_t bytes);

/* How many bytes a pointer of @encoding has; 0 when omitted. Fails the reader for the encodings that
 * have no fixed size, which no compiler uses here. */
size_t cfi_pointer_bytes(struct cfi_reader *reader, uint8_t encoding);

/* An absolute or pc-relative pointer of @encoding, not indirect; others fail the reader. */
uint64_t cfi_read_pointer(struct cfi_reader *reader, uint8_t encoding);

#endif
