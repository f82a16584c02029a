/* variants: plain call */
/*
 * What lies below the stack pointer is a function's own (psABI, the red zone): it outlives the probed
 * instruction, and signals, while a child sleeps.
 */
#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>

#include "expect.h"

/* long keeps(long value): both begin with the instruction that a probe displaces, and then find the value. */
long keeps_plain(long value);
long keeps_call(long value);

__asm__(ASM_FUNCTION(keeps_plain)
	/* the probed instruction itself writes there, the next ones read */
	"	mov	%rdi, -16(%rsp)\n"
	"	mov	$1000, %ecx\n"
	"1:	mov	%rdi, -128(%rsp)\n"
	"	xor	%eax, %eax\n"
	"	add	-16(%rsp), %rax\n"
	"	cmp	-128(%rsp), %rax\n"
	"	jne	2f\n"
	"	dec	%ecx\n"
	"	jnz	1b\n"
	"2:	ret\n"
	ASM_END(keeps_plain)
	/* the caller's value lies below its stack pointer, and a call of a probed function between */
	ASM_FUNCTION(small)
	"	ret\n"
	ASM_END(small)
	ASM_FUNCTION(keeps_call)
	"	call	small\n"
	"	mov	%rdi, -64(%rsp)\n"
	"	mov	%rdi, -136(%rsp)\n"
	"	call	small\n"
	"	mov	-64(%rsp), %rax\n"
	"	ret\n"
	ASM_END(keeps_call));

static volatile sig_atomic_t alarms;

static void on_alarm(int number)
{
	char used[4096];
	memset(used, number, sizeof(used));
	__asm__ volatile("" : : "r"(used) : "memory");
	alarms++;
}

int main(int argc, char **argv)
{
	int is_call = argc > 1 && strcmp(argv[1], "call") == 0;
	long kept = 0;

	if (is_call)
		expect("calls small 4000");
	expect("calls %s 2000", is_call ? "keeps_call" : "keeps_plain");
	expect("processes 2");
	pid_t child = fork();
	if (child == 0) {
		pause();
		_exit(0);
	}
	signal(SIGALRM, on_alarm);
	struct itimerval timer = { .it_interval = { .tv_usec = 3000 },
				   .it_value = { .tv_usec = 3000 } };
	setitimer(ITIMER_REAL, &timer, NULL);
	for (long i = 1; i <= 2000; i++)
		kept += (is_call ? keeps_call(i) : keeps_plain(i)) == i;
	timer = (struct itimerval){ 0 };
	setitimer(ITIMER_REAL, &timer, NULL);
	kill(child, SIGTERM);
	int status;
	waitpid(child, &status, 0);
	say("kept %ld, child ended by %d", kept, WTERMSIG(status));
	return 0;
}
