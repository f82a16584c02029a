/* A child asks for a signal at its parent's death, and gets it then, not before. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "expect.h"

static volatile int died;

static void on_death(int signal)
{
	(void)signal;
	died++;
}

static int leaf(int x)
{
	return x + 1;
}

static void outlives(int fd, int ready_fd)
{
	prctl(PR_SET_PDEATHSIG, SIGUSR1);
	int before = 0;
	for (int i = 0; i < 20; i++)
		before += leaf(died);
	if (write(ready_fd, "r", 1) != 1)
		_exit(1);
	while (!died)
		usleep(500);
	dprintf(fd, "before %d, then %d\n", before, died);
	_exit(0);
}

int main(void)
{
	int told[2], ready[2];
	char text[100], byte;
	expect("calls leaf 20");
	expect("calls on_death 1");
	expect("calls outlives 1 exit");
	expect("processes 3");
	if (pipe(told) != 0 || pipe(ready) != 0)
		return 1;
	signal(SIGUSR1, on_death);
	if (fork() == 0) {
		if (fork() == 0)
			outlives(told[1], ready[1]);
		_exit(read(ready[0], &byte, 1) == 1 ? 0 : 1);
	}
	close(told[1]);
	wait(NULL);
	ssize_t got = read(told[0], text, sizeof(text));
	return got > 0 && write(STDOUT_FILENO, text, (size_t)got) == got ? 0 : 1;
}
