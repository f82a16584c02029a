/* A filter that traps into a handler of SIGSYS, gives an error, or asks for a tracer's word. */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "expect.h"

static volatile int trapped;

static void on_sigsys(int signal, siginfo_t *info, void *context)
{
	(void)context;
	trapped += signal == SIGSYS && info->si_syscall == SYS_getppid && info->si_code == 1;
}

static int leaf(int x)
{
	return x + 1;
}

int main(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getuid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getgid, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE | 5),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOMEM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };
	expect("calls leaf 5");
	expect("calls on_sigsys 4");
	sigaction(SIGSYS, &action, NULL);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		say("seccomp filters are not available");
		return 77;
	}
	for (int i = 0; i < 4; i++)
		syscall(SYS_getppid, leaf(i));
	int denied = syscall(SYS_getuid) < 0 ? errno : 0;
	int asked = syscall(SYS_getgid) < 0 ? errno : 0;
	void *page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	say("trapped %d, denied %d, asked %d, mapped %d, %d", trapped, denied, asked,
	    page != MAP_FAILED, leaf(7));
	return 0;
}
