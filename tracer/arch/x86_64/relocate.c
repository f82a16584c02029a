/*
 * x86-64: displaced instructions, relocated into a slot or a pad (arch layer).
 *
 * Three kinds of instruction mean something else at another address: %rip-relative operands,
 * relative branches, and calls, which push where they are. All others are copied.
 */
#include "tracer/arch/arch.h"
#include "tracer/arch/pad.h"

#include <assert.h>
#include <string.h>

#include <Zydis/Zydis.h>

/* What one instruction and the jump behind the window can become, at most. */
enum { RELOCATED_BYTES_MAX = 32, RELOCATED_POINTS_MAX = 4 };

struct relocation {
	/* The window. */
	ZydisDecoder decoder;
	taddr_t start, end;	/* of the original instructions */
	taddr_t to;		/* where the relocated ones begin */
	uint64_t patched_bytes; /* at @start, that will not be the program's own any more */
	struct arch_window *window;

	/* The instruction that is being relocated. */
	ZydisDecodedInstruction insn;
	ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
	const uint8_t *code;
	taddr_t from, next; /* next: behind the original instruction */
	bool falls_through; /* control can run from the relocated one into what follows it */
};

static bool is_last(const struct relocation *r)
{
	return taddr_equal(r->next, r->end);
}

static bool is_alone(const struct relocation *r)
{
	return taddr_equal(r->from, r->start) && is_last(r);
}

/* Whether something at @address would meet bytes of the patch there that are no beginning. */
static bool is_inside(const struct relocation *r, taddr_t address)
{
	uint64_t offset = address.value - r->start.value;
	return offset > 0 && offset < r->patched_bytes;
}

static struct error *relocate_refuse(const struct relocation *r, const char *why)
{
	const char *name = ZydisMnemonicGetString(r->insn.mnemonic);
	return error_new(ERR_FORMAT, "its instruction %s at %#lx %s", name ? name : "?",
			 (unsigned long)r->from.value, why);
}

static void window_append(struct arch_window *window, const void *bytes, size_t count)
{
	memcpy(window->code + window->code_bytes, bytes, count);
	window->code_bytes = (uint8_t)(window->code_bytes + count);
}

static void window_add_point(struct arch_window *window, taddr_t pc, int sp_bytes)
{
	window->points[window->point_count++] =
		(struct arch_slot_point){ window->code_bytes, (int8_t)sp_bytes, pc };
}

/* Appends @opcode and a 32-bit displacement that reaches @target. */
static struct error *window_append_rel32(struct relocation *r, const uint8_t *opcode,
					 size_t opcode_bytes, taddr_t target)
{
	uint64_t end = r->to.value + r->window->code_bytes + opcode_bytes + 4;
	int64_t distance = (int64_t)(target.value - end);

	if (distance != (int32_t)distance)
		return relocate_refuse(r, "refers to something too far away from any free memory");
	int32_t rel32 = (int32_t)distance;
	window_append(r->window, opcode, opcode_bytes);
	window_append(r->window, &rel32, sizeof(rel32));
	return NULL;
}

static struct error *window_append_jump(struct relocation *r, taddr_t target)
{
	static const uint8_t jmp_rel32[] = { 0xe9 };
	return window_append_rel32(r, jmp_rel32, sizeof(jmp_rel32), target);
}

/* `push 8-byte constant`, which window_append_pushed puts behind the jump that follows. */
static uint8_t window_append_push(struct relocation *r)
{
	static const uint8_t push_rip[] = { 0xff, 0x35, 0, 0, 0, 0 };

	window_append(r->window, push_rip, sizeof(push_rip));
	return r->window->code_bytes;
}

static void window_append_pushed(struct relocation *r, uint8_t behind_push)
{
	/* Aligned, for programs that have alignment checked; the original push reads nothing. */
	while ((r->to.value + r->window->code_bytes) % sizeof(r->next.value) != 0)
		window_append(r->window, arch_trap_insn, arch_trap_insn_bytes);
	int32_t disp = r->window->code_bytes - behind_push;

	memcpy(r->window->code + behind_push - sizeof(disp), &disp, sizeof(disp));
	window_append(r->window, &r->next.value, sizeof(r->next.value));
}

static struct error *relocate_call(struct relocation *r, taddr_t target)
{
	uint8_t behind_push = window_append_push(r);

	window_add_point(r->window, target, 0);
	struct error *err = window_append_jump(r, target);
	if (err == NULL)
		window_append_pushed(r, behind_push);
	return err;
}

