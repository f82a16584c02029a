/* Reads the items of .eh_frame; see cfi_reader.h. Symbols layer. */
#include "symbols/unwind/cfi_reader.h"

uint64_t cfi_read_number(struct cfi_reader *reader, size_t bytes)
{
	uint64_t value = 0;

	if (reader->is_failed || bytes > reader->bytes - reader->at) {
		reader->is_failed = true;
		return 0;
	}
	for (size_t i = 0; i < bytes; i++)
		value |= (uint64_t)reader->data[reader->at + i] << (8 * i);
	reader->at += bytes;
	return value;
}

uint64_t cfi_read_uleb128(struct cfi_reader *reader)
{
	uint64_t value = 0, byte;

	for (unsigned shift = 0;; shift += 7) {
		byte = cfi_read_number(reader, 1);
		/* Ten bytes hold 64 bits. More are legal and senseless; libunwind would shift too far. */
		if (shift >= 64)
			reader->is_failed = true;
		if (reader->is_failed)
			return 0;
		value |= (byte & 0x7f) << shift;
		if ((byte & 0x80) == 0)
			return value;
	}
}

void cfi_skip(struct cfi_reader *reader, uint64_t bytes)
{
	if (reader->is_failed || bytes > reader->bytes - reader->at)
		reader->is_failed = true;
	else
		reader->at += bytes;
}

size_t cfi_pointer_bytes(struct cfi_reader *reader, uint8_t encoding)
{
	if (encoding == CFI_POINTER_OMITTED)
		return 0;
	switch (encoding & CFI_POINTER_FORMAT) {
	case 0x0: /* DW_EH_PE_absptr */
	case 0x4: /* DW_EH_PE_udata8 */
	case 0xc: /* DW_EH_PE_sdata8 */
		return 8;
	case 0x3: /* DW_EH_PE_udata4 */
	case 0xb: /* DW_EH_PE_sdata4 */
		return 4;
	case 0x2: /* DW_EH_PE_udata2 */
	case 0xa: /* DW_EH_PE_sdata2 */
		return 2;
	default:
		reader->is_failed = true;
		return 0;
	}
}

uint64_t cfi_read_pointer(struct cfi_reader *reader, uint8_t encoding)
{
	uint64_t from = reader->address + reader->at;
	size_t bytes = cfi_pointer_bytes(reader, encoding);
	uint64_t value = cfi_read_number(reader, bytes);

	if (bytes == 0)
		reader->is_failed = true;
	if ((encoding & 0x08) != 0 && bytes == 4)
		value = (uint64_t)(int64_t)(int32_t)value;
	if ((encoding & 0x08) != 0 && bytes == 2)
		value = (uint64_t)(int64_t)(int16_t)value;
	/* Zero is zero in every encoding: libunwind's and the C++ runtime's reading of it. */
	if (value == 0 || (encoding & ~CFI_POINTER_FORMAT) == CFI_POINTER_ABSOLUTE)
		return value;
	if ((encoding & ~CFI_POINTER_FORMAT) != CFI_POINTER_PC_RELATIVE)
		reader->is_failed = true;
	return from + value;
}
