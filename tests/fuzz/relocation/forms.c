/* Every form of instruction; see forms.h. */
#include "tests/fuzz/relocation/forms.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum addressing {
	BY_REGISTER,
	BY_BASE,
	BY_RIP,
	BY_BASE_DISP8,
	BY_BASE_DISP32,
	BY_INDEX, /* base, index and disp8; vectors as well */
	BY_RSP,
	BY_ABSOLUTE,
	ADDRESSINGS,
};

struct encoding {
	uint8_t bytes[ZYDIS_MAX_INSTRUCTION_LENGTH + 5];
	size_t count;
};

static void append(struct encoding *e, uint8_t byte)
{
	if (e->count < sizeof(e->bytes))
		e->bytes[e->count++] = byte;
}

static unsigned choose(struct form_list *list, unsigned count)
{
	return (unsigned)(random_next(&list->seed) >> 33) % count;
}

/* What makes a form: not which register, nor which number. */
static uint64_t hash_form(const struct form *form)
{
	const ZydisDecodedInstruction *insn = &form->insn;
	uint64_t hash = UINT64_C(14695981039346656037);
	uint64_t words[6 + ZYDIS_MAX_OPERAND_COUNT * 2];
	size_t count = 0;

	words[count++] = insn->mnemonic | (uint64_t)insn->encoding << 16 |
			 (uint64_t)insn->opcode_map << 24 | (uint64_t)insn->opcode << 32;
	words[count++] = insn->attributes & ~(uint64_t)(ZYDIS_ATTRIB_HAS_REX);
	words[count++] = insn->operand_width | (uint64_t)insn->address_width << 16 |
			 (uint64_t)insn->avx.vector_length << 32;
	words[count++] = insn->avx.mask.mode | (uint64_t)insn->avx.broadcast.mode << 8 |
			 (uint64_t)insn->avx.rounding.mode << 16 |
			 (uint64_t)insn->avx.has_sae << 24;
	words[count++] = insn->raw.rex.W | (uint64_t)insn->raw.disp.size << 8 |
			 (uint64_t)insn->raw.imm[0].size << 16 |
			 (uint64_t)(insn->raw.modrm.mod == 3) << 24;
	for (int i = 0; i < insn->operand_count; i++) {
		const ZydisDecodedOperand *o = &form->operands[i];
		words[count++] = o->type | (uint64_t)o->size << 8 | (uint64_t)o->encoding << 32;
		if (o->type == ZYDIS_OPERAND_TYPE_REGISTER &&
		    o->visibility != ZYDIS_OPERAND_VISIBILITY_EXPLICIT)
			words[count - 1] |= (uint64_t)o->reg.value << 44;
		if (o->type == ZYDIS_OPERAND_TYPE_REGISTER && o->reg.value == ZYDIS_REGISTER_RSP)
			words[count - 1] |= UINT64_C(1) << 60;
		if (o->type == ZYDIS_OPERAND_TYPE_MEMORY)
			words[count++] = (o->mem.base == ZYDIS_REGISTER_NONE) |
					 (uint64_t)(o->mem.base == ZYDIS_REGISTER_RIP) << 1 |
					 (uint64_t)(o->mem.base == ZYDIS_REGISTER_EIP) << 2 |
					 (uint64_t)(o->mem.base == ZYDIS_REGISTER_RSP ||
						    o->mem.base == ZYDIS_REGISTER_ESP)
						 << 3 |
					 (uint64_t)(o->mem.index != ZYDIS_REGISTER_NONE) << 4 |
					 (uint64_t)o->mem.segment << 8 |
					 (uint64_t)o->mem.type << 16;
	}
	for (size_t i = 0; i < count; i++) {
		hash = (hash ^ words[i]) * UINT64_C(1099511628211);
		hash ^= hash >> 29;
	}
	return hash | 1;
}

static bool is_new(struct form_list *list, uint64_t hash)
{
	size_t at = hash & (list->seen_capacity - 1);

	for (; list->seen[at] != 0; at = (at + 1) & (list->seen_capacity - 1))
		if (list->seen[at] == hash)
			return false;
	list->seen[at] = hash;
	return true;
}

static void set_number(struct form *form, size_t offset, size_t bits, uint64_t value)
{
	memcpy(form->code + offset, &value, bits / 8);
}

