/* x86-64: jump pads are made of their templates, and threads are taken out of them (arch layer). */
#include "tracer/arch/pad.h"

#include <assert.h>
#include <string.h>

#include "tracer/arch/x86_64/pad_template.h"

/* What the templates have as plain numbers. */
static_assert(sizeof(struct arch_pad_record) == 32, "a slot");
static_assert(offsetof(struct arch_pad_record, sp) == 8, "record");
static_assert(offsetof(struct arch_pad_record, site) == 16, "record");
static_assert(offsetof(struct arch_pad_record, flags) == 20, "record");
static_assert(offsetof(struct arch_pad_record, return_address) == 24, "record");
static_assert(sizeof(struct arch_pad_memory) == 32, "a slot");
static_assert(offsetof(struct arch_pad_memory, length) == 24, "memory");
static_assert(offsetof(struct arch_pad_memory, mark) == 28, "memory");
static_assert(ARCH_PAD_MEMORY_MARK == UINT32_MAX, "the template writes -1");
static_assert(sizeof(struct arch_pad_ring) == ARCH_PAD_RING_HEADER_BYTES, "ring");
static_assert(offsetof(struct arch_pad_ring, published) == 0, "ring");
static_assert(offsetof(struct arch_pad_ring, head) == 4, "ring");
static_assert(offsetof(struct arch_pad_ring, limit) == 8, "ring");
static_assert(offsetof(struct arch_pad_ring, fd) == 12, "ring");
static_assert(offsetof(struct arch_pad_ring, memory_tsc) == 16, "ring");
static_assert(offsetof(struct arch_pad_ring, memory_age) == 24, "ring");
static_assert(offsetof(struct arch_pad_ring, lax_age) == 48, "ring");
static_assert(offsetof(struct arch_pad_ring, mask) == 32, "ring");
static_assert(offsetof(struct arch_pad_ring, sums) == 40, "ring");
static_assert(offsetof(struct arch_pad_sum, count) == 0, "sum");
static_assert(offsetof(struct arch_pad_sum, ticks) == 8, "sum");
static_assert(offsetof(struct arch_pad_sum, shortest) == 16, "sum");
static_assert(offsetof(struct arch_pad_sum, longest) == 24, "sum");
static_assert(offsetof(struct arch_pad_sum, limit) == 32, "sum");
static_assert(ARCH_PAD_SEGMENT_RECORDS == 1 << 8, "a segment's number is in ah");
static_assert(sizeof(struct arch_pad_thread) == 16, "thread");
static_assert(offsetof(struct arch_pad_data, is_abandoned) == 64, "data");
static_assert(offsetof(struct arch_pad_data, threads) == 4096, "data");
static_assert(offsetof(struct arch_pad_data, returns) == 69696, "data");
static_assert(ARCH_PAD_NOT_IN == 0 && ARCH_PAD_BEFORE == 1, "stages");
static_assert(ARCH_PAD_RECORDED == 2 && ARCH_PAD_TRAP == 3, "stages");
static_assert(PAD_FLAGS_LIVE == 0 && PAD_FLAGS_IN_RAX == 1, "flags");
static_assert(PAD_FLAGS_IN_RAX_ADDED == 2, "flags");
static_assert(ARCH_PAD_MARK_SAYS_OFFSET == 45 && ARCH_PAD_MARK_BEGINS == 'E', "marks");
static_assert(ARCH_PAD_MARK_ID_BITS == 48 && (int)ARCH_PAD_HAS_MEMORY <= (int)ARCH_PAD_FLAGS,
	      "marks");
static_assert(PAD_OWES_ALL == 1 && PAD_OWES_COUNT == 2, "owing");
static_assert(PAD_OWES_EXTREMES == 3 && PAD_OWES_ALL_IF_ZERO == 4, "owing");
static_assert(PAD_HOLE_SITE == 0 && PAD_HOLE_DATA == 1 && PAD_HOLE_ADDRESS == 2, "holes");
static_assert(PAD_HOLE_CFA == 3, "holes");
static_assert((int)PAD_WORDS == (int)ARCH_PAD_STACK_WORDS, "stack");

