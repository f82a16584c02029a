/* What a random program (tests/soak/programs) does with signals and faults. */
#ifndef SOAK_SIGNALS_H
#define SOAK_SIGNALS_H

#include <sys/signalfd.h>
#include <sys/time.h>

#include "pipes.h"

/* A signal that a thread sends to itself: its handler calls, and may throw past what it has interrupted. */
static __attribute__((noinline)) void on_usr1(int number)
{
	struct th *t = self;
	unsigned catchers = t->catchers;
	(void)number;
	ENTER(t, on_usr1);

	t->is_handling = 1;
	t->catchers = 0;
	if (may_call(t))
		t->sum += walk_one(t);
	BACK(t);
	t->catchers = catchers;
	t->is_handling = 0;
	LEAVE(t, on_usr1);
}

static __attribute__((noinline)) void mends(struct th *t)
{
	ENTER(t, mends);
	mprotect(t->fault_page, 4096, PROT_READ | PROT_WRITE);
	LEAVE(t, mends);
}

static __attribute__((noinline)) void on_fault(int number, siginfo_t *info, void *context)
{
	struct th *t = self;
	const greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
	(void)number;
	if (t == NULL || (char *)info->si_addr != t->fault_page) {
		dprintf(2, "%d:%d: a fault at %p, code %d, rip %llx, rsp %llx, trap %llx\n",
			(int)getpid(), (int)gettid(), info->si_addr, info->si_code,
			registers[REG_RIP], registers[REG_RSP], registers[REG_TRAPNO]);
		_exit(95);
	}
	ENTER(t, on_fault);
	mends(t);
	LEAVE(t, on_fault);
}

static __attribute__((noinline)) uint64_t faults(struct th *t, uint64_t value)
{
	ENTER(t, faults);
	if (t->fault_page != NULL) {
		*(volatile char *)t->fault_page = (char)value;
		value += (uint64_t) * (volatile char *)t->fault_page;
		mprotect(t->fault_page, 4096, PROT_NONE);
	}
	LEAVE(t, faults);
	return value;
}

static __attribute__((noinline)) uint64_t ticks_leaf(uint64_t value)
{
	return value * 9 + 4;
}

/* Comes at any time: it has a log of its own. */
static __attribute__((noinline)) void on_alarm(int number)
{
	static __thread uint64_t ticks;
	struct th *t = self != NULL ? self->async : NULL;
	int error = errno;
	(void)number;

	if (t == NULL)
		return;
	ENTER(t, on_alarm);
	ticks = ticks_leaf(ticks);
	HOT(t, ticks_leaf, 1);
	LEAVE(t, on_alarm);
	errno = error;
}

static __attribute__((noinline)) void on_usr2(int number)
{
	struct th *t = self;
	(void)number;
	ENTER(t, on_usr2);
	t->sum++;
	LEAVE(t, on_usr2);
}

static __attribute__((noinline)) void on_real_time(int number, siginfo_t *info, void *context)
{
	struct th *t = self;
	(void)context;
	ENTER(t, on_real_time);
	t->sum = t->sum * 3 + (unsigned)info->si_value.sival_int + (unsigned)number;
	LEAVE(t, on_real_time);
}

static __attribute__((noinline)) void on_trap(int number)
{
	struct th *t = self;
	(void)number;
	ENTER(t, on_trap);
	t->sum += 7;
	LEAVE(t, on_trap);
}

static void handle(int number, void (*handler)(int), void (*handler3)(int, siginfo_t *, void *),
		   int flags)
{
	struct sigaction action;

	memset(&action, 0, sizeof(action));
	if (handler3 != NULL)
		action.sa_sigaction = handler3;
	else
		action.sa_handler = handler;
	action.sa_flags = flags | (handler3 != NULL ? SA_SIGINFO : 0);
	sigaction(number, &action, NULL);
}

