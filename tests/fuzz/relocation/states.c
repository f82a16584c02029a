/* States to run code from; see states.h. */
#include "tests/fuzz/relocation/states.h"

#include <cpuid.h>
#include <stdbool.h>
#include <string.h>

enum {
	FLAG_CF_TO_SF = 0xd5,
	FLAG_TF = 1 << 8,
	FLAG_IF = 1 << 9,
	FLAG_DF = 1 << 10,
	FLAG_OF = 1 << 11,
	FLAG_RF = 1 << 16,
	FLAG_AC = 1 << 18,
	/* Intel's manual, volume 1, 13.4: the XSAVE area. */
	FCW_AT = 0,
	FTW_AT = 4,
	FOP_AT = 6, /* and the x87 pointers, up to MXCSR */
	MXCSR_AT = 24,
	X87_AT = 32,
	XMM_AT = 160,
	XMM_END = 416,
	XSAVE_HEADER_AT = 512,
	XSAVE_HEADER_BYTES = 64,
	XSAVE_FEATURES = 64,
	X87_BIT = 1,
	SSE_BIT = 2,
	VECTOR_FEATURES = 0xe4, /* AVX, and the three of AVX-512 */
};

static uint64_t next(struct state_maker *maker)
{
	return random_next(&maker->seed);
}

static unsigned choose(struct state_maker *maker, unsigned count)
{
	return (unsigned)(next(maker) >> 33) % count;
}

void state_maker_init(struct state_maker *maker, uint64_t seed)
{
	*maker = (struct state_maker){ .seed = seed | 1 };
	maker->vector_bytes = run_vectors(maker->initial.vectors);
}

static uint64_t random_number(struct state_maker *maker, const struct run_layout *layout)
{
	switch (choose(maker, 8)) {
	case 0:
		return choose(maker, 70);
	case 1:
		return -(uint64_t)choose(maker, 70);
	case 2:
		return (uint32_t)next(maker);
	case 3:
		return (uintptr_t)layout->data + DATA_MIDDLE + 8 * choose(maker, 64);
	case 4:
		return (uintptr_t)layout->code + choose(maker, CODE_BYTES);
	case 5:
		return UINT64_C(1) << choose(maker, 64);
	default:
		return next(maker);
	}
}

static uint64_t data_pointer(struct state_maker *maker, const uint8_t *data, unsigned number)
{
	const unsigned wild = number % 16;

	if (number == 0 || wild < 10) /* as aligned as any instruction asks for */
		return (uintptr_t)data + DATA_MIDDLE - 512 + 64 * choose(maker, 16);
	if (wild < 13)
		return (uintptr_t)data + DATA_MIDDLE - 512 + choose(maker, 1024);
	if (wild == 13) /* across the end */
		return (uintptr_t)data + DATA_BYTES - choose(maker, 64);
	return wild == 14 ? (uintptr_t)data + DATA_BYTES + choose(maker, 1 << 20) : next(maker);
}

/* As floats, as integers and as anything else. */
static void fill_words(struct state_maker *maker, uint8_t *at, size_t bytes)
{
	static const uint64_t words[] = {
		0,
		1,
		UINT64_MAX,
		UINT64_C(0x3ff0000000000000),
		UINT64_C(0x7ff0000000000000),
		UINT64_C(0x7ff8000000000001),
		UINT64_C(0x3f8000004f000000),
		UINT64_C(0x0000000100000002),
		UINT64_C(0xc3e0000000000000),
		UINT64_C(0x0000000000000010),
	};

	for (size_t i = 0; i + 8 <= bytes; i += 8) {
		uint64_t word = choose(maker, 3) == 0 ? words[choose(maker, 10)] : next(maker);
		memcpy(at + i, &word, sizeof(word));
	}
}