/* Intel ignores the prefix here, AMD cuts the pc to 16 bits, and what is pushed, unless REX.W is there too, as in the
 * padded calls of __tls_get_addr. */
static bool is_cut(const ZydisDecodedInstruction *insn)
{
	return (insn->attributes & ZYDIS_ATTRIB_HAS_OPERANDSIZE) && !insn->raw.rex.W;
}

static bool is_stack_relative(const ZydisDecodedOperand *operand)
{
	return operand->type == ZYDIS_OPERAND_TYPE_MEMORY &&
	       (operand->mem.base == ZYDIS_REGISTER_RSP || operand->mem.base == ZYDIS_REGISTER_ESP);
}

/* call *operand: push the original return address, then jmp *operand. */
static struct error *relocate_indirect_call(struct relocation *r)
{
	ZydisEncoderRequest request;
	uint8_t jump[ZYDIS_MAX_INSTRUCTION_LENGTH];
	ZyanUSize length = sizeof(jump);
	const ZydisDecodedOperand *operand = &r->operands[0];

	if (r->insn.meta.branch_type != ZYDIS_BRANCH_TYPE_NEAR)
		return relocate_refuse(r, "is a far call");
	if (is_cut(&r->insn))
		return relocate_refuse(r, "is a branch with an operand-size prefix");
	if (operand->type == ZYDIS_OPERAND_TYPE_REGISTER &&
	    operand->reg.value == ZYDIS_REGISTER_RSP)
		return relocate_refuse(r, "calls the stack pointer");
	/* The encoder knows these by their registers alone. */
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY && r->insn.address_width == 32 &&
	    (operand->mem.base == ZYDIS_REGISTER_EIP || operand->mem.base == ZYDIS_REGISTER_NONE))
		return relocate_refuse(r, "calls through an address of 32 bits");
	/* It reads this before it pushes; the copy would read what it has pushed. */
	const int64_t below = -operand->mem.disp.value, pushed_bytes = sizeof(uint64_t);
	if (is_stack_relative(operand) && below > 0 && below < 2 * pushed_bytes)
		return relocate_refuse(r, "calls through what it writes over");
	if (!ZYAN_SUCCESS(ZydisEncoderDecodedInstructionToEncoderRequest(
		    &r->insn, r->operands, r->insn.operand_count_visible, &request)))
		return relocate_refuse(r, "cannot be encoded again");
	request.mnemonic = ZYDIS_MNEMONIC_JMP;
	request.prefixes &= ZYDIS_ATTRIB_HAS_SEGMENT;
	uint8_t behind_push = window_append_push(r);
	/* The push has moved the stack pointer that the operand may be relative to. A fault in the
	 * jump's operand must show the call's own state, so this point undoes the push. */
	window_add_point(r->window, r->from, sizeof(uint64_t));
	if (operand->type == ZYDIS_OPERAND_TYPE_MEMORY) {
		ZydisEncoderOperand *memory = &request.operands[0];
		if (is_stack_relative(operand))
			memory->mem.displacement += pushed_bytes;
		if (memory->mem.base == ZYDIS_REGISTER_RIP)
			memory->mem.displacement =
				(int64_t)(r->next.value + (uint64_t)operand->mem.disp.value);
	}
	uint64_t here = r->to.value + r->window->code_bytes;
	if (!ZYAN_SUCCESS(ZydisEncoderEncodeInstructionAbsolute(&request, jump, &length, here)))
		return relocate_refuse(r, "refers to something too far away from any free memory");
	window_append(r->window, jump, length);
	window_append_pushed(r, behind_push);
	return NULL;
}

static bool is_conditional_jump(const ZydisDecodedInstruction *insn)
{
	if (insn->encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY) /* jkzd of Knights Corner */
		return false;
	bool short_form =
		insn->opcode_map == ZYDIS_OPCODE_MAP_DEFAULT && (insn->opcode & 0xf0) == 0x70;
	bool near_form = insn->opcode_map == ZYDIS_OPCODE_MAP_0F && (insn->opcode & 0xf0) == 0x80;
	return short_form || near_form;
}

/* jrcxz and loop have a short form only: over the way that goes on, to a jump to the target. */
static struct error *relocate_short_branch(struct relocation *r, taddr_t target)
{
	enum { JMP_REL8_BYTES = 2, JMP_REL32_BYTES = 5 };
	static const uint8_t jmp_over_jump[JMP_REL8_BYTES] = { 0xeb, JMP_REL32_BYTES };
	uint8_t over = is_last(r) ? JMP_REL32_BYTES : JMP_REL8_BYTES;
	struct error *err = NULL;

