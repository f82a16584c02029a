/* Why a process may not be traced; see seize_refusal.h. Tracee layer. */
#include "tracer/tracee/seize_refusal.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/proc/process_facts.h"
#include "tracer/tracee/ptrace_ops.h"

/* What container engines want to be told; their usual filter lets ptrace(2) pass then, too. */
#define ADD_CAPABILITY                                                                             \
	"--cap-add SYS_PTRACE; Kubernetes: securityContext.capabilities.add: [SYS_PTRACE]"

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

/* What forbids us all tracing; NULL: nothing does. */
static struct error *refusal_of_all(int errnum)
{
	struct process_facts ours;

	if (read_ptrace_scope() >= 3)
		return error_new(ERR_FAILED,
				 "this system lets nobody trace (kernel.yama.ptrace_scope is 3, "
				 "until it is started anew): --no-probes samples memory");
	struct error *err = process_facts_read(getpid(), &ours);
	if (err != NULL || ours.seccomp == 0 || !ptrace_is_forbidden()) {
		error_free(err);
		return NULL;
	}
	return error_new(
		ERR_FAILED,
		"the seccomp filter of this container, or sandbox, forbids ptrace(2) (%s): "
		"start it with more (" ADD_CAPABILITY ") or without (--security-opt "
		"seccomp=unconfined); --no-probes samples memory",
		strerror(errnum));
}

struct error *seize_refused_filtered(pid_t pid)
{
	struct error *err = refusal_of_all(EPERM);

	if (err != NULL)
		return err;
	return error_new(ERR_FORMAT,
			 "the system calls of process %d are filtered by seccomp, and only an "
			 "unfiltered tracer with CAP_SYS_ADMIN can make one pass: attach as root "
			 "from outside, or from a container with --privileged (kubectl debug: "
			 "--profile=sysadmin); without -f memory is sampled",
			 pid);
}

struct error *seize_refused_launched(pid_t pid, int errnum)
{
	struct process_facts facts;
	char tracer[PROCESS_NAME_BYTES];

	struct error *err = refusal_of_all(errnum);
	if (err != NULL)
		return err;
	err = process_facts_read(pid, &facts);
	if (err != NULL)
		return err;
	if (facts.tracer != 0) {
		process_name_read(facts.tracer, tracer);
		return error_new(ERR_FAILED,
				 "process %d (%s) traces whatever is started here, and a process "
				 "can have one tracer only; --no-probes samples memory",
				 facts.tracer, tracer);
	}
	return error_new(
		ERR_FAILED,
		"ptrace(2) of a program that has just been started is refused: %s; perhaps "
		"by a security module (AppArmor, SELinux), or kernel.yama.ptrace_scope is 2 "
		"(in a container: " ADD_CAPABILITY "); --no-probes samples memory",
		strerror(errnum));
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

struct error *seize_refused(pid_t pid, int errnum)
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
	bool is_capable = process_facts_have(&ours, CAPABILITY_PTRACE);
	struct error *general = refusal_of_all(errnum);
	if (general != NULL)
		return general;
	if (!is_capable && is_other_user_namespace(pid))
		return error_new(ERR_FAILED,
				 "process %d (%s) is in another user namespace: attach as root of "
				 "the outer one",
				 pid, name);
	if (!is_capable && geteuid() == 0)
		return error_new(ERR_FAILED,
				 "process %d (%s) may not be traced: this root lacks "
				 "CAP_SYS_PTRACE (in a container: " ADD_CAPABILITY ")",
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
