/* variants: calls pointer signals handlers fork */
/*
 * Functions with data among their instructions: that begin with what clang's -fsanitize=function puts there, a jump over
 * its type, and one that jumps over a word that looks like a return and the beginning of a long instruction.
 */
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "expect.h"

enum { CALLS = 2000, SIGNALS = 60 };

long typed(long n);
long typed_loop(long n);
long typed_endbr(long n);
long over_data(long n);
void typed_handler(int signal);
void data_handler(int signal);
long typed_hits, data_hits;

#define FUNCTION(name, body)                                                                       \
	ASM_FUNCTION(name) ".cfi_startproc\n" body ".cfi_endproc\n" ASM_END(name)
#define TYPE ".byte 0xeb, 6\n .ascii \"v2\"\n .long 0x48c3b8c3\n"
/* ret, and what takes the eight bytes behind it for a constant */
#define DATA "jmp 1f\n 2: .byte 0xc3, 0x48, 0xb8\n 1: "
#define DATA_ADDED "movzwl 2b(%rip), %edx\n "

asm(".text\n.skip 256, 0x90\n");
asm(FUNCTION(typed, TYPE "push %rbp\n mov %rsp, %rbp\n lea 1(%rdi), %rax\n pop %rbp\n ret\n"));
asm(FUNCTION(typed_loop, TYPE "1: lea 1(%rax), %rax\n dec %rdi\n jnz 1b\n mov $3, %eax\n ret\n"));
asm(FUNCTION(typed_endbr, TYPE "endbr64\n push %rbx\n lea 2(%rdi), %rax\n pop %rbx\n ret\n"));
asm(FUNCTION(over_data, DATA "lea (%rdi,%rdi,2), %rax\n" DATA_ADDED "add %rdx, %rax\n ret\n"));
asm(FUNCTION(typed_handler, TYPE "incq typed_hits(%rip)\n ret\n"));
asm(FUNCTION(data_handler, DATA DATA_ADDED "add %rdx, data_hits(%rip)\n ret\n"));

static long call_all(long n)
{
	return typed(n) + typed_loop(n) + typed_endbr(n) + over_data(n);
}

static long call_often(void)
{
	long sum = 0;

	for (int i = 1; i <= CALLS; i++)
		sum += call_all(i % 5 + 1);
	return sum;
}

static void expect_calls(int count)
{
	expect("calls typed %d", count);
	expect("calls typed_loop %d", count);
	expect("calls typed_endbr %d", count);
	expect("calls over_data %d", count);
}

/* As the compiler has it done: a function that says its type is asked for it. */
static long call_by_pointer(long (*volatile function)(long), long n)
{
	uint32_t words[2];

	memcpy(words, (const void *)(uintptr_t)function, sizeof(words));
	if (words[0] == 0x327606eb && words[1] != 0x48c3b8c3)
		abort();
	return function(n);
}

static void call_by_pointers(void)
{
	long sum = 0;

	expect("calls typed %d", CALLS);
	expect("calls typed_endbr %d", CALLS);
	for (int i = 0; i < CALLS; i++)
		sum += call_by_pointer(typed, i) + call_by_pointer(typed_endbr, i);
	say("sum %ld", sum);
}

static void handle(int number, void (*handler)(int))
{
	struct sigaction action = { .sa_handler = handler, .sa_flags = SA_RESTART };

	sigaction(number, &action, NULL);
}

/* What they return to must not be touched: their return instructions are probed. */
static void call_handlers(void)
{
	expect("calls typed_handler %d", SIGNALS);
	expect("calls data_handler %d", SIGNALS);
	handle(SIGUSR1, typed_handler);
	handle(SIGUSR2, data_handler);
	for (int i = 0; i < SIGNALS; i++) {
		raise(SIGUSR1);
		raise(SIGUSR2);
	}
	say("hits %ld, %ld", typed_hits, data_hits);
}

static void on_alarm(int number)
{
	(void)number;
}

static void call_under_signals(void)
{
	const struct itimerval every = { { 0, 300 }, { 0, 300 } }, never = { 0 };
	long sum = 0;

	expect_calls(5 * CALLS);
	handle(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < 5; i++)
		sum += call_often();
	setitimer(ITIMER_REAL, &never, NULL);
	say("sum %ld", sum);
}

static void call_in_child(void)
{
	long sum;
	int status;

	expect_calls(2 * CALLS);
	expect("in_children typed %d", CALLS);
	sum = call_often();
	if (fork() == 0)
		_exit(call_often() != sum);
	wait(&status);
	say("sum %ld, child %d", sum, status);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "calls";

	if (strcmp(way, "pointer") == 0)
		call_by_pointers();
	else if (strcmp(way, "signals") == 0)
		call_under_signals();
	else if (strcmp(way, "handlers") == 0)
		call_handlers();
	else if (strcmp(way, "fork") == 0)
		call_in_child();
	else {
		expect_calls(CALLS);
		say("sum %ld", call_often());
	}
	return 0;
}