	if (r->insn.raw.imm[0].size != 8)
		return relocate_refuse(r, "is a branch of an unknown kind");
	window_append(r->window, r->code, r->insn.raw.imm[0].offset);
	window_append(r->window, &over, sizeof(over));
	window_add_point(r->window, r->next, 0);
	if (is_last(r))
		err = window_append_jump(r, r->next);
	else
		window_append(r->window, jmp_over_jump, sizeof(jmp_over_jump));
	r->falls_through = !is_last(r);
	if (err != NULL)
		return err;
	window_add_point(r->window, target, 0);
	return window_append_jump(r, target);
}

static struct error *relocate_relative_branch(struct relocation *r)
{
	taddr_t target = taddr_add(r->next, (uint64_t)r->insn.raw.imm[0].value.s);

	if (is_cut(&r->insn))
		return relocate_refuse(r, "is a branch with an operand-size prefix");
	if (is_inside(r, target))
		return relocate_refuse(r, "branches to what would be displaced with it");
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_CALL)
		return relocate_call(r, target);
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_JMP)
		return window_append_jump(r, target);
	r->falls_through = true;
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_XBEGIN) {
		static const uint8_t xbegin_rel32[] = { 0xc7, 0xf8 };
		return window_append_rel32(r, xbegin_rel32, sizeof(xbegin_rel32), target);
	}
	if (is_conditional_jump(&r->insn)) {
		uint8_t jcc_rel32[] = { 0x0f, (uint8_t)(0x80 | (r->insn.opcode & 0x0f)) };
		return window_append_rel32(r, jcc_rel32, sizeof(jcc_rel32), target);
	}
	return relocate_short_branch(r, target);
}

static bool goes_on(const ZydisDecodedInstruction *insn)
{
	switch (insn->mnemonic) {
	case ZYDIS_MNEMONIC_JMP:
	case ZYDIS_MNEMONIC_UD0:
	case ZYDIS_MNEMONIC_UD1:
	case ZYDIS_MNEMONIC_UD2:
	case ZYDIS_MNEMONIC_HLT:
		return false;
	default:
		return insn->meta.category != ZYDIS_CATEGORY_RET;
	}
}

static struct error *relocate_copy(struct relocation *r)
{
	size_t length = r->insn.length;
	size_t at = r->window->code_bytes;

	window_append(r->window, r->code, length);
	for (int i = 0; i < r->insn.operand_count; i++) {
		const ZydisDecodedOperand *operand = &r->operands[i];
		/* With an address-size prefix the base is %eip: 32 bits reach everything then. */
		bool is_short = operand->mem.base == ZYDIS_REGISTER_EIP;
		if (operand->type != ZYDIS_OPERAND_TYPE_MEMORY ||
		    (operand->mem.base != ZYDIS_REGISTER_RIP && !is_short))
			continue;
		uint64_t data = r->next.value + (uint64_t)operand->mem.disp.value;
		if (is_inside(r, taddr(data)))
			return relocate_refuse(r, "refers to what would be displaced with it");
		int64_t distance = (int64_t)(data - (r->to.value + at + length));
		if (distance != (int32_t)distance && !is_short)
			return relocate_refuse(
				r, "refers to something too far away from any free memory");
		int32_t disp32 = (int32_t)distance;
		memcpy(r->window->code + at + r->insn.raw.disp.offset, &disp32, sizeof(disp32));
	}
	r->falls_through = goes_on(&r->insn);
	return NULL;
}

static bool is_system_call(const ZydisDecodedInstruction *insn)
{
	return insn->meta.category == ZYDIS_CATEGORY_SYSCALL ||
	       insn->meta.category == ZYDIS_CATEGORY_INTERRUPT;
}

/* The instruction at @r->from, of which @bytes are there. */
static struct error *relocation_decode(struct relocation *r, size_t bytes)
{
	if (!ZYAN_SUCCESS(
		    ZydisDecoderDecodeFull(&r->decoder, r->code, bytes, &r->insn, r->operands)))
		return error_new(ERR_FORMAT, "there is no known instruction at %#lx",
				 (unsigned long)r->from.value);
	if (r->insn.mnemonic == ZYDIS_MNEMONIC_INT3 || r->insn.mnemonic == ZYDIS_MNEMONIC_INT1)
		return relocate_refuse(r, "is a breakpoint of the program's own");
	r->next = taddr_add(r->from, r->insn.length);
	return NULL;
}

