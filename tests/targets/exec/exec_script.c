/* exec of a script with an interpreter line, which is a script again, whose shell runs programs. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "expect.h"

static void write_script(const char *path, const char *interpreter, const char *rest)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	dprintf(fd, "#!%s\n%s\n", interpreter, rest);
	close(fd);
}

static void replaces(const char *path)
{
	execl(path, path, "word", (char *)NULL);
	_exit(1);
}

int main(void)
{
	expect("calls replaces 1 exec");
	expect("processes 4");
	char path[4096];
	write_script("inner", "/bin/sh -u", "echo \"$# $1 $2\"\n/bin/true\nsh -c 'exit 5'");
	if (realpath("inner", path) == NULL)
		return 1;
	write_script("outer", path, "");
	pid_t child = fork();
	if (child == 0)
		replaces("./outer");
	int status;
	waitpid(child, &status, 0);
	say("status %d", WEXITSTATUS(status));
	unlink("inner");
	unlink("outer");
	return 0;
}