/* Branches, and memory whose address the code alone decides, lead to where something is. */
static void aim(struct form_list *list, struct form *form)
{
	const ZydisDecodedInstruction *insn = &form->insn;
	const ZydisDecodedOperand *memory = NULL;

	for (int i = 0; i < insn->operand_count && memory == NULL; i++)
		if (form->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			memory = &form->operands[i];
	if (insn->raw.imm[0].is_relative) {
		/* Not into the instruction itself. */
		int32_t distance = insn->raw.imm[0].size == 8
					   ? (int32_t)choose(list, 100) + 16
					   : (int32_t)choose(list, BRANCH_BYTES_MOST - 16) + 16;
		if (choose(list, 2) == 0)
			distance = -distance - insn->length;
		set_number(form, insn->raw.imm[0].offset, insn->raw.imm[0].size,
			   (uint64_t)(int64_t)distance);
	}
	if (memory == NULL || insn->raw.disp.size == 0)
		return;
	if (memory->mem.base == ZYDIS_REGISTER_RIP || memory->mem.base == ZYDIS_REGISTER_EIP)
		set_number(form, insn->raw.disp.offset, 32,
			   (uint64_t)(list->places->data_bytes - insn->length +
				      64 * (int)choose(list, 8)));
	else if (memory->mem.base == ZYDIS_REGISTER_NONE &&
		 memory->mem.index == ZYDIS_REGISTER_NONE &&
		 (memory->mem.segment == ZYDIS_REGISTER_DS ||
		  memory->mem.segment == ZYDIS_REGISTER_SS))
		set_number(form, insn->raw.disp.offset, insn->raw.disp.size,
			   list->places->low + 64 * choose(list, 8));
	else if (insn->raw.disp.size == 32)
		set_number(form, insn->raw.disp.offset, 32,
			   (uint64_t)((int64_t)choose(list, 1024) - 512));
	else if (insn->raw.disp.size == 8)
		set_number(form, insn->raw.disp.offset, 8,
			   (uint64_t)((int64_t)choose(list, 8) - 4));
	else
		set_number(form, insn->raw.disp.offset, insn->raw.disp.size, choose(list, 64));
}

static void consider(struct form_list *list, struct encoding *e)
{
	static ZydisDecoder decoder;
	struct form form;

	if (list->count == 0)
		ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
	while (e->count < ZYDIS_MAX_INSTRUCTION_LENGTH)
		append(e, (uint8_t)choose(list, 256));
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, e->bytes, ZYDIS_MAX_INSTRUCTION_LENGTH,
						 &form.insn, form.operands)))
		return;
	list->decoded++;
	if (!is_new(list, hash_form(&form)))
		return;
	memset(form.code, 0, sizeof(form.code));
	memcpy(form.code, e->bytes, form.insn.length);
	aim(list, &form);
	if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(&decoder, form.code, form.insn.length, &form.insn,
						 form.operands)))
		return;
	if (list->count == list->capacity) {
		list->capacity = list->capacity * 2 + 1024;
		list->forms = realloc(list->forms, list->capacity * sizeof(*list->forms));
		if (list->forms == NULL)
			abort();
	}
	list->forms[list->count++] = form;
}

static void append_modrm(struct form_list *list, struct encoding *e, unsigned reg,
			 enum addressing addressing)
{
	static const uint8_t mods[ADDRESSINGS] = { 3, 0, 0, 1, 2, 1, 1, 0 };
	unsigned rm = choose(list, 8);

	switch (addressing) {
	case BY_REGISTER:
		break;
	case BY_RIP:
		rm = 5;
		break;
	case BY_INDEX:
	case BY_RSP:
	case BY_ABSOLUTE:
		rm = 4;
		break;
	default: /* neither of those */
		rm = (unsigned[]){ 0, 1, 2, 3, 6, 7 }[choose(list, 6)];
	}
	append(e, (uint8_t)(mods[addressing] << 6 | reg << 3 | rm));
	if (addressing == BY_INDEX) /* no index is %rsp, as long as there is no REX */
		append(e, (uint8_t)(choose(list, 4) << 6 |
				    (unsigned[]){ 0, 1, 2, 3, 5, 6, 7 }[choose(list, 7)] << 3 |
				    choose(list, 8)));
	else if (addressing == BY_RSP)
		append(e, 0x24);
	else if (addressing == BY_ABSOLUTE)
		append(e, 0x25);
}

/* All prefixes of a legacy instruction, but REX. */
struct legacy {
	uint8_t prefixes[3];
	size_t count;
};

static void add_legacy_opcode(struct form_list *list, const struct legacy *legacy, unsigned map,
			      uint8_t opcode, bool is_wide, enum addressing addressing)
{
	for (unsigned reg = 0; reg < 8; reg++) {
		struct encoding e = { .count = 0 };
		for (size_t i = 0; i < legacy->count; i++)
			append(&e, legacy->prefixes[i]);
		/* %rsp and %rbp as bases are what they are without REX.B alone. */
		const bool plain = addressing == BY_RSP || addressing == BY_ABSOLUTE;
		const unsigned rex = choose(list, 3) == 0 && !plain ? choose(list, 8) : 0;
		if (is_wide || rex != 0)
			append(&e, (uint8_t)(0x40 | (is_wide ? 8 : 0) | rex));
		if (map > 0)
			append(&e, 0x0f);
		if (map > 1)
			append(&e, map == 2 ? 0x38 : 0x3a);
		append(&e, opcode);
		append_modrm(list, &e, reg, addressing);
		consider(list, &e);
	}
}

