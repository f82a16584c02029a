/* flags: -fcf-protection=full -pthread */
/* variants: calls pointer recursion threads signals fork */
/*
 * Functions that begin with an endbr64, as compilers make them for CET: called directly, through pointers and the PLT,
 * by themselves; some branch to their own beginning, or to what follows the endbr64.
 */
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "expect.h"

enum { CALLS = 2000, THREADS = 3 };

long framed(long n);
long loops_to_mark(long n);
long loops_behind(long n);
long loops_inside(long n);

/* With unwind information, which says where a function ends. */
#define FUNCTION(name, body)                                                                       \
	ASM_FUNCTION(name) ".cfi_startproc\n" body ".cfi_endproc\n" ASM_END(name)

/* Of what the compiler puts in front, nothing says where it branches to. */
asm(".text\n	.skip 256, 0x90\n" FUNCTION(
	framed, "	endbr64\n	push %rbp\n	mov %rsp, %rbp\n	lea 1(%rdi), %rax\n"
		"	pop %rbp\n	ret\n")
	    FUNCTION(loops_to_mark, "	endbr64\n	lea 1(%rax), %rax\n	dec %rdi\n"
				    "	jnz loops_to_mark\n	mov $2, %eax\n	ret\n")
		    FUNCTION(loops_behind, "	endbr64\n1:	lea 1(%rax), %rax\n	dec %rdi\n"
					   "	jnz 1b\n	mov $3, %eax\n	ret\n")
			    FUNCTION(loops_inside,
				     "	endbr64\n	push %rbx\n1:	sub $-127, %rbx\n	"
				     "dec %rdi\n"
				     "	jnz 1b\n	pop %rbx\n	mov $4, %eax\n	ret\n"));

long compiled(long n)
{
	return n * 2;
}

long recursive(long n)
{
	return n <= 0 ? 0 : n + recursive(n - 1);
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* Its return has an endbr64, too: longjmp may arrive there. */
static jmp_buf place;
long jumped(long n)
{
	if (setjmp(place) == 0)
		longjmp(place, 1);
	return n;
}

static long call_all(long n)
{
	return framed(n) + loops_to_mark(n) + loops_behind(n) + loops_inside(n) + compiled(n);
}

static void *call_often(void *argument)
{
	long *sum = argument;

	for (int i = 1; i <= CALLS; i++)
		*sum += call_all(i % 5 + 1);
	return NULL;
}

static void expect_calls(long count)
{
	expect("calls framed %ld", count);
	expect("calls loops_to_mark %ld", count);
	expect("calls loops_behind %ld", count);
	expect("calls loops_inside %ld", count);
	expect("calls compiled %ld", count);
}

static void call_by_pointers(void)
{
	long (*volatile functions[])(long) = { framed, compiled };
	int numbers[200];
	long sum = 0;

	expect("calls framed %d", CALLS);
	expect("calls compiled %d", CALLS);
	expect("probe compare");
	expect("probe qsort");
	expect("calls jumped %d", CALLS / 10);
	for (int i = 0; i < 2 * CALLS; i++)
		sum += functions[i % 2](i);
	for (int round = 0; round < 20; round++) {
		for (int i = 0; i < 200; i++)
			numbers[i] = i * 7919 % 200;
		qsort(numbers, 200, sizeof(numbers[0]), compare);
	}
	for (int i = 0; i < CALLS / 10; i++)
		sum += jumped(i);
	say("sum %ld, %d %d", sum, numbers[0], numbers[199]);
}

static void call_in_threads(void)
{
	pthread_t threads[THREADS];
	long sums[THREADS] = { 0 };

	expect_calls((long)THREADS * CALLS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, call_often, &sums[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	for (int i = 0; i < THREADS; i++)
		say("sum %ld", sums[i]);
}

static void on_alarm(int signal)
{
	(void)signal;
}

static void call_under_signals(void)
{
	const struct itimerval every = { { 0, 300 }, { 0, 300 } }, never = { 0 };
	struct sigaction action = { .sa_handler = on_alarm, .sa_flags = SA_RESTART };
	long sum = 0;

	expect_calls(5 * CALLS);
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &every, NULL);
	for (int i = 0; i < 5; i++)
		call_often(&sum);
	setitimer(ITIMER_REAL, &never, NULL);
	say("sum %ld", sum);
}

static void call_in_child(void)
{
	long sum = 0;
	int status;

	expect_calls(2 * CALLS);
	expect("in_children framed %d", CALLS);
	call_often(&sum);
	if (fork() == 0) {
		sum = 0;
		call_often(&sum);
		_exit(sum == 0);
	}
	wait(&status);
	say("sum %ld, child %d", sum, status);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "calls";
	long sum = 0;

	if (strcmp(way, "pointer") == 0)
		call_by_pointers();
	else if (strcmp(way, "recursion") == 0) {
		expect("calls recursive %d", 101 * 40);
		for (int i = 0; i < 40; i++)
			sum += recursive(100);
		say("sum %ld", sum);
	} else if (strcmp(way, "threads") == 0)
		call_in_threads();
	else if (strcmp(way, "signals") == 0)
		call_under_signals();
	else if (strcmp(way, "fork") == 0)
		call_in_child();
	else {
		expect_calls(CALLS);
		call_often(&sum);
		say("sum %ld", sum);
	}
	return 0;
}
