/* flags: -pthread */
/* variants: sigwait sigwait_thread signalfd altstack oneshot_int3 fork_in_handler own_int3_beside own_int3_in_copy sigsuspend sigjmp vfork_child queued raise_ignored unblocks_in_handler restores_context */
/* SIGTRAPs of the program's own, received in every way there is, between probed calls. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <ucontext.h>

#include "expect.h"

static volatile int handled, from_kernel, value;
static sigjmp_buf back;
static sigset_t only_trap;

/* int3s of the program's own, right before, behind and between probed functions. */
long beside(long x);
asm(".text\n"
    "	int3\n" ASM_FUNCTION(beside)
    "	nop\n"
    "	int3\n"
    "	lea 1(%rdi),%rax\n"
    "	ret\n" ASM_END(beside) "	int3\n");

static int leaf(int x)
{
	return x + 1;
}

static int blocked(void)
{
	sigset_t now;

	pthread_sigmask(SIG_BLOCK, NULL, &now);
	return sigismember(&now, SIGTRAP);
}

static void handler(int signal, siginfo_t *info, void *context)
{
	(void)signal;
	(void)context;
	leaf(1);
	handled++;
	from_kernel += info->si_code == SI_KERNEL;
	value = info->si_value.sival_int;
}

static void handle(void (*function)(int, siginfo_t *, void *), int flags)
{
	struct sigaction action = { .sa_sigaction = function, .sa_flags = SA_SIGINFO | flags };

	sigaction(SIGTRAP, &action, NULL);
}

static void report(const char *what)
{
	sigset_t pending;
	struct sigaction action;

	leaf(1);
	sigpending(&pending);
	sigaction(SIGTRAP, NULL, &action);
	say("%s: handled %d, from kernel %d, value %d, pending %d, blocked %d, handler kept %d", what,
	    handled, from_kernel, value, sigismember(&pending, SIGTRAP), blocked(),
	    action.sa_sigaction == handler);
}

static void by_sigwait(void)
{
	siginfo_t info;
	int got = 0;

	sigprocmask(SIG_BLOCK, &only_trap, NULL);
	for (int i = 0; i < 5; i++) {
		kill(getpid(), SIGTRAP);
		leaf(i);
		sigwait(&only_trap, &got);
		leaf(i);
		raise(SIGTRAP);
		leaf(i);
		sigwaitinfo(&only_trap, &info);
		say("got %d, %d with code %d", got, info.si_signo, info.si_code);
	}
}

static void *waiter(void *argument)
{
	int got = 0;

	for (int i = 0; i < 5; i++) {
		leaf(i);
		sigwait(&only_trap, &got);
		*(int *)argument += got;
	}
	return NULL;
}

static void by_sigwait_thread(void)
{
	pthread_t thread;
	sigset_t pending;
	int sum = 0;

	pthread_sigmask(SIG_BLOCK, &only_trap, NULL);
	pthread_create(&thread, NULL, waiter, &sum);
	for (int i = 0; i < 5; i++) {
		kill(getpid(), SIGTRAP);
		do
			leaf(i);
		while (sigpending(&pending) == 0 && sigismember(&pending, SIGTRAP));
	}
	pthread_join(thread, NULL);
	say("sum %d", sum);
}

static void by_signalfd(void)
{
	struct signalfd_siginfo info;

	sigprocmask(SIG_BLOCK, &only_trap, NULL);
	int fd = signalfd(-1, &only_trap, SFD_NONBLOCK);
	for (int i = 0; i < 5; i++) {
		struct pollfd ready = { .fd = fd, .events = POLLIN };
		leaf(i);
		say("before %d", poll(&ready, 1, 0));
		sigqueue(getpid(), SIGTRAP, (union sigval){ .sival_int = 40 + i });
		leaf(i);
		leaf(i);
		say("then %d", poll(&ready, 1, 0));
		if (read(fd, &info, sizeof(info)) == sizeof(info))
			say("read %d, value %d, code %d", (int)info.ssi_signo, info.ssi_int, info.ssi_code);
	}
}

static void on_altstack(void)
{
	static char stack[64 * 1024];
	stack_t alternative = { .ss_sp = stack, .ss_size = sizeof(stack) };

	sigaltstack(&alternative, NULL);
	handle(handler, SA_ONSTACK);
	for (int i = 0; i < 5; i++) {
		raise(SIGTRAP);
		leaf(i);
		beside(i);
	}
}

static void oneshot(void)
{
	handle(handler, SA_RESETHAND);
	beside(1);
	report("used up");
	handle(handler, SA_RESETHAND | SA_NODEFER);
	leaf(1);
	raise(SIGTRAP);
	report("used up again");
}

static void forking(int signal, siginfo_t *info, void *context)
{
	int status;
	pid_t child = fork();

	handler(signal, info, context);
	if (child == 0) {
		leaf(1);
		_exit(blocked() ? 7 : 8);
	}
	waitpid(child, &status, 0);
	say("child %d", status >> 8);
}

