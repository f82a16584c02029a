/* The instruction that a probed function returns to faults; the handler repairs and returns. */
#include <signal.h>
#include <ucontext.h>

#include "expect.h"

long give_pointer(long value);
long load_what_it_gave(long value);
extern const char faulting_instruction[];

asm(ASM_FUNCTION(give_pointer) "	mov %rdi, %rax\n	ret\n" ASM_END(give_pointer));
asm(ASM_FUNCTION(load_what_it_gave)
    "	call give_pointer\n"
    ".globl faulting_instruction\n"
    "faulting_instruction:\n"
    "	mov (%rax), %rax\n"
    "	ret\n" ASM_END(load_what_it_gave));

static long good = 11;
static volatile int faults, wrong_pc;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)info;
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	faults++;
	wrong_pc += registers[REG_RIP] != (greg_t)faulting_instruction;
	registers[REG_RAX] = (greg_t)&good;
}

int main(void)
{
	expect("calls give_pointer 30");
	expect("calls load_what_it_gave 30");
	expect("nested give_pointer load_what_it_gave");
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGSEGV, &action, NULL);
	long sum = 0;
	for (int i = 0; i < 30; i++)
		sum += load_what_it_gave(i % 3 ? 16 : (long)&good);
	say("sum %ld, faults %d, wrong pc %d", sum, faults, wrong_pc);
	return 0;
}