static void signals_handle(void)
{
	handle(SIGUSR1, on_usr1, NULL, SA_ONSTACK | SA_RESTART);
	handle(SIGUSR2, on_usr2, NULL, SA_ONSTACK | SA_RESTART);
	handle(SIGALRM, on_alarm, NULL, SA_ONSTACK | SA_RESTART);
	handle(SIGSEGV, NULL, on_fault, SA_ONSTACK);
	handle(SIGRTMIN + 1, NULL, on_real_time, SA_ONSTACK);
}

static __attribute__((noinline)) void phase_alarms(struct th *t, uint64_t p)
{
	ENTER(t, phase_alarms);
	struct itimerval timer;

	memset(&timer, 0, sizeof(timer));
	timer.it_interval.tv_usec = timer.it_value.tv_usec = 2000 + (long)(p % 3000);
	setitimer(ITIMER_REAL, &timer, NULL);
	t->sum += walk_some(t, 100 + (int64_t)(p % 400));
	BACK(t);
	memset(&timer, 0, sizeof(timer));
	setitimer(ITIMER_REAL, &timer, NULL);
	LEAVE(t, phase_alarms);
}

static __attribute__((noinline)) void phase_faults(struct th *t, uint64_t p)
{
	ENTER(t, phase_faults);
	for (unsigned i = 0; i < 5 + p % 40; i++)
		t->sum += faults(t, i);
	LEAVE(t, phase_faults);
}

/* Sent while it is blocked; taken where it is waited for. */
static __attribute__((noinline)) void phase_waits(struct th *t, uint64_t p)
{
	ENTER(t, phase_waits);
	sigset_t blocked, old;
	struct signalfd_siginfo taken;
	siginfo_t info;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGUSR2);
	pthread_sigmask(SIG_BLOCK, &blocked, &old);
	for (unsigned i = 0; i < 3 + p % 10; i++) {
		pthread_kill(pthread_self(), SIGUSR2);
		switch ((p + i) % 3) {
		case 0: {
			sigset_t open = old;
			sigdelset(&open, SIGUSR2);
			t->sum += sigsuspend(&open) == -1 && errno == EINTR;
			break;
		}
		case 1:
			t->sum += (unsigned)sigwaitinfo(&blocked, &info);
			break;
		default: {
			int fd = signalfd(-1, &blocked, SFD_CLOEXEC);
			t->sum += read(fd, &taken, sizeof(taken)) == sizeof(taken) ? taken.ssi_signo
										   : 1000;
			close(fd);
		}
		}
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	LEAVE(t, phase_waits);
}

static __attribute__((noinline)) void phase_queued(struct th *t, uint64_t p)
{
	ENTER(t, phase_queued);
	sigset_t blocked, old;
	union sigval value;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGRTMIN + 1);
	pthread_sigmask(SIG_BLOCK, &blocked, &old);
	for (int i = 0; i < 4 + (int)(p % 8); i++) {
		value.sival_int = i;
		pthread_sigqueue(pthread_self(), SIGRTMIN + 1, value);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	LEAVE(t, phase_queued);
}

/* Traps of the program's own. */
static __attribute__((noinline)) void phase_traps(struct th *t, uint64_t p)
{
	ENTER(t, phase_traps);
	handle(SIGTRAP, on_trap, NULL, SA_ONSTACK);
	for (unsigned i = 0; i < 2 + p % 4; i++) {
		if ((p + i) % 2 == 0)
			raise(SIGTRAP);
		else
			__asm__ volatile("int3");
	}
	signal(SIGTRAP, SIG_DFL);
	LEAVE(t, phase_traps);
}

/* A child that stops itself, and is continued. */
static __attribute__((noinline)) void phase_stops(struct th *t, uint64_t p)
{
	ENTER(t, phase_stops);
	int status;
	pid_t child = fork();

	if (child == 0) {
		th_in_child(t, FORKED);
		raise(SIGSTOP);
		child_runs(t, p & ~1024ull);
	}
	while (waitpid(child, &status, WUNTRACED) < 0 && errno == EINTR)
		continue;
	t->sum = t->sum * 31 + (unsigned)status;
	kill(child, SIGCONT);
	t->sum = t->sum * 31 + (unsigned)wait_for(child);
	LEAVE(t, phase_stops);
}

#endif