/* Where component @feature lies in the area, as CPUID says; false: not there. */
static bool find_component(unsigned feature, size_t limit, size_t *ret_at, size_t *ret_bytes)
{
	static struct {
		unsigned bytes, at;
		bool is_known;
	} known[XSAVE_FEATURES];
	unsigned a = 0, b = 0, c = 0, d = 0;

	if (!known[feature].is_known) {
		if (__get_cpuid_count(0xd, feature, &a, &b, &c, &d) != 0) {
			known[feature].bytes = a;
			known[feature].at = b;
		}
		known[feature].is_known = true;
	}
	*ret_at = known[feature].at;
	*ret_bytes = known[feature].bytes;
	return *ret_bytes > 0 && *ret_at >= XSAVE_HEADER_AT + XSAVE_HEADER_BYTES &&
	       *ret_at + *ret_bytes <= limit;
}

static uint64_t enabled_features(void)
{
	static uint64_t features;
	uint32_t low = 0, high = 0;

	if (features != 0)
		return features;
	unsigned a, b, c, d;
	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_OSXSAVE) == 0)
		return features = X87_BIT | SSE_BIT;
	__asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
	return features = (uint64_t)high << 32 | low;
}

static void fill_vectors(struct state_maker *maker, struct run_state *state, unsigned number)
{
	uint8_t *area = state->vectors;
	/* All exceptions masked; in some states none, for SIGFPE. */
	const uint32_t mxcsr =
		number % 8 == 7 ? 0x0000 | choose(maker, 4) << 13 : 0x1f80 | choose(maker, 4) << 13;
	const uint16_t fcw = number % 8 == 6 ? 0x340 : 0x37f;
	uint64_t features = 0;

	memcpy(area + MXCSR_AT, &mxcsr, sizeof(mxcsr));
	memcpy(area + FCW_AT, &fcw, sizeof(fcw));
	memset(area + FOP_AT, 0, MXCSR_AT - FOP_AT);
	area[FTW_AT] = (uint8_t)next(maker);
	for (size_t i = 0; i < 8; i++) { /* 80 bits of 128 */
		uint16_t exponent = choose(maker, 4) == 0 ? (uint16_t)next(maker)
							  : (uint16_t)(0x3ff0 + choose(maker, 40));
		uint64_t mantissa = next(maker) | UINT64_C(1) << 63;
		memcpy(area + X87_AT + 16 * i, &mantissa, sizeof(mantissa));
		memcpy(area + X87_AT + 16 * i + 8, &exponent, sizeof(exponent));
	}
	fill_words(maker, area + XMM_AT, XMM_END - XMM_AT);
	if (state->vector_bytes < XSAVE_HEADER_AT + XSAVE_HEADER_BYTES)
		return;
	features = X87_BIT | SSE_BIT;
	for (unsigned i = 2; i < 8; i++) {
		size_t at, bytes;
		if ((enabled_features() & VECTOR_FEATURES) >> i & 1 &&
		    find_component(i, state->vector_bytes, &at, &bytes)) {
			fill_words(maker, area + at, bytes);
			features |= UINT64_C(1) << i;
		}
	}
	memcpy(area + XSAVE_HEADER_AT, &features, sizeof(features));
}

static int greg_of(ZydisRegister reg)
{
	static const int gregs[16] = { REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP,
				       REG_RSI, REG_RDI, REG_R8,  REG_R9,  REG_R10, REG_R11,
				       REG_R12, REG_R13, REG_R14, REG_R15 };
	const ZydisRegisterClass class = ZydisRegisterGetClass(reg);

	if (class != ZYDIS_REGCLASS_GPR64 && class != ZYDIS_REGCLASS_GPR32)
		return -1;
	return gregs[ZydisRegisterGetId(reg)];
}

