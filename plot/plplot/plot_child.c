/* A process of its own for PLplot; see plot_child.h. Plot layer. */
#include "plot/plplot/plot_child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plot/text/text.h"

/* In the child: never returns, never runs what the parent registered for its exit. */
static void draw_and_exit(void (*draw)(void *data), void *data, int said_fd)
{
	int null_fd = open("/dev/null", O_RDWR);

	/* A window does not outlive the command that opened it. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(null_fd, STDIN_FILENO);
	dup2(said_fd, STDOUT_FILENO);
	dup2(said_fd, STDERR_FILENO);
	draw(data);
	fflush(NULL);
	_exit(EXIT_SUCCESS);
}

struct error *plot_child_start(struct plot_child *child, void (*draw)(void *data), void *data)
{
	int said[2];

	if (pipe2(said, O_CLOEXEC) != 0)
		return error_os(errno, "cannot make a pipe");
	fflush(NULL); /* or the child would print it again */
	pid_t pid = fork();
	int errnum = errno;
	if (pid == 0)
		draw_and_exit(draw, data, said[1]);
	close(said[1]);
	if (pid < 0) {
		close(said[0]);
		return error_os(errnum, "cannot start a process to draw in");
	}
	*child = (struct plot_child){ pid, said[0] };
	return NULL;
}

/* Reads to the end and keeps the first line that is not blank; owned. */
static char *read_complaint(int fd)
{
	char text[512];
	size_t kept = 0;

	for (;;) {
		char more[512];
		ssize_t got = read(fd, more, sizeof(more));
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		size_t room = sizeof(text) - kept;
		size_t taken = (size_t)got < room ? (size_t)got : room;
		memcpy(text + kept, more, taken);
		kept += taken;
	}
	size_t start = 0;
	while (start < kept && (text[start] == '\n' || text[start] == ' '))
		start++;
	const char *newline = memchr(text + start, '\n', kept - start);
	return text_clean(text + start,
			  newline != NULL ? (size_t)(newline - (text + start)) : kept - start);
}

static struct error *error_of_end(int status, const char *complaint, const char *device)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_SUCCESS)
		return NULL;
	if (WIFEXITED(status) && WEXITSTATUS(status) == PLOT_CHILD_NO_DEVICE)
		return error_new(ERR_FAILED,
				 "PLplot has no device %s: install plplot-driver-cairo (or "
				 "write an .svg)",
				 device);
	if (WIFSIGNALED(status))
		return error_new(ERR_FAILED, "PLplot died of signal %d while drawing%s%s",
				 WTERMSIG(status), complaint[0] != '\0' ? ": " : "", complaint);
	return error_new(ERR_FAILED, "PLplot could not draw on %s: %s", device,
			 complaint[0] != '\0' ? complaint : "it gave no reason");
}

struct error *plot_child_end(struct plot_child *child, const char *device)
{
	int status = 0;
	char *complaint = read_complaint(child->said_fd);

	close(child->said_fd);
	while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
		;
	struct error *err =
		complaint == NULL ? error_no_memory() : error_of_end(status, complaint, device);
	free(complaint);
	return err;
}
