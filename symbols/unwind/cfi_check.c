/* Whether call frame information is sound; see cfi_check.h. Symbols layer. */
#include "symbols/unwind/cfi_check.h"

enum {
	/* The last one that has an operation of its own is breg31. */
	BREG_LAST = UNWIND_REGISTERS > 32 ? 31 : UNWIND_REGISTERS - 1,
	/* Deeper than any compiler nests; libunwind keeps every state, and the memory for it. */
	REMEMBERED_STATES = 16,
	EXPRESSION_BYTES = 128,
};

/* What the walk over a CIE's and then its FDE's instructions knows. */
struct walk {
	uint8_t pointer_encoding; /* of the FDE's addresses */
	uint8_t lsda_encoding;
	bool has_augmentation_size;
	bool has_cfa; /* a rule for the CFA was set */
	unsigned remembered;
};

/* What follows an instruction or an operation. Zero: it is not accepted. */
enum operand {
	REFUSED,
	NOTHING,
	BYTES_1,
	BYTES_2,
	BYTES_4,
	BYTES_8,
	LEB128, /* signed or not: as long */
	REGISTER,
	BLOCK, /* an expression with its length */
	POINTER,
	ACCESS_SIZE,
};

static void walk_expression(struct cfi_reader *reader);

static void walk_operand(const struct walk *walk, struct cfi_reader *reader, enum operand operand)
{
	switch (operand) {
	case REFUSED:
		reader->is_failed = true;
		break;
	case NOTHING:
		break;
	case BYTES_1:
		cfi_skip(reader, 1);
		break;
	case BYTES_2:
		cfi_skip(reader, 2);
		break;
	case BYTES_4:
		cfi_skip(reader, 4);
		break;
	case BYTES_8:
		cfi_skip(reader, 8);
		break;
	case LEB128:
		(void)cfi_read_uleb128(reader);
		break;
	case REGISTER:
		if (cfi_read_uleb128(reader) >= UNWIND_REGISTERS)
			reader->is_failed = true;
		break;
	case BLOCK:
		walk_expression(reader);
		break;
	case POINTER:
		(void)cfi_read_pointer(reader, walk->pointer_encoding);
		break;
	case ACCESS_SIZE: {
		uint64_t bytes = cfi_read_number(reader, 1);
		if (bytes != 1 && bytes != 2 && bytes != 4 && bytes != 8)
			reader->is_failed = true;
		break;
	}
	}
}

/*
 * DWARF 5, 7.7.1. Refused: jumps, division, register locations, registers that there are not (libunwind takes
 * them for the first one) and all that has no meaning in call frame information.
 */
static const uint8_t operations[256] = {
	[0x03] = BYTES_8,		      /* addr */
	[0x06] = NOTHING,		      /* deref */
	[0x08 ... 0x09] = BYTES_1,	      /* const1u, const1s */
	[0x0a ... 0x0b] = BYTES_2,	      /* const2u, const2s */
	[0x0c ... 0x0d] = BYTES_4,	      /* const4u, const4s */
	[0x0e ... 0x0f] = BYTES_8,	      /* const8u, const8s */
	[0x10 ... 0x11] = LEB128,	      /* constu, consts */
	[0x12 ... 0x14] = NOTHING,	      /* dup, drop, over */
	[0x15] = BYTES_1,		      /* pick */
	[0x16 ... 0x17] = NOTHING,	      /* swap, rot */
	[0x19 ... 0x1a] = NOTHING,	      /* abs, and */
	[0x1c ... 0x22] = NOTHING,	      /* minus, mod, mul, neg, not, or, plus */
	[0x23] = LEB128,		      /* plus_uconst */
	[0x24 ... 0x27] = NOTHING,	      /* shl, shr, shra, xor */
	[0x29 ... 0x2e] = NOTHING,	      /* eq, ge, gt, le, lt, ne */
	[0x30 ... 0x4f] = NOTHING,	      /* lit0 to lit31 */
	[0x70 ... 0x70 + BREG_LAST] = LEB128, /* breg0, breg1, ... */
	[0x94] = ACCESS_SIZE,		      /* deref_size */
	[0x96] = NOTHING,		      /* nop */
};

