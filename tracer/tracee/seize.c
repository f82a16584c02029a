/* Becoming the tracer of running processes; see seize.h. Tracee layer. */
#include "tracer/tracee/seize.h"

#include <dirent.h>
#include <elf.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/proc/proc_file.h"
#include "tracer/tracee/ptrace_ops.h"

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

/* Of capabilities(7). */
enum capability { CAPABILITY_PTRACE = 19, CAPABILITY_ADMIN = 21 };

static bool facts_have(const struct process_facts *facts, enum capability capability)
{
	return (facts->capabilities >> capability) & 1;
}

bool seize_may_inject(pid_t pid)
{
	struct process_facts theirs, ours;

	struct error *err = process_facts_read(pid, &theirs);
	err = error_first(err, process_facts_read(getpid(), &ours));
	bool may = err != NULL || theirs.seccomp == 0 || facts_have(&ours, CAPABILITY_ADMIN);
	error_free(err);
	return may;
}

static int read_ptrace_scope(void)
{
	int scope = 0;
	FILE *file = fopen("/proc/sys/kernel/yama/ptrace_scope", "re");
	if (file == NULL)
		return 0;
	if (fscanf(file, "%d", &scope) != 1)
		scope = 0;
	fclose(file);
	return scope;
}

static bool is_other_user_namespace(pid_t pid)
{
	char path[64];
	struct stat theirs, ours;

	snprintf(path, sizeof(path), "/proc/%d/ns/user", pid);
	return stat(path, &theirs) == 0 && stat("/proc/self/ns/user", &ours) == 0 &&
	       theirs.st_ino != ours.st_ino;
}

/* The kernel says only EPERM: ptrace(2), "Ptrace access mode checking". */
static struct error *refusal_without_right(pid_t pid, const char *name,
					   const struct process_facts *theirs)
{
	const struct passwd *user = getpwuid(theirs->user);
	int scope = read_ptrace_scope();

	if (theirs->user != geteuid())
		return error_new(ERR_FAILED,
				 "process %d (%s) belongs to user %s (%u): attach as that user, or "
				 "as root",
				 pid, name, user == NULL ? "?" : user->pw_name, theirs->user);
	if (scope == 1)
		return error_new(
			ERR_FAILED,
			"this system lets a user trace only what the tracer has started "
			"(kernel.yama.ptrace_scope is 1): start %s with 'mprof-trace run', "
			"attach as root, or 'sysctl kernel.yama.ptrace_scope=0'",
			name);
	if (scope == 2)
		return error_new(
			ERR_FAILED,
			"this system lets only root trace (kernel.yama.ptrace_scope is 2): "
			"attach as root, or 'sysctl kernel.yama.ptrace_scope=0'");
	return error_new(ERR_FAILED,
			 "process %d (%s) may not be traced by this user: it has more rights than "
			 "its user (set-user-ID, capabilities), or has made itself undumpable "
			 "(prctl(2)); attach as root",
			 pid, name);
}

static struct error *refusal_explain(pid_t pid)
{
	struct process_facts theirs, ours;
	char name[PROCESS_NAME_BYTES], tracer[PROCESS_NAME_BYTES];

	struct error *err = process_facts_read(pid, &theirs);
	err = error_first(err, process_facts_read(getpid(), &ours));
	if (err != NULL)
		return err;
	process_name_read(pid, name);
	if (theirs.tracer != 0) {
		process_name_read(theirs.tracer, tracer);
		return error_new(
			ERR_FAILED,
			"process %d (%s) is traced by process %d (%s) already, and can have "
			"one tracer only: end that first",
			pid, name, theirs.tracer, tracer);
	}
	bool is_capable = facts_have(&ours, CAPABILITY_PTRACE);
	if (read_ptrace_scope() >= 3)
		return error_new(ERR_FAILED,
				 "this system lets nobody trace (kernel.yama.ptrace_scope is 3, "
				 "until it is started anew): --no-probes samples memory");
	if (!is_capable && is_other_user_namespace(pid))
		return error_new(ERR_FAILED,
				 "process %d (%s) is in another user namespace: attach as root of "
				 "the outer one",
				 pid, name);
	if (!is_capable && geteuid() == 0)
		return error_new(ERR_FAILED,
				 "process %d (%s) may not be traced: this root lacks "
				 "CAP_SYS_PTRACE (in a container: --cap-add SYS_PTRACE)",
				 pid, name);
	if (!is_capable)
		return refusal_without_right(pid, name, &theirs);
	return error_new(
		ERR_FAILED,
		"process %d (%s) may not be traced although this process has "
		"CAP_SYS_PTRACE: a security module (AppArmor, SELinux) or a seccomp filter "
		"refuses it",
		pid, name);
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
		error_free(refused);
		struct error *err = process_facts_read(tid, &facts);
		if (err != NULL)
			return error_ignore(err, ERR_GONE);
		/* The kernel says EPERM of one that has ended and waits to be waited for, too. */
		if (facts.state == 'Z' || facts.state == 'X')
			return NULL;
		if (facts.tracer != getpid())
			return refusal_explain(process->pid);
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
