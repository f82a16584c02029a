/* flags: -pthread */
/* The first thread is gone when another one forks, and then execs. */
#include <pthread.h>
#include <sys/wait.h>

#include "expect.h"

static pthread_t first;
static char path[4096];

static int leaf(int x)
{
	return x + 1;
}

static void *exec_thread(void *argument)
{
	int status;
	pthread_join(first, NULL);
	leaf(1);
	pid_t child = fork();
	if (child == 0)
		_exit(leaf(2));
	waitpid(child, &status, 0);
	say("child %d", WEXITSTATUS(status));
	execl(path, "exec_after_main", "again", (char *)NULL);
	return argument;
}

int main(int argc, char **argv)
{
	if (argc > 1) {
		say("%s, %d", argv[1], leaf(3));
		return 4;
	}
	expect("calls leaf 3");
	expect("in_children leaf 1");
	expect("levels leaf 0 0");
	expect("processes 2");
	expect("execs 1");
	/* /proc/self is empty once the first thread is gone. */
	if (readlink("/proc/self/exe", path, sizeof(path) - 1) < 0)
		return 1;
	pthread_t thread;
	first = pthread_self();
	pthread_create(&thread, NULL, exec_thread, NULL);
	pthread_exit(NULL);
}