static void walk_expression(struct cfi_reader *reader)
{
	static const struct walk no_pointers = { .pointer_encoding = CFI_POINTER_OMITTED };
	uint64_t bytes = cfi_read_uleb128(reader);

	if (reader->is_failed || bytes > EXPRESSION_BYTES || bytes > reader->bytes - reader->at) {
		reader->is_failed = true;
		return;
	}
	size_t end = reader->at + bytes;
	while (!reader->is_failed && reader->at < end)
		walk_operand(&no_pointers, reader, operations[cfi_read_number(reader, 1)]);
	/* The last operation may not reach over the end, where libunwind would read it. */
	if (reader->at != end)
		reader->is_failed = true;
}

/* DWARF 5, 7.24, and LSB 5.0 core, 10.5.2 (0x2e, 0x2f). Those that libunwind does not know are
 * refused: it passes over them. */
static const uint8_t instructions[64][2] = {
	[0x00] = { NOTHING, NOTHING },	 /* nop */
	[0x01] = { POINTER, NOTHING },	 /* set_loc */
	[0x02] = { BYTES_1, NOTHING },	 /* advance_loc1 */
	[0x03] = { BYTES_2, NOTHING },	 /* advance_loc2 */
	[0x04] = { BYTES_4, NOTHING },	 /* advance_loc4 */
	[0x05] = { REGISTER, LEB128 },	 /* offset_extended */
	[0x06] = { REGISTER, NOTHING },	 /* restore_extended */
	[0x07] = { REGISTER, NOTHING },	 /* undefined */
	[0x08] = { REGISTER, NOTHING },	 /* same_value */
	[0x09] = { REGISTER, REGISTER }, /* register */
	[0x0a] = { NOTHING, NOTHING },	 /* remember_state */
	[0x0b] = { NOTHING, NOTHING },	 /* restore_state */
	[0x0c] = { REGISTER, LEB128 },	 /* def_cfa */
	[0x0d] = { REGISTER, NOTHING },	 /* def_cfa_register */
	[0x0e] = { LEB128, NOTHING },	 /* def_cfa_offset */
	[0x0f] = { BLOCK, NOTHING },	 /* def_cfa_expression */
	[0x10] = { REGISTER, BLOCK },	 /* expression */
	[0x11] = { REGISTER, LEB128 },	 /* offset_extended_sf */
	[0x12] = { REGISTER, LEB128 },	 /* def_cfa_sf */
	[0x13] = { LEB128, NOTHING },	 /* def_cfa_offset_sf */
	[0x16] = { REGISTER, BLOCK },	 /* val_expression */
	[0x2e] = { LEB128, NOTHING },	 /* GNU_args_size */
	[0x2f] = { REGISTER, LEB128 },	 /* GNU_negative_offset_extended */
};

/* What the instruction does to the state that libunwind keeps. */
static void walk_effect(struct walk *walk, struct cfi_reader *reader, unsigned opcode)
{
	switch (opcode) {
	case 0x01 ... 0x04: /* the row of the first addresses ends: it must know the CFA */
		if (!walk->has_cfa)
			reader->is_failed = true;
		break;
	case 0x0a: /* remember_state */
		if (!walk->has_cfa || ++walk->remembered > REMEMBERED_STATES)
			reader->is_failed = true;
		break;
	case 0x0b: /* restore_state */
		if (walk->remembered == 0)
			reader->is_failed = true;
		else
			walk->remembered--;
		break;
	case 0x0c: /* def_cfa */
	case 0x0f: /* def_cfa_expression */
	case 0x12: /* def_cfa_sf */
		walk->has_cfa = true;
		break;
	default:
		break;
	}
}

static void walk_instructions(struct walk *walk, struct cfi_reader *reader)
{
	walk->remembered = 0;
	while (!reader->is_failed && reader->at < reader->bytes) {
		unsigned byte = (unsigned)cfi_read_number(reader, 1), low = byte & 0x3f;
		switch (byte >> 6) {
		case 1: /* advance_loc */
			walk_effect(walk, reader, 0x02);
			break;
		case 2: /* offset */
			(void)cfi_read_uleb128(reader);
			/* fall through */
		case 3: /* restore */
			if (low >= UNWIND_REGISTERS)
				reader->is_failed = true;
			break;
		default:
			walk_operand(walk, reader, instructions[low][0]);
			walk_operand(walk, reader, instructions[low][1]);
			walk_effect(walk, reader, low);
		}
	}
}

