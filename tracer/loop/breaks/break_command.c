/* The shell commands of --on-break; see break_command.h. Loop layer. */
#include "tracer/loop/breaks/break_command.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tracer/base/log.h"

static void tell(const char *name, uint64_t number)
{
	char text[32];

	snprintf(text, sizeof(text), "%" PRIu64, number);
	setenv(name, text, 1);
}

/* A file without a name, which goes with the last process that has it open. */
static void tell_stacks(const char *stacks)
{
	enum { LEAST = 20 }; /* shells have uses for the lower ones */
	char path[32];

	unsetenv("MPROF_STACK");
	int file = stacks == NULL ? -1 : memfd_create("stacks", MFD_CLOEXEC);
	int fd = file < 0 ? -1 : fcntl(file, F_DUPFD, LEAST);
	if (fd < 0 || write(fd, stacks, strlen(stacks)) != (ssize_t)strlen(stacks))
		return;
	snprintf(path, sizeof(path), "/dev/fd/%d", fd);
	setenv("MPROF_STACK", path, 1);
}

/* In the child. */
static void execute(const struct session *session, const char *command,
		    const struct break_facts *facts)
{
	tell("MPROF_PID", (uint64_t)facts->pid);
	tell("MPROF_TID", (uint64_t)facts->tid);
	tell("MPROF_MEMORY", facts->bytes);
	setenv("MPROF_BREAK", facts->text, 1);
	setenv("MPROF_FILE", recorder_path(session->recorder), 1);
	tell_stacks(facts->stacks);
	setsid(); /* the terminal is the program's */
	launch_context_restore(&session->options->launch_context);
	execl("/bin/sh", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

void break_command_run(struct session *session, const char *command,
		       const struct break_facts *facts)
{
	pid_t pid = fork();

	if (pid == 0)
		execute(session, command, facts);
	if (pid < 0)
		log_error("the command of --on-break could not be run: %s", strerror(errno));
	for (size_t i = 0; pid > 0 && i < BREAK_COMMANDS_MOST; i++) {
		if (session->breaks.commands[i] == 0) {
			session->breaks.commands[i] = pid;
			return;
		}
	}
}

void break_command_ended(struct session *session, pid_t pid, int status)
{
	for (size_t i = 0; i < BREAK_COMMANDS_MOST; i++) {
		if (session->breaks.commands[i] != pid)
			continue;
		session->breaks.commands[i] = 0;
		if (status != 0)
			log_warning("the command of --on-break has ended with status %d", status);
	}
}