static struct error *relocate_one(struct relocation *r)
{
	struct arch_window *window = r->window;
	struct error *err;

	if (window->code_bytes > ARCH_WINDOW_BYTES_MAX - RELOCATED_BYTES_MAX ||
	    window->point_count > ARCH_WINDOW_POINTS_MAX - RELOCATED_POINTS_MAX)
		return relocate_refuse(r, "is one of too many to be displaced");
	/* A sleeper wakes behind its system call, and the kernel restarts one two bytes before that: in
	 * the program's own code, if that is where the call was made. A caller returns there as well. */
	if (is_system_call(&r->insn) && !is_alone(r))
		return relocate_refuse(r, "is a system call, to be displaced alone");
	if (!taddr_equal(r->from, r->start) && (r->insn.mnemonic == ZYDIS_MNEMONIC_ENDBR64 ||
						r->insn.mnemonic == ZYDIS_MNEMONIC_ENDBR32))
		return relocate_refuse(r, "is where indirect branches may lead");
	window->is_syscall = r->insn.mnemonic == ZYDIS_MNEMONIC_SYSCALL;
	window_add_point(window, r->from, 0);
	r->falls_through = false;
	if (r->insn.raw.imm[0].is_relative)
		err = relocate_relative_branch(r);
	else if (r->insn.mnemonic == ZYDIS_MNEMONIC_CALL)
		err = relocate_indirect_call(r);
	else
		err = relocate_copy(r);
	if (err == NULL && !r->falls_through && !is_last(r))
		err = relocate_refuse(r, "is not the last that would be displaced");
	return err;
}

/* The instructions of the @r->end - @r->start bytes at @code; a jump behind them. */
static struct error *relocate_all(struct relocation *r, const uint8_t *code)
{
	r->from = r->start;
	r->code = code;
	while (r->from.value < r->end.value) {
		struct error *err = relocation_decode(r, r->end.value - r->from.value);
		if (err == NULL)
			err = relocate_one(r);
		if (err != NULL)
			return err;
		r->from = r->next;
		r->code += r->insn.length;
	}
	if (!r->falls_through)
		return NULL;
	window_add_point(r->window, r->end, 0);
	return window_append_jump(r, r->end);
}

static void relocation_init(struct relocation *r, taddr_t from, taddr_t to,
			    struct arch_window *window)
{
	*window = (struct arch_window){ 0 };
	*r = (struct relocation){ .start = from, .from = from, .to = to, .window = window };
	ZydisDecoderInit(&r->decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
}

struct error *arch_relocate_window(const uint8_t *code, size_t window_bytes, taddr_t from,
				   taddr_t to, struct arch_window *ret)
{
	struct relocation r;

	relocation_init(&r, from, to, ret);
	if (window_bytes == 0 || window_bytes > ARCH_WINDOW_BYTES_MAX)
		return error_new(ERR_FORMAT, "%zu bytes cannot be displaced at %#lx", window_bytes,
				 (unsigned long)from.value);
	r.end = taddr_add(from, window_bytes);
	r.patched_bytes = window_bytes;
	ret->original_bytes = (uint8_t)window_bytes;
	return relocate_all(&r, code);
}

struct error *arch_relocate(const uint8_t *code, size_t bytes, taddr_t from, taddr_t to,
			    struct arch_slot *ret)
{
	struct arch_window window;
	struct relocation r;

	*ret = (struct arch_slot){ 0 };
	relocation_init(&r, from, to, &window);
	r.code = code;
	struct error *err = relocation_decode(&r, bytes);
	if (err != NULL)
		return err;
	r.end = r.next;
	r.patched_bytes = arch_trap_insn_bytes;
	err = relocate_all(&r, code);
	if (err != NULL)
		return err;
	assert(window.code_bytes <= ARCH_SLOT_BYTES && window.point_count <= ARCH_SLOT_POINTS_MAX);
	memcpy(ret->code, window.code, window.code_bytes);
	memcpy(ret->points, window.points, window.point_count * sizeof(window.points[0]));
	ret->code_bytes = window.code_bytes;
	ret->original_bytes = r.insn.length;
	ret->point_count = window.point_count;
	ret->is_syscall = window.is_syscall;
	return NULL;
}