enum { RED_ZONE_BYTES = 128 };
static_assert(ARCH_PAD_STACK_BYTES == RED_ZONE_BYTES + PAD_WORDS * 8, "stack");
static_assert(8 + PAD_WORDS * 8 <= RED_ZONE_BYTES, "a low pad's words, at a return");

/* The flags that lahf and sahf know, in the lowest byte, and the one that they do not. */
enum {
	EFLAGS_CF = 1 << 0,
	EFLAGS_PF = 1 << 2,
	EFLAGS_AF = 1 << 4,
	EFLAGS_ZF = 1 << 6,
	EFLAGS_SF = 1 << 7,
	EFLAGS_OF = 1 << 11,
	EFLAGS_BY_LAHF = EFLAGS_CF | EFLAGS_PF | EFLAGS_AF | EFLAGS_ZF | EFLAGS_SF,
};

/* The golden ratio's multiplicative hash: the highest bits are the best ones. */
static uint32_t hash_of(uint64_t value, unsigned bits)
{
	return ((uint32_t)value * UINT32_C(0x9e3779b1)) >> (32 - bits);
}

uint32_t arch_pad_thread_index(uint64_t key)
{
	enum { BITS = 12 };
	static_assert(ARCH_PAD_THREADS == 1 << BITS, "the template shifts by 20");
	return hash_of(key, BITS);
}

uint32_t arch_pad_return_index(uint64_t return_address)
{
	/* Callers are some instructions apart: those of one page of code are in a page or two of the table. */
	static_assert(ARCH_PAD_RETURNS == 0x3ffff + 1, "the template takes 18 bits");
	return (uint32_t)(return_address >> 2) & (ARCH_PAD_RETURNS - 1);
}

const struct arch_pad_layout *arch_pad_layout(enum arch_pad_kind kind)
{
	return pad_templates[kind].layout;
}

bool arch_jump_build(taddr_t from, taddr_t to, uint8_t ret[ARCH_JUMP_BYTES])
{
	int64_t distance = (int64_t)(to.value - (from.value + ARCH_JUMP_BYTES));
	int32_t rel32 = (int32_t)distance;

	if (distance != rel32)
		return false;
	ret[0] = 0xe9;
	memcpy(ret + 1, &rel32, sizeof(rel32));
	return true;
}

/*
 * Segment overrides; and BND, which keeps the bounds of MPX that a plain jump clears, and else does nothing (Intel
 * SDM, of MPX): with -z bndplt or -z ibtplt, ld wrote f2 e9 into PLTs. It alone has its highest bit set, see try_prefixes of
 * eviction.c.
 */
const uint8_t arch_jump_prefixes[ARCH_JUMP_PREFIXES] = { 0x2e, 0x26, 0x36, 0x3e, 0x64, 0x65, 0xf2 };

bool arch_jump_build_prefixed(taddr_t from, unsigned prefix_bytes, uint8_t prefix, taddr_t to,
			      uint8_t ret[ARCH_JUMP_BYTES_MAX])
{
	memset(ret, arch_jump_prefixes[prefix], prefix_bytes);
	return arch_jump_build(taddr_add(from, prefix_bytes), to, ret + prefix_bytes);
}

