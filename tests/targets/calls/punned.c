/* flags: -pthread */
/* variants: calls threads signals fork neighbour late_neighbour locked */
/*
 * Functions and returns around which no five bytes may be overwritten, since a branch leads inside: first instructions
 * of one to four bytes, and what follows them is that of other jumps.
 */
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "expect.h"

enum { CALLS = 2000, THREADS = 3 };

/* With unwind information, which says where a function ends. */
#define FUNCTION(name, body)                                                                       \
	ASM_FUNCTION(name) ".cfi_startproc\n" body ".cfi_endproc\n" ASM_END(name)

/*
 * A loop to the second instruction, which is where a whole jump would have its second to fifth byte. The fifth says
 * whether it leads up or down; above a program is the way of its heap.
 */
#define LOOP_OF(name, first, second, last)                                                         \
	FUNCTION(name, first "	1:	" second "	dec %rdi\n	jnz 1b\n" last "	r"        \
			     "et\n")

long one_byte(long n);
long two_bytes(long n);
long three_bytes(long n);
long four_bytes(long n);
long leads_up(long n);
long evicts_whole(long n);
long evicts_punned(long n);
long evicts_down(long n);
long evicts_pushes(long n);
long short_branch(long n);
long no_loop(long n);
long returns_here(long n);
long calls_two(long n, long (*second)(long));
long next_of_ret(long n);
void only_ret(void);
void (*const pointer)(void) = only_ret;

asm(LOOP_OF(one_byte, "	push %rbx\n", "	sub $-127, %rax\n", "	pop %rbx\n")
	    LOOP_OF(two_bytes, "	xor %eax, %eax\n", "	sub $-127, %rax\n",
		    "") LOOP_OF(three_bytes, "	mov %rdi, %rax\n", "	sub $-127, %rax\n", "")
		    LOOP_OF(four_bytes, "	lea 4(%rdi), %rax\n", "	sub $-127, %eax\n", "")
			    LOOP_OF(leads_up, "	mov %rdi, %rax\n", "	inc %rax\n", "")
    /*
     * Where jumps over the first instruction would lead is all near the program's own code, whatever their prefixes: the
     * second has to make way, for a whole jump, or for one that is punned itself.
     */
    LOOP_OF(evicts_whole, "	mov %rdi, %rax\n", "	mov $0, %edx\n", "")
	    FUNCTION(evicts_punned, "	mov %edi, %eax\n"
				    "1:	add $0, %eax\n"
				    "	dec %edi\n"
				    "	jnz 1b\n"
				    "	ret\n")
    /*
     * Whatever makes way for the first, it leads up, where the heap may grow, but for a jump in place of the push: with a
     * prefix, which must lead down then as well.
     */
    FUNCTION(evicts_down, "	push %r15\n"
			  "1:	xor %esi, %esi\n"
			  "	push %r14\n"
			  "	push %r13\n"
			  "	lea 0x140(%rdi), %r13\n"
			  "	pop %r13\n"
			  "	pop %r14\n"
			  "	dec %rdi\n"
			  "	jnz 1b\n"
			  "	pop %r15\n"
			  "	mov $1, %eax\n"
			  "	ret\n")
    /* Of several pairs that could make way for the first push, one alone leads all three down. */
    FUNCTION(evicts_pushes, "	push %r15\n"
			    "1:	push %r14\n"
			    "	push %r13\n"
			    "	push %r12\n"
			    "	push %rbp\n"
			    "	push %rbx\n"
			    "	sub $0x78, %rsp\n"
			    "	add $0x78, %rsp\n"
			    "	pop %rbx\n"
			    "	pop %rbp\n"
			    "	pop %r12\n"
			    "	pop %r13\n"
			    "	pop %r14\n"
			    "	dec %rdi\n"
			    "	jnz 1b\n"
			    "	pop %r15\n"
			    "	mov $1, %eax\n"
			    "	ret\n")
    /* The first instruction is a branch, over what another one leads to. */
    FUNCTION(short_branch, "	jrcxz 2f\n"
			   "1:	dec %rdi\n"
			   "	jnz 1b\n"
			   "2:	lea 5(%rdi), %rax\n"
			   "	ret\n") FUNCTION(no_loop, "	mov %rdi, %rax\n	ret\n")
    /* What follows the return address is looped to. */
    FUNCTION(returns_here, "	push %rbx\n"
			   "	call no_loop\n"
			   "	mov %rax, %rbx\n"
			   "1:	sub $-127, %rax\n"
			   "	dec %rdi\n"
			   "	jg 1b\n"
			   "	pop %rbx\n"
			   "	ret\n")
    /* It returns twice, to places that are two bytes apart. */
    FUNCTION(calls_two, "	push %rbx\n"
			"	mov %rsi, %rbx\n"
			"	call no_loop\n"
			"	call *%rbx\n"
			"	sub $-127, %rax\n"
			"	pop %rbx\n"
			"	ret\n")
    /* The code of the second is what the first one's jump would need. */
    ".globl only_ret\n.type only_ret,@function\nonly_ret:\n	ret\n" ASM_END(
	    only_ret) ".globl next_of_ret\n.type next_of_ret,@function\nnext_of_ret:\n"
		      "	mov %rdi, %rax\n	sub $-127, %rax\n	ret\n" ASM_END(
			      next_of_ret));

