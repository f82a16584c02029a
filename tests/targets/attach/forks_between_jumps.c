/*
 * Forks all the time, and calls functions whose jumps need that what follows them makes way, for a jump of its own; so do its
 * children, which end then. SIGUSR1 ends it, 1 if a child has ended in another way.
 */
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ENDS_WITH = 7, FEW = 10, MANY = 2000 };
static volatile sig_atomic_t is_told;

long makes_way(long n);
long makes_way_too(long n);
#define FUNCTION(name, first, second)                                                              \
	".text\n.globl " #name "\n.type " #name ",@function\n.p2align 4\n" #name ":\n"             \
	".cfi_startproc\n" first "1:	" second "	dec %edi\n	jnz 1b\n	ret\n"                      \
	".cfi_endproc\n.size " #name ", .-" #name "\n"
asm(FUNCTION(makes_way, "	mov %rdi, %rax\n", "	mov $0, %edx\n")
	    FUNCTION(makes_way_too, "	mov %edi, %eax\n", "	add $0, %eax\n"));

static void end(int signal)
{
	(void)signal;
	is_told = 1;
}

static long calls(int count)
{
	long sum = 0;

	for (int i = 0; i < count; i++)
		sum += makes_way(3) + makes_way_too(4);
	return sum;
}

int main(void)
{
	int differed = 0, status;

	signal(SIGUSR1, end);
	dprintf(1, "ready\n");
	while (!is_told) {
		const long sum = calls(FEW);
		calls(MANY); /* so that it is seldom the child that runs */
		const pid_t child = fork();
		if (child == 0)
			_exit(calls(FEW) == sum ? ENDS_WITH : 1);
		waitpid(child, &status, 0);
		if (differed || (WIFEXITED(status) && WEXITSTATUS(status) == ENDS_WITH))
			continue;
		dprintf(1, "a child has status %x\n", (unsigned)status);
		differed = 1;
	}
	return differed;
}
