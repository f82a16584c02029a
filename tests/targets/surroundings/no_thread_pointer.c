/* flags: -nostdlib -static -fno-stack-protector -fno-builtin */
/*
 * Without libc: the thread pointer is nowhere, then a word of the program's, then nowhere again; calls are recorded all the
 * same. The variants make a child with and without one.
 *
 * variants: plain fork fork_with
 */
#include <asm/prctl.h>
#include <stddef.h>
#include <sys/syscall.h>

enum { CALLS = 2000 };

static long call_kernel(long number, long first, long second, long third, long fourth)
{
	long result;
	register long r10 __asm__("r10") = fourth;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(first), "S"(second), "d"(third), "r"(r10)
			 : "rcx", "r11", "memory");
	return result;
}

static size_t length(const char *text)
{
	size_t bytes = 0;

	while (text[bytes] != '\0')
		bytes++;
	return bytes;
}

static void say(const char *text)
{
	call_kernel(SYS_write, 1, (long)text, (long)length(text), 0);
}

__attribute__((noinline)) void leaf(void)
{
	__asm__ volatile("");
}

static void call_leaf(void)
{
	for (int i = 0; i < CALLS; i++)
		leaf();
}

static void *thread_pointer[2] = { thread_pointer };

static void set_thread_pointer(void *pointer)
{
	if (call_kernel(SYS_arch_prctl, ARCH_SET_FS, (long)pointer, 0, 0) != 0)
		call_kernel(SYS_exit_group, 1, 0, 0, 0);
}

static void fork_and_wait(void)
{
	const long child = call_kernel(SYS_fork, 0, 0, 0, 0);

	call_leaf();
	if (child == 0)
		call_kernel(SYS_exit_group, 0, 0, 0, 0);
	call_kernel(SYS_wait4, child, 0, 0, 0);
}

/* @stack: the words that the kernel has put there: argc, argv. */
__attribute__((used, noreturn)) void start(long *stack)
{
	const char *variant = stack[0] > 1 ? (const char *)stack[2] : "plain";
	const _Bool is_plain = variant[0] == 'p',
		    is_with = !is_plain && length(variant) > length("fork");

	say(is_plain ? "expect calls leaf 6000\n"
		     : "expect calls leaf 10000\nexpect processes 2\n");
	if (!is_plain && !is_with)
		fork_and_wait();
	call_leaf();
	set_thread_pointer(thread_pointer);
	call_leaf();
	if (is_with)
		fork_and_wait();
	set_thread_pointer(NULL);
	call_leaf();
	call_kernel(SYS_exit_group, 0, 0, 0, 0);
	__builtin_unreachable();
}

__asm__(".globl _start\n"
	"_start:\n"
	"	xor %ebp, %ebp\n"
	"	mov %rsp, %rdi\n"
	"	and $-16, %rsp\n"
	"	call start\n");
