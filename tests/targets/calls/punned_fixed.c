/* flags: -no-pie */
/* variants: calls signals fork */
/*
 * In a program at a fixed address, which has nothing below it: jumps over the first instruction would lead there, or next
 * to the program itself, whatever their prefixes. Only the third instruction helps, or the second and the third.
 */
#include <signal.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "expect.h"

enum { CALLS = 3000 };

/* With unwind information, which says where a function ends. A branch leads to the second instruction. */
#define FUNCTION(name, body)                                                                       \
	ASM_FUNCTION(name)                                                                         \
	".cfi_startproc\n" body                                                                    \
	"	dec %edi\n	jnz 1b\n	ret\n	.cfi_endproc\n" ASM_END(name)

long third_helps(long n);
long both_help(long n);

/* Code that looks like a short branch to here might be one: there is none near. */
#define FAR_FROM_OTHERS ".skip 256, 0x90\n"

asm(".text\n" FAR_FROM_OTHERS FUNCTION(third_helps, "	test %edi, %edi\n"
						    "1:	js 2f\n"
						    "	mov $1, %eax\n"
						    "2:\n")
	    FUNCTION(both_help, "	mov %rdi, %rax\n"
				"1:	mov %rax, %rsi\n"
				"	mov $-1, %ecx\n") FAR_FROM_OTHERS);

static long call_all(long count)
{
	long sum = 0;

	for (long i = 0; i < count; i++)
		sum += third_helps(i % 5 + 1) + both_help(i % 7 + 1);
	return sum;
}

static volatile sig_atomic_t has_ended;

static void on_end(int signal)
{
	(void)signal;
	has_ended = 1;
}

static void on_alarm(int signal)
{
	(void)signal;
}

/* A timer meets the thread anywhere. */
static void begin_signals(void)
{
	const struct itimerval often = { { 0, 1000 }, { 0, 1000 } };

	signal(SIGALRM, on_alarm);
	setitimer(ITIMER_REAL, &often, NULL);
}

/* No variant of its own: for tests that attach. Each sum must be the first one's. */
static int call_until_told(void)
{
	const long sum = call_all(CALLS);

	signal(SIGUSR1, on_end);
	say("ready");
	while (!has_ended) {
		if (call_all(CALLS) != sum)
			return 1;
	}
	return 0;
}

static void expect_calls(long count)
{
	expect("calls third_helps %ld", count);
	expect("calls both_help %ld", count);
}

int main(int argc, char **argv)
{
	const char variant = argc > 1 ? argv[1][0] : 'c';

	if (variant == 'u')
		return call_until_told();
	expect_calls(variant == 'f' ? 2 * CALLS : CALLS);
	if (variant == 's')
		begin_signals();
	const pid_t child = variant == 'f' ? fork() : -1;
	say("sum %ld", call_all(CALLS));
	if (child == 0)
		_exit(0);
	return child < 0 || waitpid(child, NULL, 0) == child ? 0 : 1;
}