/* Indices in a vector: small, that the memory is there. */
static void set_indices(struct state_maker *maker, struct run_state *state, unsigned id)
{
	size_t at, bytes;

	for (size_t lane = 0; lane < 16; lane++) {
		const uint32_t index = lane % 2 ? 0 : choose(maker, 24);
		if (lane < 4 && id < 16)
			memcpy(state->vectors + XMM_AT + 16 * id + 4 * lane, &index, 4);
		else if (lane < 8 && id < 16 && find_component(2, state->vector_bytes, &at, &bytes))
			memcpy(state->vectors + at + 16 * id + 4 * (lane - 4), &index, 4);
		else if (lane >= 8 && id < 16 &&
			 find_component(6, state->vector_bytes, &at, &bytes))
			memcpy(state->vectors + at + 32 * id + 4 * (lane - 8), &index, 4);
		else if (id >= 16 && find_component(7, state->vector_bytes, &at, &bytes))
			memcpy(state->vectors + at + 64 * (id - 16) + 4 * lane, &index, 4);
	}
}

/* Its registers lead to data that is there. */
static void aim_memory(struct state_maker *maker, const ZydisDecodedOperand *o,
		       const struct run_layout *layout, unsigned number, struct run_state *state)
{
	const bool is_short = ZydisRegisterGetClass(o->mem.base) == ZYDIS_REGCLASS_GPR32;
	const int base = greg_of(o->mem.base), index = greg_of(o->mem.index);
	const bool is_based =
		o->mem.segment == ZYDIS_REGISTER_FS || o->mem.segment == ZYDIS_REGISTER_GS;

	if (ZydisRegisterGetClass(o->mem.index) >= ZYDIS_REGCLASS_XMM)
		set_indices(maker, state, (unsigned)ZydisRegisterGetId(o->mem.index));
	else if (index >= 0 && index != REG_RSP)
		state->gregs[index] = (greg_t)choose(maker, 16);
	if (base < 0 || base == REG_RSP)
		return;
	if (is_based)
		state->gregs[base] = 64 * choose(maker, 8);
	else
		state->gregs[base] =
			(greg_t)data_pointer(maker, is_short ? layout->low : layout->data, number);
}

/* What returns and calls find in memory: code, and after it what iret wants. */
static void fill_frames(struct state_maker *maker, const struct run_layout *layout,
			struct run_state *state)
{
	const uint64_t code = (uintptr_t)layout->code + 0x1000 + choose(maker, 0x800) / 512 * 512;
	const uint64_t words[] = { code, 0x33, FLAG_IF | 2, (uint64_t)state->gregs[REG_RSP], 0x2b };
	size_t at = (size_t)((uint64_t)state->gregs[REG_RSP] - (uintptr_t)layout->data);

	if (at + sizeof(words) <= DATA_BYTES)
		memcpy(state->data + at, words, sizeof(words));
	for (size_t i = 0; i + 8 <= DATA_BYTES; i += 64 * (1 + choose(maker, 3)))
		memcpy(state->data + i, &code, sizeof(code));
}

/* One that sets TF: the step is over one instruction of ours instead of the next of the program's. */
static bool pops_flags(const struct form *form)
{
	const uint64_t written = form->insn.cpu_flags == NULL ? 0 : form->insn.cpu_flags->modified;

	return (written & ZYDIS_CPUFLAG_TF) != 0;
}

