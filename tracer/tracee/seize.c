/* Becoming the tracer of running processes; see seize.h. Tracee layer. */
#include "tracer/tracee/seize.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/proc/proc_file.h"
#include "tracer/tracee/ptrace_ops.h"
#include "tracer/tracee/seize_refusal.h"

struct error *seize_check(pid_t pid)
{
	struct process_facts facts;
	char name[PROCESS_NAME_BYTES];

	struct error *err = process_facts_read(pid, &facts);
	if (err != NULL && error_code(err) == ERR_GONE) {
		error_free(err);
		return error_new(ERR_FAILED, "there is no process %d", pid);
	}
	if (err != NULL)
		return err;
	process_name_read(pid, name);
	if (facts.thread_group != pid)
		return error_new(ERR_FAILED, "%d (%s) is a thread: attach to its process, %d", pid,
				 name, facts.thread_group);
	/* Its first thread may have ended before the others. */
	bool is_zombie = facts.state == 'Z' || facts.state == 'X';
	if (is_zombie && facts.thread_count <= 1)
		return error_new(ERR_FAILED,
				 "process %d (%s) has ended already: it is a zombie that its "
				 "parent, %d, has not waited for",
				 pid, name, facts.parent);
	if (!facts.has_memory && !is_zombie)
		return error_new(ERR_FAILED,
				 "process %d (%s) is a thread of the kernel: it has no memory of "
				 "its own and runs no program",
				 pid, name);
	if (pid == getpid() || pid == getppid())
		return error_new(ERR_FAILED, "process %d is this mprof-trace itself", pid);
	return NULL;
}

bool seize_is_supported(pid_t pid)
{
	char path[64];
	unsigned char ident[EI_NIDENT] = { 0 };

	snprintf(path, sizeof(path), "/proc/%d/exe", pid);
	int fd = proc_openat_soon(AT_FDCWD, path, O_RDONLY);
	ssize_t got = fd < 0 ? -1 : read(fd, ident, sizeof(ident));
	if (fd >= 0)
		close(fd);
	return got != sizeof(ident) || ident[EI_CLASS] == ELFCLASS64;
}

bool seize_may_inject(pid_t pid)
{
	struct process_facts theirs, ours;

	struct error *err = process_facts_read(pid, &theirs);
	err = error_first(err, process_facts_read(getpid(), &ours));
	/* Who is filtered may suspend no filter (kernel/ptrace.c, check_ptrace_options). */
	bool may = err != NULL || theirs.seccomp == 0 ||
		   (ours.seccomp == 0 && process_facts_have(&ours, CAPABILITY_ADMIN));
	error_free(err);
	return may;
}

/* One that has ended is not new, and no error. */
static struct error *seize_thread(struct target *target, struct process *process, pid_t tid,
				  bool *ret_is_new)
{
	struct process_facts facts;
	struct tracee *tracee;

	*ret_is_new = false;
	struct error *refused = ptrace_seize(tid, target->wishes);
	if (refused != NULL) {
		const int errnum = error_errno(refused);
		error_free(refused);
		struct error *err = process_facts_read(tid, &facts);
		if (err != NULL)
			return error_ignore(err, ERR_GONE);
		/* The kernel says EPERM of one that has ended and waits to be waited for, too. */
		if (facts.state == 'Z' || facts.state == 'X')
			return NULL;
		if (facts.tracer != getpid())
			return seize_refused(process->pid, errnum);
	}
	*ret_is_new = true;
	return target_add_tracee(target, tid, process, &tracee);
}

struct error *seize_threads(struct target *target, struct process *process, bool *ret_found)
{
	const struct dirent *entry;
	DIR *directory;

	*ret_found = false;
	struct error *err = proc_open_directory(&directory, "/proc/%d/task", process->pid);
	if (err != NULL)
		return err;
	while (err == NULL && (entry = readdir(directory)) != NULL) {
		pid_t tid = atoi(entry->d_name);
		bool is_new;
		if (tid <= 0 || target_tracee(target, tid) != NULL)
			continue;
		err = seize_thread(target, process, tid, &is_new);
		*ret_found = *ret_found || is_new;
	}
	closedir(directory);
	return err;
}
