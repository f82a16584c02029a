/* flags: -pthread */
/* variants: first thread */
/*
 * Contexts (makecontext(3)) whose stack is an array of a probed function's frame: the calls that have led there
 * are open, and stay so. One context is finished, one is left for good, one throws past calls of its own. By
 * the first thread, and by another.
 */
#include <pthread.h>
#include <setjmp.h>
#include <string.h>
#include <ucontext.h>

#include "expect.h"

enum { ROUNDS = 3, STACK_BYTES = 64 * 1024 };
static ucontext_t back, there;
static jmp_buf catcher;
static int sum;

static void leaf(int x)
{
	sum += x;
}

static void throws(int depth)
{
	char room[256];

	if (depth < 0)
		return;
	memset(room, depth, sizeof(room));
	if (depth > 0)
		throws(depth - 1);
	longjmp(catcher, room[0] + 1);
}

static void finishes(void)
{
	leaf(1);
	swapcontext(&there, &back);
	leaf(2);
}

static void is_left(void)
{
	leaf(3);
	swapcontext(&there, &back);
}

static void catches(void)
{
	if (setjmp(catcher) == 0)
		throws(3);
	leaf(4);
}

static void goes_there(void)
{
	swapcontext(&back, &there);
	leaf(5);
}

static void holds(void (*function)(void), int times)
{
	char stack[STACK_BYTES];

	getcontext(&there);
	there.uc_stack.ss_sp = stack;
	there.uc_stack.ss_size = sizeof(stack);
	there.uc_link = &back;
	makecontext(&there, function, 0);
	for (int i = 0; i < times; i++)
		goes_there();
	leaf(6);
}

static void *work(void *argument)
{
	for (int i = 0; i < ROUNDS; i++) {
		holds(finishes, 2);
		holds(is_left, 1);
		holds(catches, 1);
	}
	return argument;
}

int main(int argc, char **argv)
{
	pthread_t thread;

	expect("calls holds %d", 3 * ROUNDS);
	expect("levels holds 0 0");
	expect("calls goes_there %d", 4 * ROUNDS);
	expect("levels goes_there 1 1");
	expect("calls finishes %d", ROUNDS);
	expect("levels finishes 2 2");
	expect("levels is_left 2 2");
	expect("calls is_left %d exit|unwound", ROUNDS);
	expect("calls catches %d", ROUNDS);
	expect("levels catches 2 2");
	expect("calls throws %d any", 4 * ROUNDS);
	expect("levels throws 3 6");
	expect("nested catches goes_there");
	expect("migrates"); /* what is suspended outlives its callers */
	expect("calls leaf %d", 11 * ROUNDS);
	expect("levels leaf 1 3");
	if (argc > 1 && strcmp(argv[1], "thread") == 0) {
		pthread_create(&thread, NULL, work, NULL);
		pthread_join(thread, NULL);
	} else {
		work(NULL);
	}
	say("sum %d", sum);
	return 0;
}
