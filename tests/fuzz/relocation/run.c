/* Running code from a chosen state; see run.h. */
#include "tests/fuzz/relocation/run.h"

#include <elf.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

enum {
	FSGSBASE = 2, /* AT_HWCAP2: instructions that set the bases, Linux 5.9 */
	HANDLER_STACK_BYTES = 64 * 1024,
};

/* What the assembly below shares with run_code. */
extern uint64_t run_own_sp, run_own_fs, run_left_fs, run_left_gs, run_test_fs, run_test_gs;
extern uint8_t run_is_in_test, run_has_bases;
void run_enter(ucontext_t *frame);
void run_on_signal(int signal, siginfo_t *info, void *context);
void run_keep(int signal, const siginfo_t *info, const ucontext_t *context);

__asm__("	.pushsection .bss\n"
	"	.balign 8\n"
	"run_own_sp:	.skip 8\n"
	"run_own_fs:	.skip 8\n"
	"run_left_fs:	.skip 8\n"
	"run_left_gs:	.skip 8\n"
	"run_test_fs:	.skip 8\n"
	"run_test_gs:	.skip 8\n"
	"run_is_in_test: .skip 1\n"
	"run_has_bases:	.skip 1\n"
	"	.popsection\n"
	"	.pushsection .text\n"
	"run_enter:\n"
	"	push %rbp\n	push %rbx\n	push %r12\n	push %r13\n	push %r14\n	"
	"push %r15\n"
	"	mov %rsp, run_own_sp(%rip)\n"
	"	mov %rdi, %rsp\n"
	"	movb $1, run_is_in_test(%rip)\n"
	"	cmpb $0, run_has_bases(%rip)\n"
	"	je 1f\n"
	"	mov run_test_fs(%rip), %rax\n"
	"	wrfsbase %rax\n"
	"	mov run_test_gs(%rip), %rax\n"
	"	wrgsbase %rax\n"
	"1:	mov $15, %eax\n" /* rt_sigreturn */
	"	syscall\n"
	"	ud2\n"
	/* The thread may be anywhere, with alignment checked and without thread-local storage. */
	"run_on_signal:\n"
	"	pushfq\n"
	"	andl $~0x40000, (%rsp)\n"
	"	popfq\n"
	"	cmpb $0, run_is_in_test(%rip)\n"
	"	je 3f\n"
	"	cmpb $0, run_has_bases(%rip)\n"
	"	je 1f\n"
	"	rdfsbase %rax\n"
	"	mov %rax, run_left_fs(%rip)\n"
	"	rdgsbase %rax\n"
	"	mov %rax, run_left_gs(%rip)\n"
	"	mov run_own_fs(%rip), %rax\n"
	"	wrfsbase %rax\n"
	"	jmp 2f\n"
	"1:	push %rdi\n	push %rsi\n	push %rdx\n"
	"	mov $158, %eax\n" /* arch_prctl(ARCH_SET_FS) */
	"	mov $0x1002, %edi\n"
	"	mov run_own_fs(%rip), %rsi\n"
	"	syscall\n"
	"	pop %rdx\n	pop %rsi\n	pop %rdi\n"
	"2:	call run_keep\n"
	"	movb $0, run_is_in_test(%rip)\n"
	"	mov run_own_sp(%rip), %rsp\n"
	"	pop %r15\n	pop %r14\n	pop %r13\n	pop %r12\n	pop %rbx\n	"
	"pop %rbp\n"
	"3:	ret\n"
	"	.popsection\n");

static struct {
	_Alignas(64) uint8_t vectors[VECTOR_BYTES_MOST]; /* of @frame, which rt_sigreturn takes */
	_Alignas(64) ucontext_t frame;
	size_t vector_bytes;
	struct run_state *result;
	const uint8_t *data;
	bool has_timed_out;
} run;

static uint8_t *map_at(uint64_t address, size_t bytes, int protection, int fd)
{
	void *at = (void *)(uintptr_t)address; /* NOLINT */
	const int flags = at == NULL ? MAP_SHARED : MAP_SHARED | MAP_FIXED_NOREPLACE;
	uint8_t *map = mmap(at, bytes, protection, flags, fd, 0);

	if (map == MAP_FAILED || (at != NULL && map != at)) {
		perror("memory where the code is to run");
		exit(1);
	}
	return map;
}

static int create_memory(size_t bytes)
{
	int fd = memfd_create("relocation", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)bytes) != 0) {
		perror("memory to share");
		exit(1);
	}
	return fd;
}

/* To be executed at @address; returns where it can be written. Full of int3. */
static uint8_t *map_code(uint64_t address, size_t bytes, uint8_t **ret_code)
{
	int fd = create_memory(bytes);
	uint8_t *to_write = map_at(0, bytes, PROT_READ | PROT_WRITE, fd);

	*ret_code = map_at(address, bytes, PROT_READ | PROT_EXEC, fd);
	close(fd);
	memset(to_write, 0xcc, bytes);
	return to_write;
}