bool arch_pun_reach(taddr_t from, const uint8_t code[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		    unsigned prefix_bytes, taddr_t *ret_first, taddr_t *ret_last)
{
	static const uint64_t first_address = 1 << 16, end_address = UINT64_C(1) << 47;
	const unsigned free_bits = 8 * (own_bytes - prefix_bytes - 1);
	const uint64_t free_mask = (UINT64_C(1) << free_bits) - 1;
	int32_t rel32;

	memcpy(&rel32, code + prefix_bytes + 1, sizeof(rel32));
	const uint64_t lowest = (uint64_t)(int64_t)rel32 & ~free_mask;
	*ret_first = taddr(from.value + prefix_bytes + ARCH_JUMP_BYTES + lowest);
	*ret_last = taddr_add(*ret_first, free_mask);
	/* Where it wraps around, it is far above. */
	return ret_first->value >= first_address && ret_last->value < end_address &&
	       ret_first->value <= ret_last->value;
}

size_t arch_trampoline_build(taddr_t from, taddr_t to, uint8_t ret[ARCH_TRAMPOLINE_BYTES_MAX])
{
	static const uint8_t jmp_next_word[] = { 0xff, 0x25, 0, 0, 0, 0 };

	if (arch_jump_build(from, to, ret))
		return ARCH_JUMP_BYTES;
	memcpy(ret, jmp_next_word, sizeof(jmp_next_word));
	memcpy(ret + sizeof(jmp_next_word), &to.value, sizeof(to.value));
	return ARCH_TRAMPOLINE_BYTES_MAX;
}

struct error *arch_pad_build(enum arch_pad_kind kind, uint32_t site, const uint8_t *code,
			     size_t window_bytes, taddr_t from, taddr_t data, taddr_t to,
			     struct arch_pad *ret)
{
	const struct pad_template *template = &pad_templates[kind];
	const struct arch_pad_layout *layout = template->layout;
	const size_t own_bytes = layout->displaced_offset;

	struct error *err = arch_relocate_window(code, window_bytes, from, taddr_add(to, own_bytes),
						 &ret->window);
	if (err != NULL)
		return err;
	assert(own_bytes + ret->window.code_bytes <= sizeof(ret->code));
	memcpy(ret->code, template->code, own_bytes);
	const int32_t cfa_offset = 0;
	const struct {
		const void *value;
		size_t bytes;
	} fillings[] = {
		[PAD_HOLE_SITE] = { &site, sizeof(site) },
		[PAD_HOLE_DATA] = { &data.value, sizeof(data.value) },
		[PAD_HOLE_ADDRESS] = { &from.value, sizeof(from.value) },
		[PAD_HOLE_CFA] = { &cfa_offset, sizeof(cfa_offset) },
	};
	for (const struct pad_hole *hole = template->holes; hole < template->holes_end; hole++)
		memcpy(ret->code + hole->end - fillings[hole->kind].bytes,
		       fillings[hole->kind].value, fillings[hole->kind].bytes);
	memcpy(ret->code + own_bytes, ret->window.code, ret->window.code_bytes);
	ret->code_bytes = (uint16_t)(own_bytes + ret->window.code_bytes);
	ret->entry_offset = layout->entry_offset;
	ret->trap_offset = layout->trap_offset;
	ret->displaced_offset = layout->displaced_offset;
	return NULL;
}

bool arch_pad_frame_kind(uint32_t dwarf_register, enum arch_pad_kind *ret)
{
	enum { DWARF_RBP = 6, DWARF_RSP = 7 }; /* psABI, figure 3.36 */

	*ret = dwarf_register == DWARF_RBP ? ARCH_PAD_FRAME_BP : ARCH_PAD_FRAME_SP;
	return dwarf_register == DWARF_RBP || dwarf_register == DWARF_RSP;
}

void arch_pad_set_cfa(struct arch_pad *pad, enum arch_pad_kind kind, int32_t offset_bytes)
{
	const struct pad_template *template = &pad_templates[kind];

	for (const struct pad_hole *hole = template->holes; hole < template->holes_end; hole++) {
		if (hole->kind == PAD_HOLE_CFA)
			memcpy(pad->code + hole->end - sizeof(offset_bytes), &offset_bytes,
			       sizeof(offset_bytes));
	}
}

static const struct pad_state *state_at(const struct pad_template *template, uint64_t offset)
{
	const struct pad_state *state = template->states;

	while (state + 1 < template->states_end && state[1].offset <= offset)
		state++;
	return state;
}

/* The flags of a word as lahf and seto made it; with @added, 0x7f has been added to its lowest byte. */
static uint64_t flags_of_word(uint64_t eflags, uint64_t word, bool added)
{
	enum { OVERFLOWN = 1, ADDED_OVERFLOWN = 0x80 };
	uint64_t ret = eflags & ~(uint64_t)(EFLAGS_BY_LAHF | EFLAGS_OF);

	ret |= (word >> 8) & EFLAGS_BY_LAHF;
	return word & (added ? ADDED_OVERFLOWN : OVERFLOWN) ? ret | EFLAGS_OF : ret;
}

static void regs_restore(struct user_regs_struct *regs, const struct pad_template *template,
			 const struct pad_state *state, const uint64_t *stack)
{
	unsigned long long *const of_word[] = {
		[PAD_WORD_RAX] = &regs->rax, [PAD_WORD_RCX] = &regs->rcx,
		[PAD_WORD_RDX] = &regs->rdx, [PAD_WORD_RSI] = &regs->rsi,
		[PAD_WORD_RDI] = &regs->rdi, [PAD_WORD_R10] = &regs->r10,
		[PAD_WORD_R11] = &regs->r11, [PAD_WORDS - 1] = NULL,
	};
	const unsigned words = state->words;

	/* The flags first: they may be in rax. */
	if (words > PAD_WORD_FLAGS)
		regs->eflags =
			flags_of_word(regs->eflags, stack[words - 1 - PAD_WORD_FLAGS], false);
	else if (state->flags != PAD_FLAGS_LIVE)
		regs->eflags = flags_of_word(regs->eflags, regs->rax,
					     state->flags == PAD_FLAGS_IN_RAX_ADDED);
	for (unsigned word = 0; word < words; word++)
		if (of_word[word] != NULL)
			*of_word[word] = stack[words - 1 - word];
	regs->rsp += state->moved_bytes + (template->is_low ? 0 : words * sizeof(uint64_t));
}

static struct arch_pad_owed owed_at(enum pad_owes owes, const struct user_regs_struct *regs)
{
	if (owes == PAD_OWES_NOTHING)
		return (struct arch_pad_owed){ .ticks = 0 };
	return (struct arch_pad_owed){
		.sum = taddr(regs->rdx),
		.ticks = regs->rsi,
		.owes_ticks = owes == PAD_OWES_ALL || owes == PAD_OWES_ALL_IF_ZERO,
		.owes_count = owes != PAD_OWES_EXTREMES,
	};
}

void arch_pad_pay(const struct arch_pad_owed *owed, struct arch_pad_sum *sum)
{
	sum->ticks += owed->owes_ticks ? owed->ticks : 0;
	sum->count += owed->owes_count;
	if (owed->ticks < sum->shortest)
		sum->shortest = owed->ticks;
	if (owed->ticks > sum->longest)
		sum->longest = owed->ticks;
}

taddr_t arch_pad_stack(enum arch_pad_kind kind, uint64_t offset,
		       const struct user_regs_struct *regs)
{
	const struct pad_template *template = &pad_templates[kind];
	const unsigned words = state_at(template, offset)->words;

	return taddr(regs->rsp - (template->is_low ? words * sizeof(uint64_t) : 0));
}

enum arch_pad_stage arch_pad_leave(enum arch_pad_kind kind, uint64_t offset, taddr_t from,
				   struct user_regs_struct *regs, const uint64_t *stack,
				   size_t words, struct arch_pad_owed *ret_owed)
{
	const struct pad_template *template = &pad_templates[kind];
	const struct pad_state *state = state_at(template, offset);
	enum arch_pad_stage stage = (enum arch_pad_stage)state->stage;
	enum pad_owes owes = (enum pad_owes)state->owes;

	*ret_owed = owed_at(PAD_OWES_NOTHING, regs);
	if (stage == ARCH_PAD_NOT_IN || words < state->words)
		return ARCH_PAD_NOT_IN;
	if (owes == PAD_OWES_ALL_IF_ZERO && !(regs->eflags & EFLAGS_ZF)) {
		stage = ARCH_PAD_BEFORE;
		owes = PAD_OWES_NOTHING;
	}
	*ret_owed = owed_at(owes, regs);
	taddr_t displaced = taddr(regs->rip - offset + template->layout->displaced_offset);
	regs_restore(regs, template, state, stack);
	arch_set_pc(regs, stage == ARCH_PAD_BEFORE ? from : displaced);
	arch_syscall_leave(regs);
	return stage;
}