/* The augmentation data of a CIE, up to its instructions (LSB 5.0 core, 10.6.1.1.1). */
static void walk_augmentation(struct walk *walk, struct cfi_reader *cie, const char *letters)
{
	uint64_t bytes = cfi_read_uleb128(cie);
	size_t begin = cie->at;

	for (const char *letter = letters; *letter != '\0' && !cie->is_failed; letter++) {
		switch (*letter) {
		case 'L':
			walk->lsda_encoding = (uint8_t)cfi_read_number(cie, 1);
			break;
		case 'R':
			walk->pointer_encoding = (uint8_t)cfi_read_number(cie, 1);
			break;
		case 'P': {
			uint8_t encoding = (uint8_t)cfi_read_number(cie, 1);
			cfi_skip(cie, cfi_pointer_bytes(cie, encoding));
			break;
		}
		case 'S':
			break;
		default: /* libunwind would take the rest of the data for instructions */
			cie->is_failed = true;
		}
	}
	/* libunwind goes by the letters, and not by the size. */
	if (cie->at - begin != bytes)
		cie->is_failed = true;
}

static void walk_cie(struct walk *walk, struct cfi_reader *cie)
{
	enum { LETTERS = 4 }; /* as many as libunwind looks at */
	char letters[LETTERS + 1];
	size_t count = 0;

	uint64_t bytes = cfi_read_number(cie, 4);
	uint64_t id = cfi_read_number(cie, 4);
	uint64_t version = cfi_read_number(cie, 1);
	if (bytes != cie->bytes - 4 || id != 0 || (version != 1 && version != 3))
		cie->is_failed = true;
	do {
		letters[count] = (char)cfi_read_number(cie, 1);
	} while (letters[count] != '\0' && ++count <= LETTERS);
	if (count > LETTERS) {
		cie->is_failed = true;
		return;
	}
	(void)cfi_read_uleb128(cie); /* code alignment */
	(void)cfi_read_uleb128(cie); /* data alignment */
	uint64_t column = version == 1 ? cfi_read_number(cie, 1) : cfi_read_uleb128(cie);
	if (column != MACHINE_REGISTER_RETURN)
		cie->is_failed = true;
	walk->has_augmentation_size = letters[0] == 'z';
	if (walk->has_augmentation_size)
		walk_augmentation(walk, cie, letters + 1);
	else if (count != 0)
		cie->is_failed = true;
	walk_instructions(walk, cie);
}

static void walk_extent(const struct walk *walk, struct cfi_reader *fde, uint64_t *ret_start,
			uint64_t *ret_bytes)
{
	uint64_t length = cfi_read_number(fde, 4);

	cfi_skip(fde, 4); /* where its CIE is */
	*ret_start = cfi_read_pointer(fde, walk->pointer_encoding);
	*ret_bytes = cfi_read_number(fde, cfi_pointer_bytes(fde, walk->pointer_encoding));
	if (length != fde->bytes - 4 || *ret_bytes > INT32_MAX)
		fde->is_failed = true;
}

static void walk_fde(struct walk *walk, struct cfi_reader *fde, uint64_t pc)
{
	uint64_t start, bytes;

	walk_extent(walk, fde, &start, &bytes);
	if (pc - start >= bytes)
		fde->is_failed = true;
	if (walk->has_augmentation_size) {
		uint64_t size = cfi_read_uleb128(fde);
		if (cfi_pointer_bytes(fde, walk->lsda_encoding) > size)
			fde->is_failed = true;
		cfi_skip(fde, size);
	}
	walk_instructions(walk, fde);
	if (!walk->has_cfa)
		fde->is_failed = true;
}

bool cfi_check(struct cfi_reader cie, struct cfi_reader fde, uint64_t pc)
{
	struct walk walk = { .lsda_encoding = CFI_POINTER_OMITTED };

	walk_cie(&walk, &cie);
	if (cie.is_failed)
		return false;
	walk_fde(&walk, &fde, pc);
	return !fde.is_failed;
}

bool cfi_extent(struct cfi_reader cie, struct cfi_reader fde, uint64_t *ret_start,
		uint64_t *ret_bytes)
{
	struct walk walk = { .lsda_encoding = CFI_POINTER_OMITTED };

	walk_cie(&walk, &cie);
	walk_extent(&walk, &fde, ret_start, ret_bytes);
	return !cie.is_failed && !fde.is_failed;
}
