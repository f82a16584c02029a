/* Where exceptions arrive; see landing_pads.h. Symbols layer. */
#include "symbols/dwarf/landing_pads.h"

enum { FORMAT_ULEB128 = 0x01 };

static uint64_t read_field(struct cfi_reader *reader, uint8_t encoding)
{
	if ((encoding & CFI_POINTER_FORMAT) == FORMAT_ULEB128)
		return cfi_read_uleb128(reader);
	return cfi_read_number(reader, cfi_pointer_bytes(reader, encoding));
}

struct error *landing_pads_walk(struct cfi_reader lsda, uint64_t function_start,
				struct error *(*pad)(void *context, uint64_t address),
				void *context, bool *ret_is_known)
{
	struct error *err = NULL;
	uint64_t base = function_start;

	uint8_t base_encoding = (uint8_t)cfi_read_number(&lsda, 1);
	if (base_encoding != CFI_POINTER_OMITTED)
		base = cfi_read_pointer(&lsda, base_encoding);
	if (cfi_read_number(&lsda, 1) != CFI_POINTER_OMITTED) /* of the types */
		(void)cfi_read_uleb128(&lsda);
	uint8_t encoding = (uint8_t)cfi_read_number(&lsda, 1);
	uint64_t bytes = cfi_read_uleb128(&lsda);
	if (bytes > lsda.bytes - lsda.at || (encoding & CFI_POINTER_RELATION) != 0)
		lsda.is_failed = true;
	const size_t end = lsda.at + bytes;
	while (err == NULL && !lsda.is_failed && lsda.at < end) {
		(void)read_field(&lsda, encoding); /* where the calls begin, … */
		(void)read_field(&lsda, encoding); /* … and how long they are */
		uint64_t distance = read_field(&lsda, encoding);
		(void)cfi_read_uleb128(&lsda); /* the action */
		/* Zero: the exception passes through. */
		if (distance != 0 && !lsda.is_failed)
			err = pad(context, base + distance);
	}
	*ret_is_known = !lsda.is_failed;
	return err;
}
