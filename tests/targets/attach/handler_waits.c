/* flags: -pthread */
/*
 * A thread is in a signal handler that will return into the middle of a function: its second instruction has faulted,
 * and shall be repeated. Meanwhile the first thread calls that function all the time. Says "ready PID" when all is so;
 * SIGUSR1 lets the handler return. Exit status 0: every result was right.
 *
 * usage: handler_waits asleep|computing|altstack
 */
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "expect.h"

enum { NUMBER = 41, STACK_BYTES = 64 * 1024 };

int load_second(const int *from);

__asm__(ASM_FUNCTION(load_second)
	"	.cfi_startproc\n"
	"	xorl %eax, %eax\n"
	"	movl (%rdi), %eax\n"
	"	incl %eax\n"
	"	ret\n"
	"	.cfi_endproc\n" ASM_END(load_second));

static int *page;
static size_t page_bytes;
static int told[2];
static volatile sig_atomic_t is_told, computes, has_faulted;

static void on_usr1(int signal)
{
	is_told = signal;
	(void)!write(told[1], "", 1);
}

static void on_fault(int signal)
{
	char byte;

	(void)signal;
	has_faulted = 1;
	while (computes && !is_told)
		;
	while (!computes && read(told[0], &byte, 1) < 0)
		;
	mprotect(page, page_bytes, PROT_READ);
}

static void *faults(void *uses_stack)
{
	stack_t stack = { .ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES };
	sigset_t usr1;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	if (uses_stack != NULL)
		sigaltstack(&stack, NULL);
	long result = load_second(page);
	sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
	free(stack.ss_sp);
	return (void *)result;
}

int main(int argc, char *argv[])
{
	struct sigaction action = { .sa_handler = on_usr1 };
	const char *how = argc > 1 ? argv[1] : "asleep";
	pthread_t thread;
	int value = 1, wrong = 0;
	void *result;

	page_bytes = (size_t)sysconf(_SC_PAGESIZE);
	page = mmap(NULL, page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*page = NUMBER;
	mprotect(page, page_bytes, PROT_NONE);
	computes = strcmp(how, "computing") == 0;
	(void)!pipe(told);
	sigaction(SIGUSR1, &action, NULL);
	action = (struct sigaction){ .sa_handler = on_fault, .sa_flags = SA_ONSTACK };
	sigaction(SIGSEGV, &action, NULL);
	pthread_create(&thread, NULL, faults, strcmp(how, "altstack") == 0 ? &value : NULL);
	while (!has_faulted)
		usleep(1000);
	say("ready %d", getpid());
	while (!is_told)
		wrong += load_second(&value) != value + 1;
	pthread_join(thread, &result);
	wrong += (long)result != NUMBER + 1;
	say("%d wrong", wrong);
	return wrong > 0;
}
