/* The handler of a fault at a function's first instruction steps over the instruction. */
#include <signal.h>
#include <ucontext.h>

#include "expect.h"

long store_first(long *to);

asm(ASM_FUNCTION(store_first) "	movq $1, (%rdi)\n	mov $9, %eax\n	ret\n" ASM_END(store_first));

static volatile int wrong_pc;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	wrong_pc += registers[REG_RIP] != (greg_t)store_first;
	registers[REG_RIP] += 7;
}

int main(void)
{
	expect("calls store_first 10");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGSEGV, &action, NULL);
	long sum = 0;
	for (int i = 0; i < 10; i++)
		sum += store_first((long *)8);
	say("sum %ld, wrong pc %d", sum, wrong_pc);
	return 0;
}