static void add_legacy(struct form_list *list)
{
	static const struct legacy legacies[] = {
		{ { 0 }, 0 },	       { { 0x66 }, 1 },	      { { 0xf2 }, 1 },
		{ { 0xf3 }, 1 },       { { 0x67 }, 1 },	      { { 0xf0 }, 1 },
		{ { 0x64 }, 1 },       { { 0x65 }, 1 },	      { { 0x66, 0xf2 }, 2 },
		{ { 0x67, 0x66 }, 2 }, { { 0x67, 0xf3 }, 2 }, { { 0x67, 0xf2 }, 2 },
		{ { 0x2e }, 1 },       { { 0x3e }, 1 },	      { { 0xf2, 0xf0 }, 2 },
		{ { 0x64, 0x67 }, 2 }, { { 0x66, 0x64 }, 2 }, { { 0x66, 0x2e }, 2 },
		{ { 0x66, 0xf0 }, 2 }, { { 0x66, 0xf3 }, 2 }, { { 0x65, 0x66, 0x67 }, 3 },
	};

	for (size_t p = 0; p < sizeof(legacies) / sizeof(legacies[0]); p++)
		for (unsigned map = 0; map < 4; map++)
			for (unsigned opcode = 0; opcode < 256; opcode++)
				for (unsigned rest = 0; rest < 2 * ADDRESSINGS; rest++)
					add_legacy_opcode(list, &legacies[p], map, (uint8_t)opcode,
							  rest & 1, rest / 2);
}

/* VEX and XOP, in the form of three bytes; the one of two bytes holds less of the same. */
static void add_vex(struct form_list *list, uint8_t escape, unsigned map, unsigned opcode)
{
	for (unsigned i = 0; i < 16 * ADDRESSINGS * 8; i++) {
		struct encoding e = { .count = 0 };
		const enum addressing addressing = i / 16 % ADDRESSINGS;
		if (addressing == BY_INDEX && choose(list, 4) == 0)
			append(&e, 0x67);
		else if (addressing == BY_BASE_DISP32)
			append(&e, choose(list, 2) ? 0x64 : 0x65);
		append(&e, escape);
		append(&e, (uint8_t)(choose(list, 8) << 5 | map));
		append(&e, (uint8_t)((i >> 3 & 1) << 7 | choose(list, 16) << 3 | (i & 7)));
		append(&e, (uint8_t)opcode);
		append_modrm(list, &e, i / 16 / ADDRESSINGS, addressing);
		consider(list, &e);
		/* Many have no second source. */
		e.bytes[e.count > 3 && e.bytes[0] == escape ? 2 : 3] |= 0x78;
		consider(list, &e);
	}
}

static void add_evex(struct form_list *list, unsigned map, unsigned opcode)
{
	for (unsigned i = 0; i < 64 * ADDRESSINGS; i++) {
		for (unsigned k = 0; k < 6; k++) {
			struct encoding e = { .count = 0 };
			const enum addressing addressing = i / 64;
			const unsigned reg =
				opcode >= 0x71 && opcode <= 0x73 ? i % 8 : choose(list, 8);
			if (addressing == BY_BASE_DISP8 && choose(list, 3) == 0)
				append(&e, 0x67);
			append(&e, 0x62);
			append(&e, (uint8_t)(choose(list, 16) << 4 | map));
			append(&e, (uint8_t)((i & 1) << 7 | (k % 2 ? 15 : choose(list, 16)) << 3 |
					     4 | (i >> 1 & 3)));
			append(&e, (uint8_t)((k > 3) << 7 | (i >> 3 & 3) << 5 | (i >> 5 & 1) << 4 |
					     (k % 2 ? 8 : choose(list, 2) << 3) |
					     (k < 2 ? 0 : 1 + choose(list, 7))));
			append(&e, (uint8_t)opcode);
			append_modrm(list, &e, reg, addressing);
			consider(list, &e);
		}
	}
}

void form_list_init(struct form_list *list, const struct form_places *places, uint64_t seed)
{
	*list = (struct form_list){ .seed = seed | 1, .places = places, .seen_capacity = 1 << 20 };
	list->seen = calloc(list->seen_capacity, sizeof(*list->seen));
	if (list->seen == NULL)
		abort();
	add_legacy(list);
	for (unsigned opcode = 0; opcode < 256; opcode++) {
		for (unsigned map = 1; map <= 3; map++)
			add_vex(list, 0xc4, map, opcode);
		for (unsigned map = 8; map <= 10; map++)
			add_vex(list, 0x8f, map, opcode);
		for (unsigned map = 1; map <= 6; map++)
			add_evex(list, map, opcode);
	}
}

void form_list_deinit(struct form_list *list)
{
	free(list->forms);
	free(list->seen);
	*list = (struct form_list){ 0 };
}
