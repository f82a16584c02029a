/* A sandbox that kills on mmap and mprotect: probes were set before, and calls go on. */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "expect.h"

static int before(int x)
{
	return x + 1;
}

static int within(int x)
{
	return x + 2;
}

static int deeper(int x)
{
	return within(x) + within(x);
}

int main(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	expect("calls before 1");
	expect("calls deeper 5");
	expect("calls within 10");
	int sum = before(1);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) {
		say("seccomp filters are not available");
		return 77;
	}
	for (int i = 0; i < 5; i++)
		sum += deeper(i);
	say("sum %d", sum);
	return 0;
}
