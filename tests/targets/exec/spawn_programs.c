/* posix_spawn of a shell that itself runs programs, from a probed function. */
#include <spawn.h>
#include <sys/wait.h>

#include "expect.h"

extern char **environ;

static int spawns(char *command)
{
	char *words[] = { "sh", "-c", command, NULL };
	pid_t child;
	int status;
	if (posix_spawn(&child, "/bin/sh", NULL, NULL, words, environ) != 0)
		return -1;
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(void)
{
	expect("calls spawns 3");
	expect("processes 6");
	say("status %d", spawns("/bin/echo one; /bin/echo two; exit 3"));
	say("status %d", spawns("kill -9 $$"));
	say("status %d", spawns("exec /bin/true"));
	return 0;
}
