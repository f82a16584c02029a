/* flags: -pthread */
/* posix_spawn with file actions and attributes, of what is not there too, from two threads. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>

#include "expect.h"

extern char **environ;

static int spawns(const char *program, const char *command, int *ret_status)
{
	char *words[] = { "sh", "-c", (char *)command, NULL };
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t signals;
	pid_t child;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_addopen(&actions, 7, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, 1, 8);
	posix_spawn_file_actions_addclose(&actions, 0);
	posix_spawn_file_actions_addchdir_np(&actions, "/proc");
	posix_spawnattr_init(&attributes);
	sigemptyset(&signals);
	sigaddset(&signals, SIGUSR2);
	posix_spawnattr_setsigmask(&attributes, &signals);
	sigfillset(&signals);
	posix_spawnattr_setsigdefault(&attributes, &signals);
	posix_spawnattr_setpgroup(&attributes, 0);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK |
						      POSIX_SPAWN_SETSIGDEF);
	int result = posix_spawn(&child, program, &actions, &attributes, words, environ);
	if (result == 0)
		waitpid(child, ret_status, 0);
	return result;
}

static void *run(void *argument)
{
	int status = 0, wrong = 0;
	for (int i = 0; i < 4; i++)
		wrong += spawns("/bin/sh", "exit 4", &status) != 0 || WEXITSTATUS(status) != 4;
	*(int *)argument = wrong;
	return NULL;
}

int main(void)
{
	pthread_t threads[2];
	int status = 0, wrong[2];
	expect("calls spawns 11");
	expect("processes 13"); /* with readlink */
	signal(SIGUSR1, SIG_IGN);
	int result = spawns("/bin/sh",
			    "pwd; readlink self/fd/7; test -e self/fd/0 || echo closed; "
			    "while read -r key value; do case $key in SigBlk:|SigIgn:) "
			    "echo $key $value;; esac; done </proc/$$/status; echo eight >&8; kill -USR1 $$",
			    &status);
	say("%d, status %x", result, (unsigned)status);
	result = spawns("/no/such/program", "", &status);
	say("%d", result);
	result = spawns("/etc/passwd", "", &status);
	say("%d", result);
	for (int i = 0; i < 2; i++)
		pthread_create(&threads[i], NULL, run, &wrong[i]);
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	say("wrong %d", wrong[0] + wrong[1]);
	return 0;
}
