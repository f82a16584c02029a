/* flags: -pthread */
/*
 * Installs a seccomp filter that allows all, as a user without rights may, and waits for a byte.
 * Says "ready PID". With "-d" it makes itself undumpable instead.
 */
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

int leaf(int x);
int leaf(int x)
{
	return x + 1;
}

int main(int argc, char **argv)
{
	struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { 1, allow };
	char byte;

	if (argc > 1 && strcmp(argv[1], "-d") == 0)
		prctl(PR_SET_DUMPABLE, 0);
	else if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
		 prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
		return 1;
	dprintf(STDOUT_FILENO, "ready %d\n", getpid());
	while (read(STDIN_FILENO, &byte, 1) == 1)
		leaf(byte);
	return 5;
}
