/*
 * Instructions near a function's entry, and behind a call, fault when they have run undisturbed often enough to be hot.
 * The handler finds their exact address and registers, mends what was wrong, and returns: they run again.
 */
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "expect.h"

enum { CALM = 100, FAULTS = 100 };

int load_first(const int *from);
int load_second(const int *from);
int divide(int dividend, int divisor);
int load_behind(const int *from);
extern const char load_first_at[], load_second_at[], divide_at[], load_behind_at[];

__asm__(ASM_FUNCTION(load_first)
	"load_first_at: movl (%rdi), %eax\n"
	"	addl $1, %eax\n"
	"	ret\n" ASM_END(load_first)
	ASM_FUNCTION(load_second)
	"	xorl %eax, %eax\n"
	"load_second_at: movl (%rdi), %eax\n"
	"	incl %eax\n"
	"	ret\n" ASM_END(load_second)
	ASM_FUNCTION(divide)
	"	movl %edi, %eax\n"
	"	cltd\n"
	"divide_at: idivl %esi\n"
	"	ret\n" ASM_END(divide)
	ASM_FUNCTION(load_behind)
	"	pushq %rbx\n"
	"	movq %rdi, %rbx\n"
	"	call leaf\n"
	"	movl %eax, %ecx\n"
	"load_behind_at: addl (%rbx), %ecx\n"
	"	leal (%rcx), %eax\n"
	"	popq %rbx\n"
	"	ret\n" ASM_END(load_behind)
	ASM_FUNCTION(leaf)
	"	movl $5, %eax\n"
	"	ret\n" ASM_END(leaf));

static int *page;
static const char *expected_pc;
static void *expected_address;
static volatile unsigned faults, wrong;

static void on_fault(int signal, siginfo_t *info, void *context)
{
	greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;

	faults++;
	wrong += (const char *)registers[REG_RIP] != expected_pc;
	wrong += info->si_addr != expected_address;
	if (signal == SIGFPE)
		registers[REG_RSI] = 3;
	else
		mprotect(page, 4096, PROT_READ | PROT_WRITE);
}

/* @pc: the load that faults. */
static void loads(int (*load)(const int *), const char *pc, int wanted)
{
	expected_pc = pc;
	expected_address = page;
	for (int i = 0; i < CALM + FAULTS; i++) {
		if (i >= CALM)
			mprotect(page, 4096, PROT_NONE);
		wrong += load(page) != wanted;
	}
}

int main(void)
{
	struct sigaction action = { .sa_sigaction = on_fault, .sa_flags = SA_SIGINFO };

	expect("calls load_first %d", CALM + FAULTS);
	expect("calls load_second %d", CALM + FAULTS);
	expect("calls divide %d", CALM + FAULTS);
	expect("calls load_behind %d", CALM + FAULTS);
	expect("calls leaf %d", CALM + FAULTS);
	expect("nested leaf load_behind");
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = 41;
	sigaction(SIGSEGV, &action, NULL);
	sigaction(SIGFPE, &action, NULL);
	loads(load_first, load_first_at, 42);
	loads(load_second, load_second_at, 42);
	loads(load_behind, load_behind_at, 46);
	expected_pc = divide_at;
	expected_address = (void *)divide_at;
	for (int i = 0; i < CALM + FAULTS; i++)
		wrong += divide(12, i < CALM ? 3 : 0) != 4;
	say("faults %u, wrong %u", faults, wrong);
	return wrong != 0;
}