static long call_all(long n)
{
	return one_byte(n) + two_bytes(n) + three_bytes(n) + four_bytes(n) + leads_up(n) +
	       short_branch(n) + returns_here(n) + evicts_whole(n) + evicts_punned(n) +
	       evicts_down(n) + evicts_pushes(n);
}

static void *call_often(void *argument)
{
	long *sum = argument;

	for (int i = 1; i <= CALLS; i++)
		*sum += call_all(i % 7 + 1);
	return NULL;
}

static void expect_calls(long count)
{
	expect("calls one_byte %ld", count);
	expect("calls two_bytes %ld", count);
	expect("calls three_bytes %ld", count);
	expect("calls four_bytes %ld", count);
	expect("calls leads_up %ld", count);
	expect("calls short_branch %ld", count);
	expect("calls evicts_whole %ld", count);
	expect("calls evicts_punned %ld", count);
	expect("calls evicts_down %ld", count);
	expect("calls evicts_pushes %ld", count);
	expect("calls no_loop %ld", count);
	expect("calls returns_here %ld", count);
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

static volatile sig_atomic_t signals;

static void on_alarm(int signal)
{
	(void)signal;
	signals++;
}

/* A timer meets the thread everywhere, until it has met it often. */
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
	expect("in_children one_byte %d", CALLS);
	call_often(&sum);
	if (fork() == 0) {
		sum = 0;
		call_often(&sum);
		_exit(sum == 0);
	}
	wait(&status);
	say("sum %ld, child %d", sum, status);
}

static void call_neighbours(void)
{
	long sum = 0;

	expect("calls only_ret %d", CALLS);
	expect("calls next_of_ret %d", CALLS);
	for (int i = 0; i < CALLS; i++) {
		pointer();
		sum += next_of_ret(i);
	}
	say("sum %ld", sum);
}

long not_probed(long n)
{
	return n + 1;
}

/* The second return is met for the first time when the first has long been a jump; and not any more later. */
static void call_late_neighbour(void)
{
	long sum = 0;

	expect("calls no_loop %d", CALLS);
	expect("calls calls_two %d", CALLS);
	expect("calls three_bytes %d", CALLS / 4);
	for (int i = 0; i < CALLS; i++)
		sum += calls_two(i % 9 + 1, i / (CALLS / 4) == 2 ? three_bytes : not_probed);
	say("sum %ld", sum);
}

/* There are no jumps any more when memory is locked. */
static void call_locked(void)
{
	long sum = 0;

	expect_calls(2 * CALLS);
	call_often(&sum);
	say("locked %d", mlockall(MCL_CURRENT) == 0);
	call_often(&sum);
	if (fork() == 0)
		_exit(0);
	wait(NULL);
	say("sum %ld", sum);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "calls";
	long sum = 0;

	if (strcmp(way, "threads") == 0)
		call_in_threads();
	else if (strcmp(way, "signals") == 0)
		call_under_signals();
	else if (strcmp(way, "fork") == 0)
		call_in_child();
	else if (strcmp(way, "neighbour") == 0)
		call_neighbours();
	else if (strcmp(way, "late_neighbour") == 0)
		call_late_neighbour();
	else if (strcmp(way, "locked") == 0)
		call_locked();
	else {
		expect_calls(CALLS);
		call_often(&sum);
		say("sum %ld", sum);
	}
	return 0;
}
