/* A daemon: fork, setsid, fork; it works on after its parents are gone, and tells by a pipe. */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "expect.h"

static int leaf(int x)
{
	return x + 1;
}

static void serves(int fd)
{
	int x = 0;
	for (int i = 0; i < 40; i++)
		x = leaf(x);
	dprintf(fd, "served %d, leader %d, session of a parent %d, descriptors %d\n", x,
		getsid(0) == getpid(), getsid(0) == getpgrp(), dup(0));
	_exit(12);
}

static void becomes_daemon(int fd)
{
	setsid();
	if (fork() != 0)
		_exit(0);
	if (chdir("/") != 0)
		_exit(1);
	umask(0);
	for (int other = 0; other < fd; other++)
		close(other);
	for (int i = 0; i < 3; i++)
		open("/dev/null", O_RDWR);
	serves(fd);
}

int main(void)
{
	int told[2];
	char text[200];
	expect("calls leaf 40");
	expect("calls serves 1 exit");
	expect("calls becomes_daemon 1 exit");
	expect("calls becomes_daemon 1 forked");
	expect("processes 3");
	if (pipe(told) != 0)
		return 1;
	if (fork() == 0) {
		close(told[0]);
		becomes_daemon(told[1]);
	}
	close(told[1]);
	wait(NULL);
	ssize_t got = read(told[0], text, sizeof(text) - 1);
	if (got <= 0 || write(STDOUT_FILENO, text, (size_t)got) != got)
		return 1;
	say("end %zd", read(told[0], text, 1));
	return 0;
}
