/* flags: -pthread */
/* variants: plain altstack jump */
/*
 * Two threads call hot functions, and each gets a signal a thousand times a second, whose handler looks at the
 * interrupted pc and at all return addresses of its stack: they are the program's own, up to where the thread began.
 * The handler calls such functions, too. With "altstack" it has a stack of its own, with "jump" it leaves
 * some of the functions by siglongjmp(3).
 */
#include <execinfo.h>
#include <link.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <ucontext.h>

#include "expect.h"

#define HOT __attribute__((section("hot_code")))

enum { THREADS = 2, SIGNALS = 150, CODES_MAX = 64, FRAMES_MAX = 64, STACK_BYTES = 256 * 1024 };

extern const char __start_hot_code[], __stop_hot_code[];
extern const char __start_run_code[], __stop_run_code[];

static struct {
	uintptr_t start, end;
} codes[CODES_MAX];
static unsigned code_count;
static bool jumps, has_altstack;

static __thread volatile unsigned handled, wrong_pcs, wrong_chains, wrong_sums;
static __thread sigjmp_buf away;
static __thread volatile sig_atomic_t may_jump;

/* Each of the files' segments with code; what somebody else has mapped is none. */
static int take_codes(struct dl_phdr_info *info, size_t bytes, void *context)
{
	(void)bytes;
	(void)context;
	for (int i = 0; i < info->dlpi_phnum; i++) {
		const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
		if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X) || code_count == CODES_MAX)
			continue;
		codes[code_count].start = info->dlpi_addr + segment->p_vaddr;
		codes[code_count].end = codes[code_count].start + segment->p_memsz;
		code_count++;
	}
	return 0;
}

static bool is_code(uintptr_t pc)
{
	for (unsigned i = 0; i < code_count; i++) {
		if (pc >= codes[i].start && pc < codes[i].end)
			return true;
	}
	return false;
}

static bool is_hot(uintptr_t pc)
{
	return pc >= (uintptr_t)__start_hot_code && pc < (uintptr_t)__stop_hot_code;
}

static HOT unsigned leaf(unsigned x)
{
	return x * 3 + 1;
}

static HOT unsigned middle(unsigned x)
{
	return leaf(x) ^ leaf(x + 1);
}

static HOT unsigned outer(unsigned x)
{
	return middle(x) + middle(x + 2);
}

static HOT unsigned in_handler(unsigned x)
{
	return leaf(x) + 1;
}

static HOT void works(void)
{
	for (unsigned x = 0; handled < SIGNALS; x++) {
		unsigned wanted = ((x * 3 + 1) ^ (x * 3 + 4)) + ((x * 3 + 7) ^ (x * 3 + 10));
		may_jump = jumps;
		if (outer(x) != wanted)
			wrong_sums++;
		may_jump = 0;
	}
}

static void on_timer(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *at = context;
	uintptr_t pc = (uintptr_t)at->uc_mcontext.gregs[REG_RIP];
	void *frames[FRAMES_MAX];
	bool has_pc = false, has_run = false;
	(void)signal;
	(void)info;

	if (handled == SIGNALS) /* the timer is about to be deleted */
		return;
	int count = backtrace(frames, FRAMES_MAX);
	for (int i = 0; i < count; i++) {
		uintptr_t frame = (uintptr_t)frames[i];
		has_pc = has_pc || frame == pc;
		has_run = has_run || (frame >= (uintptr_t)__start_run_code &&
				      frame < (uintptr_t)__stop_run_code);
		wrong_chains += !is_code(frame) && frame != 0;
	}
	/* Of libc's own code that leads away, nothing is asked. */
	wrong_chains += is_hot(pc) && !(has_pc && has_run);
	wrong_pcs += !is_code(pc);
	wrong_sums += in_handler(handled) != handled * 3 + 2;
	handled++;
	if (may_jump && handled % 4 == 0)
		siglongjmp(away, 1);
}

static __attribute__((section("run_code"))) void *run(void *argument)
{
	struct itimerspec every = { { 0, 1000000 }, { 0, 1000000 } };
	struct sigevent event = { .sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR1 };
	timer_t timer;

	event._sigev_un._tid = gettid();
	if (has_altstack) {
		stack_t stack = { .ss_sp = malloc(STACK_BYTES), .ss_size = STACK_BYTES };
		sigaltstack(&stack, NULL);
	}
	if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0)
		return "no timer";
	(void)sigsetjmp(away, 1);
	timer_settime(timer, 0, &every, NULL);
	works();
	timer_delete(timer);
	*(unsigned *)argument = wrong_pcs + wrong_chains * 1000 + wrong_sums * 1000000;
	return NULL;
}

int main(int argc, char **argv)
{
	struct sigaction action = { .sa_sigaction = on_timer, .sa_flags = SA_SIGINFO | SA_RESTART };
	pthread_t threads[THREADS];
	unsigned wrong[THREADS] = { 0 };
	void *frames[4];

	jumps = argc > 1 && strcmp(argv[1], "jump") == 0;
	has_altstack = argc > 1 && strcmp(argv[1], "altstack") == 0;
	action.sa_flags |= has_altstack ? SA_ONSTACK : 0;
	backtrace(frames, 4); /* its library is loaded at its first call */
	dl_iterate_phdr(take_codes, NULL);
	sigaction(SIGUSR1, &action, NULL);
	if (jumps) /* what was jumped out of ends with later evidence: its level says nothing then */
		expect("migrates");
	expect("probe leaf");
	expect("probe middle");
	expect("probe outer");
	expect("calls in_handler %d", THREADS * SIGNALS);
	expect("threads in_handler %d", THREADS);
	expect("calls run %d", THREADS);
	for (int i = 0; i < THREADS; i++)
		pthread_create(&threads[i], NULL, run, &wrong[i]);
	for (int i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	say("wrong: %u %u", wrong[0], wrong[1]);
	return wrong[0] + wrong[1] != 0;
}
