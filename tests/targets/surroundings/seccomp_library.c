/* flags: -ldl */
/*
 * A sandbox that kills on any new executable memory but a file's: a library opened within it is
 * probed by what was there before, or not at all. The program is none the worse for it.
 */
#include <dlfcn.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "expect.h"

#define ARGUMENT(i) offsetof(struct seccomp_data, args[i])

static int leaf(int x)
{
	return x + 1;
}

static int enter_sandbox(void)
{
	static struct sock_filter code[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 0, 4),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 7),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(3)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, MAP_ANONYMOUS, 4, 5),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mprotect, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pkey_mprotect, 0, 3),
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, ARGUMENT(2)),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { .len = sizeof(code) / sizeof(code[0]), .filter = code };
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

int main(void)
{
	expect("calls leaf 20");
	expect("probe plugin_step");
	int x = leaf(0);
	if (enter_sandbox() != 0) {
		say("seccomp filters are not available");
		return 77;
	}
	void *library = dlopen("libplugin.so", RTLD_NOW);
	if (library == NULL) {
		say("%s", dlerror());
		return 1;
	}
	int (*step)(int);
	*(void **)&step = dlsym(library, "plugin_step");
	int sum = 0;
	for (int i = 0; i < 19; i++)
		sum += step(x = leaf(x));
	dlclose(library);
	say("sum %d", sum);
	return 0;
}
