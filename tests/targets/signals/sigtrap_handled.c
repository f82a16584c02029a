/* The program's own int3 and raised SIGTRAPs reach its probed handler, each with its siginfo. */
#include <signal.h>
#include <ucontext.h>

#include "expect.h"

extern const char after_int3[];
void own_int3(void);

asm(ASM_FUNCTION(own_int3)
    "	nop\n	int3\n"
    ".globl after_int3\n"
    "after_int3:\n	ret\n" ASM_END(own_int3));

static volatile int from_kernel, from_user, wrong_pc;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	if (info->si_code == SI_KERNEL) {
		from_kernel++;
		wrong_pc += ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] != (greg_t)after_int3;
	} else if (info->si_pid == getpid()) {
		from_user++;
	}
}

int main(void)
{
	expect("calls handler 40");
	expect("calls own_int3 20");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGTRAP, &action, NULL);
	for (int i = 0; i < 20; i++) {
		own_int3();
		raise(SIGTRAP);
	}
	say("kernel %d, user %d, wrong pc %d", from_kernel, from_user, wrong_pc);
	return 0;
}
