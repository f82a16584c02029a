/*
 * All traced processes and their threads (target layer): who exists, who belongs to whom.
 *
 * process: a thread group. tracee: one thread. "pid" is never a tid. It keeps the books; it neither
 * waits for nor resumes anybody.
 */
#ifndef TRACEE_TARGET_H
#define TRACEE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/tracee/address_space.h"

struct process_state; /* what the layer above keeps of a process, and of a thread */
struct thread_state;
struct remote_call; /* a function that a thread calls for us; remote_call.h */

enum { TARGET_NAME_BYTES = 16 }; /* TASK_COMM_LEN */

struct process {
	pid_t pid;
	pid_t parent_pid;
	unsigned thread_count;
	struct address_space *space;  /* NULL before the first exec of a launched program */
	struct process_state *state;  /* see struct target_states */
	char name[TARGET_NAME_BYTES]; /* comm of proc(5) */
	bool is_main;
	bool is_launching;   /* still our own code, before its first exec */
	bool is_untraced;    /* sampled, not traced: it has no tracees */
	bool is_unfollowed;  /* not followed: detached as soon as it shares no memory with others */
	bool shares_memory;  /* its parent's, until it execs (vfork, CLONE_VM): not counted twice */
	bool dies_with_us;   /* was seized so */
	bool has_lost_exits; /* a thread of it has ended without PTRACE_EVENT_EXIT */
};

struct tracee {
	pid_t tid;
	struct process *process;
	struct thread_state *state;	 /* see struct target_states */
	struct remote_call *remote_call; /* NULL: it makes none. Owned */
	bool is_stopped;		 /* in a ptrace stop that we have not resumed */
	bool is_exiting;		 /* it has reached PTRACE_EVENT_EXIT */
	bool is_leaving_exec;		 /* between PTRACE_EVENT_EXEC and the exit of execve */
	bool is_listening;		 /* in a group-stop, after PTRACE_LISTEN */
	bool is_interrupted;		 /* PTRACE_INTERRUPT was sent, its stop is still to come */
};

/*
 * What the layer above keeps of each thread and of each process: allocated with it, zeroed, and freed
 * with it, after its deinit.
 */
struct target_states {
	size_t thread_bytes, process_bytes;
	void (*thread_deinit)(struct thread_state *state);
	void (*process_deinit)(struct process_state *state);
};

struct target {
	const struct target_states *states;
	struct addr_map tracees;   /* tid -> struct tracee */
	struct addr_map processes; /* pid -> struct process */
};

/* Nothing is traced yet. @states is borrowed. A zeroed struct may be given to target_deinit, too. */
void target_init(struct target *target, const struct target_states *states);
void target_deinit(struct target *target);

struct tracee *target_tracee(const struct target *target, pid_t tid);	/* NULL: unknown */
struct process *target_process(const struct target *target, pid_t pid); /* NULL: unknown */

/* Pointers stay valid until removal. */
struct error *target_add_process(struct target *target, pid_t pid, pid_t parent_pid,
				 struct process **ret) MUST_CHECK;
struct error *target_add_tracee(struct target *target, pid_t tid, struct process *process,
				struct tracee **ret) MUST_CHECK;

/* The space of a process, and what their states own of other rooms, must have been released. */
void target_remove_tracee(struct target *target, struct tracee *tracee);
void target_remove_process(struct target *target, struct process *process);

/* exec: thread @former_tid of a process carries on under the process's pid (ptrace(2)). */
struct error *target_rename_tracee(struct target *target, struct tracee *tracee,
				   pid_t tid) MUST_CHECK;

/* Whether @tid is a thread of process @pid; false when either has ended. */
bool target_is_thread_of(pid_t tid, pid_t pid);

/* The name of a thread's program or its own, for people: comm of proc(5); "?" when it has ended. */
void target_read_name(pid_t tid, char ret[TARGET_NAME_BYTES]);

/* Whether this process of ours is the tracer of @tid (TracerPid in /proc/TID/status). */
bool target_is_traced_by_us(pid_t tid);

/* The process that thread @tid belongs to, 0 when it has ended. */
pid_t target_read_pid(pid_t tid);

/* Whether two processes share one memory: kcmp(2), and @fallback where the kernel lacks it. */
bool target_shares_memory(pid_t a, pid_t b, bool fallback);

#endif
