/* A probed function whose own first instruction is an int3 that the program handles. */
#include <signal.h>
#include <ucontext.h>

#include "expect.h"

int int3_first(void);

asm(ASM_FUNCTION(int3_first) "	int3\n	mov $6, %eax\n	ret\n" ASM_END(int3_first));

static volatile int handled, wrong_pc;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	handled++;
	wrong_pc += ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] != (greg_t)int3_first + 1;
}

int main(void)
{
	expect("calls int3_first 5");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGTRAP, &action, NULL);
	int sum = 0;
	for (int i = 0; i < 5; i++)
		sum += int3_first();
	say("sum %d, handled %d, wrong pc %d", sum, handled, wrong_pc);
	return 0;
}