void state_make(struct state_maker *maker, const struct form *form, const struct run_layout *layout,
		unsigned number, struct run_state *ret)
{
	const bool is_wild = number % 8 == 5;

	memcpy(ret->vectors, maker->initial.vectors, maker->vector_bytes);
	ret->vector_bytes = maker->vector_bytes;
	memset(ret->gregs, 0, sizeof(ret->gregs));
	for (int i = 0; i <= REG_RCX; i++)
		ret->gregs[i] = (greg_t)random_number(maker, layout);
	ret->gregs[REG_RSP] =
		(greg_t)((uintptr_t)layout->data + DATA_MIDDLE + 1024 + 16 * choose(maker, 32));
	if (number % 32 == 31 && !pops_flags(form))
		ret->gregs[REG_RSP] += (greg_t)choose(maker, 8);
	ret->gregs[REG_RIP] = (greg_t)(uintptr_t)(layout->code + CODE_AT);
	ret->gregs[REG_EFL] = (greg_t)((next(maker) & (FLAG_CF_TO_SF | FLAG_OF)) | FLAG_IF | 2);
	if (number % 4 == 3)
		ret->gregs[REG_EFL] |= FLAG_DF;
	if (number % 16 == 9)
		ret->gregs[REG_EFL] |= FLAG_AC;
	ret->gregs[REG_CSGSFS] = (greg_t)(UINT64_C(0x2b) << 48 | 0x33);
	ret->fs = (uintptr_t)layout->data + DATA_MIDDLE;
	ret->gs = (uintptr_t)layout->data + DATA_MIDDLE - 1024;
	fill_vectors(maker, ret, number);
	fill_words(maker, ret->data, DATA_BYTES);
	for (int i = 0; i < form->insn.operand_count && !is_wild; i++)
		if (form->operands[i].type == ZYDIS_OPERAND_TYPE_MEMORY)
			aim_memory(maker, &form->operands[i], layout, number, ret);
	if (number % 3 != 2)
		fill_frames(maker, layout, ret);
	else /* popf would single-step */
		for (size_t i = 1; i < DATA_BYTES; i += 8)
			ret->data[i] &= (uint8_t) ~(FLAG_TF >> 8);
	if (form->insn.meta.branch_type != ZYDIS_BRANCH_TYPE_NONE && number % 3 == 0 &&
	    form->operands[0].type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    greg_of(form->operands[0].reg.value) >= 0 &&
	    form->operands[0].reg.value != ZYDIS_REGISTER_RSP)
		ret->gregs[greg_of(form->operands[0].reg.value)] =
			(greg_t)((uintptr_t)layout->code + 0x100 + choose(maker, 0x1000));
}

/* A component that is not in use is all 0, whatever is in its place. */
static bool components_differ(const struct run_state *a, const struct run_state *b)
{
	static const uint8_t zero[VECTOR_BYTES_MOST];
	uint64_t features_a, features_b;

	memcpy(&features_a, a->vectors + XSAVE_HEADER_AT, sizeof(features_a));
	memcpy(&features_b, b->vectors + XSAVE_HEADER_AT, sizeof(features_b));
	for (unsigned i = 2; i < XSAVE_FEATURES; i++) {
		size_t at, bytes;
		const bool is_a = features_a >> i & 1, is_b = features_b >> i & 1;
		if ((is_a || is_b) && find_component(i, a->vector_bytes, &at, &bytes) &&
		    memcmp(is_a ? a->vectors + at : zero, is_b ? b->vectors + at : zero, bytes) !=
			    0)
			return true;
	}
	return false;
}

const char *state_difference(const struct run_state *a, const struct run_state *b)
{
	const uint64_t rf = FLAG_RF;

	if (a->signal != b->signal || a->code != b->code)
		return "signal";
	for (int i = 0; i <= REG_RSP; i++)
		if (a->gregs[i] != b->gregs[i])
			return i == REG_RSP ? "stack pointer" : "register";
	if (((uint64_t)a->gregs[REG_EFL] & ~rf) != ((uint64_t)b->gregs[REG_EFL] & ~rf))
		return "flags";
	if (a->gregs[REG_CSGSFS] != b->gregs[REG_CSGSFS] || a->fs != b->fs || a->gs != b->gs)
		return "segment";
	if (a->gregs[REG_TRAPNO] != b->gregs[REG_TRAPNO] || a->gregs[REG_ERR] != b->gregs[REG_ERR])
		return "kind of fault";
	if (memcmp(a->data, b->data, DATA_BYTES) != 0)
		return "memory";
	if (memcmp(a->vectors, b->vectors, FOP_AT) != 0 ||
	    memcmp(a->vectors + MXCSR_AT, b->vectors + MXCSR_AT, XMM_END - MXCSR_AT) != 0)
		return "x87 or xmm";
	if (a->vector_bytes > XSAVE_HEADER_AT + XSAVE_HEADER_BYTES && components_differ(a, b))
		return "ymm, zmm or mask";
	return NULL;
}
