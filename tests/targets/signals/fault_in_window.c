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

/* Where they fault. A label there would mean that a branch might lead there. */
#define load_first_at ((const char *)load_first)
#define load_second_at ((const char *)load_second + 2)
#define divide_at ((const char *)divide + 3)
#define load_behind_at ((const char *)load_behind + 11)

/* Without call frame information nothing would say where they begin and end, and they would get no jumps. */
#define FUNCTION(name) ASM_FUNCTION(name) ".cfi_startproc\n"
#define END(name) ".cfi_endproc\n" ASM_END(name)

__asm__(FUNCTION(load_first)
	"	movl (%rdi), %eax\n"
	"	addl $1, %eax\n"
	"	ret\n" END(load_first)
	FUNCTION(load_second)
	"	xorl %eax, %eax\n"
	"	movl (%rdi), %eax\n"
	"	incl %eax\n"
	"	ret\n" END(load_second)
	FUNCTION(divide)
	"	movl %edi, %eax\n"
	"	cltd\n"
	"	idivl %esi\n"
	"	ret\n" END(divide)
	FUNCTION(load_behind)
	"	pushq %rbx\n"
	"	.cfi_adjust_cfa_offset 8\n"
	"	movq %rdi, %rbx\n"
	"	call leaf\n"
	"	movl %eax, %ecx\n"
	"	addl (%rbx), %ecx\n"
	"	leal (%rcx), %eax\n"
	"	popq %rbx\n"
	"	ret\n" END(load_behind)
	FUNCTION(leaf)
	"	movl $5, %eax\n"
	"	ret\n" END(leaf));

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
