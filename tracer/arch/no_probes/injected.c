/* The code that is mapped into programs, for a port that cannot probe yet (arch layer): nothing is; see code.c. */
#include <string.h>

#include "tracer/arch/arch.h"

const uint8_t arch_trap_fallback_code[1];

/* The rest is in the same place: it has no code. */
#define EMPTY(name) extern const uint8_t name[1] __attribute__((alias("arch_trap_fallback_code")))
EMPTY(arch_trap_fallback_code_end);
EMPTY(arch_trap_fallback_restorer);
EMPTY(arch_call_return);
EMPTY(arch_resume_code);
EMPTY(arch_resume_words);

void arch_resume_fill(const struct user_regs_struct *regs, uint64_t mask,
		      uint64_t ret[ARCH_RESUME_WORDS])
{
	(void)regs, (void)mask;
	memset(ret, 0, ARCH_RESUME_WORDS * sizeof(ret[0]));
}

void arch_call_keep(const struct user_regs_struct *regs, uint64_t ret[ARCH_CALL_WORDS],
		    taddr_t *ret_way_on_at)
{
	(void)regs;
	memset(ret, 0, ARCH_CALL_WORDS * sizeof(ret[0]));
	*ret_way_on_at = taddr(0);
}

/* No function is called for us. */
void arch_call_prepare(struct user_regs_struct *regs, taddr_t function, taddr_t below,
		       const uint64_t *arguments, size_t count)
{
	(void)regs, (void)function, (void)below, (void)arguments, (void)count;
}

/* No signal handler is met at a site. */
bool arch_sigreturn_frame(const struct user_regs_struct *regs, taddr_t *ret_pc_at,
			  taddr_t *ret_sp_at)
{
	(void)regs;
	*ret_pc_at = *ret_sp_at = taddr(0);
	return false;
}

bool arch_signal_frame(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], taddr_t *ret_pc,
		       taddr_t *ret_sp)
{
	(void)words;
	*ret_pc = *ret_sp = taddr(0);
	return false;
}

bool arch_signal_frame_mask(const uint64_t words[ARCH_SIGNAL_FRAME_WORDS], uint64_t *ret)
{
	(void)words;
	*ret = 0;
	return false;
}

/* No pad looks for its thread. */
taddr_t arch_thread_pointer(const struct user_regs_struct *regs)
{
	(void)regs;
	return taddr(0);
}

void arch_set_thread_pointer(struct user_regs_struct *regs, taddr_t pointer)
{
	(void)regs, (void)pointer;
}
