/* The front end's part in handing over to gdb; see gdb_front.h. Loop layer. */
#include "tracer/loop/gdb_front.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tracer/loop/state/hand_over.h"

struct error *gdb_front_prepare(struct session_options *options)
{
	if (options->breaks == NULL || options->breaks->action != BREAK_GDB)
		return NULL;
	void *shared = mmap(NULL, sizeof(struct hand_over), PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (shared == MAP_FAILED)
		return error_os(errno, "memory for the hand-over to gdb");
	options->hand_over = shared;
	return NULL;
}

/*
 * In the child. A process that stood still when gdb came would stand still again when gdb leaves (__ptrace_unlink,
 * kernel/ptrace.c): it gets its SIGCONT while gdb holds it, which gdb is told to say nothing of.
 */
static void execute_gdb(const struct session_options *options, pid_t pid, pid_t tid)
{
	char pid_text[16], go_on[64], thread[160];
	int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);

	for (int fd = 0; terminal >= 0 && fd < 3; fd++)
		dup2(terminal, fd);
	snprintf(pid_text, sizeof(pid_text), "%d", pid);
	snprintf(go_on, sizeof(go_on), "shell kill -CONT %d", pid);
	snprintf(
		thread, sizeof(thread),
		"python [t.switch() for t in gdb.selected_inferior().threads() if t.ptid[1] == %d]",
		tid);
	launch_context_restore(&options->launch_context);
	execlp("gdb", "gdb", "-q", "-p", pid_text, "-ex", "handle SIGCONT nostop noprint pass",
	       "-ex", go_on, tid != pid ? "-ex" : (char *)NULL, thread, "-ex", "frame",
	       (char *)NULL);
	_exit(127);
}

static void tell(const struct gdb_front *front, pid_t engine, int status)
{
	struct hand_over *shared = front->options->hand_over;

	shared->status = status;
	shared->stage = HAND_OVER_DONE;
	kill(engine, SIGCHLD);
}

void gdb_front_look(struct gdb_front *front, pid_t engine)
{
	struct hand_over *shared = front->options->hand_over;
	int status;

	if (shared == NULL)
		return;
	if (front->gdb != 0 && waitpid(front->gdb, &status, WNOHANG) == front->gdb) {
		front->gdb = 0;
		tell(front, engine, WIFEXITED(status) && WEXITSTATUS(status) == 127 ? -1 : status);
	}
	if (front->gdb != 0 || shared->stage != HAND_OVER_ASKED)
		return;
	pid_t gdb = fork();
	if (gdb == 0)
		execute_gdb(front->options, shared->pid, shared->tid);
	if (gdb < 0) {
		tell(front, engine, -1);
		return;
	}
	front->gdb = gdb;
	shared->stage = HAND_OVER_RUNS;
}

bool gdb_front_is_on(const struct gdb_front *front)
{
	return front->gdb != 0;
}

void gdb_front_end(struct gdb_front *front)
{
	if (front->gdb != 0)
		waitpid(front->gdb, NULL, 0);
	front->gdb = 0;
}
