/*
 * The first instruction of a probed function faults; the handler sees the function's own address
 * as the pc, repairs, and returns there: once by unprotecting, once by changing a register.
 */
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "expect.h"

long load_argument(const long *from);

asm(ASM_FUNCTION(load_argument) "	mov (%rdi), %rax\n	ret\n" ASM_END(load_argument));

static long *page;
static long good = 77;
static int by_register;
static volatile int faults, wrong_pc, wrong_address;

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	faults++;
	wrong_pc += registers[REG_RIP] != (greg_t)load_argument;
	wrong_address += info->si_addr != page;
	if (by_register)
		registers[REG_RDI] = (greg_t)&good;
	else
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

int main(void)
{
	expect("calls load_argument 45");
	expect("levels load_argument 0 0");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = 5;
	struct sigaction action = { .sa_sigaction = handler, .sa_flags = SA_SIGINFO };
	sigaction(SIGSEGV, &action, NULL);
	long sum = 0;
	for (int i = 0; i < 40; i++) {
		mprotect(page, 4096, PROT_NONE);
		by_register = i % 2;
		sum += load_argument(page);
	}
	for (int i = 0; i < 5; i++)
		sum += load_argument(&good);
	say("sum %ld, faults %d, wrong pc %d, wrong address %d", sum, faults, wrong_pc, wrong_address);
	return 0;
}