const struct run_layout *run_layouts(void)
{
	static const uint64_t bases[LAYOUTS] = { 0, UINT64_C(0x555500000000) };
	enum { CODE_AT = 0x10000000, DATA_AT = 0x20000000, COPY_AT = 0x30000000 };
	static struct run_layout layouts[LAYOUTS];

	if (layouts[0].code != NULL)
		return layouts;
	int fd = create_memory(DATA_BYTES);
	for (int i = 0; i < LAYOUTS; i++) {
		struct run_layout *l = &layouts[i];
		l->code_to_write = map_code(bases[i] + CODE_AT, CODE_BYTES, &l->code);
		l->copy_to_write = map_code(bases[i] + COPY_AT, COPY_BYTES, &l->copy);
		l->data = map_at(bases[i] + DATA_AT, DATA_BYTES, PROT_READ | PROT_WRITE, fd);
		l->low = layouts[0].data;
	}
	return layouts;
}

/* The first signal of all: what a frame is like. */
static void on_first(int signal, siginfo_t *info, void *context)
{
	const ucontext_t *uc = context;
	const uint8_t *vectors = (const uint8_t *)uc->uc_mcontext.fpregs;
	uint32_t bytes = 0;

	(void)signal;
	(void)info;
	memcpy(&run.frame, uc, sizeof(run.frame));
	memcpy(&bytes, vectors + 464 + 4,
	       sizeof(bytes)); /* extended_size: with the magic behind it */
	if (bytes < 512 || bytes > VECTOR_BYTES_MOST)
		bytes = 512;
	memcpy(run.vectors, vectors, bytes);
	run.vector_bytes = bytes;
	run.frame.uc_mcontext.fpregs = (fpregset_t)run.vectors;
}

void run_keep(int signal, const siginfo_t *info, const ucontext_t *uc)
{
	struct run_state *ret = run.result;

	ret->signal = signal;
	ret->code = info->si_code;
	ret->address = (uint64_t)(uintptr_t)info->si_addr;
	ret->fs = run_left_fs;
	ret->gs = run_left_gs;
	memcpy(ret->gregs, uc->uc_mcontext.gregs, sizeof(ret->gregs));
	memcpy(ret->vectors, uc->uc_mcontext.fpregs, run.vector_bytes);
	memcpy(ret->data, run.data, DATA_BYTES);
	ret->vector_bytes = run.vector_bytes;
}

void run_init(void)
{
	static const int signals[] = { SIGSEGV, SIGILL, SIGFPE, SIGTRAP, SIGBUS, SIGALRM };
	static uint8_t stack[HANDLER_STACK_BYTES];
	const stack_t handler_stack = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction action = { .sa_sigaction = on_first,
				    .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };
	cpu_set_t cpu;

	CPU_ZERO(&cpu);
	CPU_SET((size_t)sched_getcpu(), &cpu);
	(void)sched_setaffinity(0, sizeof(cpu), &cpu);
	run_has_bases = (getauxval(AT_HWCAP2) & FSGSBASE) != 0;
	if (sigaltstack(&handler_stack, NULL) != 0 || sigaction(SIGTRAP, &action, NULL) != 0)
		_exit(1);
	__asm__ volatile("int3");
	action.sa_sigaction = run_on_signal;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		sigaction(signals[i], &action, NULL);
	__asm__("mov %%fs:0, %0" : "=r"(run_own_fs));
	run_layouts();
}

size_t run_vectors(uint8_t ret[VECTOR_BYTES_MOST])
{
	memcpy(ret, run.vectors, run.vector_bytes);
	return run.vector_bytes;
}

static void run_once(const struct run_state *state, const struct run_layout *layout)
{
	memcpy(layout->data, state->data, DATA_BYTES);
	memcpy(run.vectors, state->vectors, run.vector_bytes);
	memcpy(run.frame.uc_mcontext.gregs, state->gregs, sizeof(state->gregs));
	run.data = layout->data;
	run_test_fs = state->fs;
	run_test_gs = state->gs;
	run_enter(&run.frame);
}

void run_code(const struct run_state *state, const struct run_layout *layout, struct run_state *ret)
{
	static const struct itimerval second = { { 1, 0 }, { 1, 0 } };

	if (!run.has_timed_out)
		setitimer(ITIMER_REAL, &second, NULL);
	run.has_timed_out = true;
	run.result = ret;
	run_once(state, layout);
	/* The timer runs all the time, and ends whatever it meets. */
	if (ret->signal == SIGALRM)
		run_once(state, layout);
}