/* A copy of the function with an int3 of the program's own, which is to reach it. */
static void own_int3_in_copy(void)
{
	char *copy = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS,
			  -1, 0);
	long x = 0;

	handle(handler, 0);
	memcpy(copy, "\xcc\x90\x90\x90\x48\x8d\x47\x01\xc3", 9);
	for (int i = 0; i < 50; i++)
		x = ((long (*)(long))(uintptr_t)copy)(x);
	say("x %ld", x);
}

static void suspended(void)
{
	sigset_t none;

	handle(handler, 0);
	sigprocmask(SIG_BLOCK, &only_trap, NULL);
	sigemptyset(&none);
	for (int i = 0; i < 5; i++) {
		leaf(i);
		raise(SIGTRAP);
		leaf(i);
		sigsuspend(&none);
	}
}

static void jumping(int signal, siginfo_t *info, void *context)
{
	handler(signal, info, context);
	leaf(1);
	siglongjmp(back, 1);
}

static void by_jump(void)
{
	handle(jumping, 0);
	for (volatile int i = 0; i < 5; i++) {
		if (sigsetjmp(back, 1) == 0) {
			leaf(i);
			raise(SIGTRAP);
		}
		say("blocked %d", blocked());
	}
	handle(handler, 0);
}

static void vfork_child(void)
{
	int status;

	signal(SIGTRAP, SIG_IGN);
	leaf(1);
	pid_t child = vfork();
	if (child == 0) {
		leaf(2);
		signal(SIGTRAP, SIG_DFL);
		leaf(3);
		_exit(4);
	}
	waitpid(child, &status, 0);
	leaf(1);
	raise(SIGTRAP);
	say("status %d", status >> 8);
}

static void unblocking(int signal, siginfo_t *info, void *context)
{
	handler(signal, info, context);
	sigprocmask(SIG_UNBLOCK, &only_trap, NULL);
	leaf(1);
	say("in the handler: blocked %d", blocked());
	if (handled < 3)
		raise(SIGTRAP);
	leaf(1);
}

/* A handler that changes the mask to be returned to; and contexts that have one. */
static void masking(int signal, siginfo_t *info, void *context)
{
	handler(signal, info, context);
	sigaddset(&((ucontext_t *)context)->uc_sigmask, SIGTRAP);
}

static void restores_context(void)
{
	ucontext_t open;
	volatile int rounds = 0;

	handle(masking, 0);
	getcontext(&open);
	say("blocked %d", blocked());
	leaf(1);
	raise(SIGTRAP);
	leaf(1);
	say("then %d", blocked());
	if (rounds++ == 0)
		setcontext(&open);
	leaf(1);
	handle(handler, 0);
}

int main(int argc, char **argv)
{
	const char *way = argc > 1 ? argv[1] : "sigwait";

	expect("probe leaf");
	expect("probe beside");
	expect("probe handler");
	sigemptyset(&only_trap);
	sigaddset(&only_trap, SIGTRAP);
	leaf(0);
	if (strcmp(way, "sigwait") == 0)
		by_sigwait();
	else if (strcmp(way, "sigwait_thread") == 0)
		by_sigwait_thread();
	else if (strcmp(way, "signalfd") == 0)
		by_signalfd();
	else if (strcmp(way, "altstack") == 0)
		on_altstack();
	else if (strcmp(way, "oneshot_int3") == 0)
		oneshot();
	else if (strcmp(way, "own_int3_in_copy") == 0)
		own_int3_in_copy();
	else if (strcmp(way, "sigsuspend") == 0)
		suspended();
	else if (strcmp(way, "sigjmp") == 0)
		by_jump();
	else if (strcmp(way, "vfork_child") == 0)
		vfork_child();
	else if (strcmp(way, "restores_context") == 0)
		restores_context();
	else if (strcmp(way, "fork_in_handler") == 0) {
		handle(forking, 0);
		raise(SIGTRAP);
		beside(1);
		handle(handler, 0);
	} else if (strcmp(way, "unblocks_in_handler") == 0) {
		handle(unblocking, 0);
		raise(SIGTRAP);
		handle(handler, 0);
	} else if (strcmp(way, "own_int3_beside") == 0) {
		handle(handler, 0);
		for (int i = 0; i < 20; i++)
			beside(i);
	} else if (strcmp(way, "queued") == 0) {
		handle(handler, 0);
		for (int i = 0; i < 5; i++) {
			sigqueue(getpid(), SIGTRAP, (union sigval){ .sival_int = i });
			leaf(i);
		}
	} else {
		signal(SIGTRAP, SIG_IGN);
		for (int i = 0; i < 20; i++) {
			raise(SIGTRAP);
			kill(getpid(), SIGTRAP);
			leaf(i);
		}
	}
	report("at last");
	return 0;
}
