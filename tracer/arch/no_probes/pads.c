/* Jump pads, for a port that cannot probe yet (arch layer): there are none; see code.c. */
#include "tracer/arch/pad.h"

#include "tracer/arch/pad_file.h"
#include "tracer/base/machine.h"

const uint8_t arch_jump_prefixes[ARCH_JUMP_PREFIXES];

static struct error *no_pads(void)
{
	return error_new(ERR_FORMAT, "there are no jump pads on %s yet", MACHINE_NAME);
}

bool arch_jump_build_prefixed(taddr_t from, unsigned prefix_bytes, uint8_t prefix, taddr_t to,
			      uint8_t ret[ARCH_JUMP_BYTES_MAX])
{
	(void)from, (void)prefix_bytes, (void)prefix, (void)to, (void)ret;
	return false;
}

bool arch_pun_reach(taddr_t from, const uint8_t code[ARCH_JUMP_BYTES_MAX], unsigned own_bytes,
		    unsigned prefix_bytes, taddr_t *ret_first, taddr_t *ret_last)
{
	(void)from, (void)code, (void)own_bytes, (void)prefix_bytes;
	*ret_first = *ret_last = taddr(0);
	return false;
}

size_t arch_trampoline_build(taddr_t from, taddr_t to, uint8_t ret[ARCH_TRAMPOLINE_BYTES_MAX])
{
	(void)from, (void)to, (void)ret;
	return 0;
}

const struct arch_pad_layout *arch_pad_layout(enum arch_pad_kind kind)
{
	static const struct arch_pad_layout none;

	(void)kind;
	return &none;
}

struct error *arch_pad_build(enum arch_pad_kind kind, uint32_t site, const uint8_t *code,
			     size_t window_bytes, taddr_t from, taddr_t data, taddr_t to,
			     struct arch_pad *ret)
{
	(void)kind, (void)site, (void)code, (void)window_bytes, (void)from, (void)data, (void)to;
	*ret = (struct arch_pad){ 0 };
	return no_pads();
}

bool arch_pad_frame_kind(uint32_t dwarf_register, enum arch_pad_kind *ret)
{
	(void)dwarf_register, (void)ret;
	return false;
}

void arch_pad_set_cfa(struct arch_pad *pad, enum arch_pad_kind kind, int32_t offset_bytes)
{
	(void)pad, (void)kind, (void)offset_bytes;
}

taddr_t arch_pad_stack(enum arch_pad_kind kind, uint64_t offset,
		       const struct user_regs_struct *regs)
{
	(void)kind;
	(void)offset;
	return arch_sp(regs);
}

enum arch_pad_stage arch_pad_leave(enum arch_pad_kind kind, uint64_t offset, taddr_t from,
				   struct user_regs_struct *regs, const uint64_t *stack,
				   size_t words, struct arch_pad_owed *ret_owed)
{
	(void)kind, (void)offset, (void)from, (void)regs, (void)stack, (void)words;
	*ret_owed = (struct arch_pad_owed){ 0 };
	return ARCH_PAD_NOT_IN;
}

void arch_pad_pay(const struct arch_pad_owed *owed, struct arch_pad_sum *sum)
{
	(void)owed, (void)sum;
}

uint32_t arch_pad_thread_index(uint64_t key)
{
	return (uint32_t)(key % ARCH_PAD_THREADS);
}

uint32_t arch_pad_return_index(uint64_t return_address)
{
	return (uint32_t)(return_address % ARCH_PAD_RETURNS);
}

struct error *arch_pad_measure(struct arch_pad_costs *ret)
{
	*ret = (struct arch_pad_costs){ 0 };
	return no_pads();
}

const void *arch_pad_file(size_t *ret_bytes)
{
	*ret_bytes = 0;
	return NULL;
}
