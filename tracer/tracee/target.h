/*
 * All traced processes and their threads (tracee layer): which exist, and which belongs to which.
 *
 * process: a thread group. tracee: one thread. "pid" is never a tid. It keeps the books; it neither
 * waits for nor resumes any thread.
 */
#ifndef TRACEE_TARGET_H
#define TRACEE_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/proc/process_facts.h"
#include "tracer/tracee/address_space.h"
#include "tracer/tracee/ptrace_ops.h"

struct process_state; /* what the layer above keeps of a process, and of a thread */
struct thread_state;
struct remote_call; /* a function that a thread calls for us; remote_call.h */
struct transfer;    /* what a stop has cut, and must still be moved; transfer.h */

struct process {
	pid_t pid;
	pid_t parent_pid;
	unsigned thread_count;
	struct tracee *threads;	       /* the first one; the others follow by their next */
	struct address_space *space;   /* NULL before the first exec of a launched program */
	struct process *next_in_space; /* another one in the same memory */
	struct process_state *state;   /* see struct target_states */
	char name[PROCESS_NAME_BYTES]; /* comm of proc(5) */
	struct ptrace_wishes wishes;   /* it was seized with them */
	bool has_our_filters;	       /* it has come of us, with our seccomp filters: filters.h */
	bool is_main;
	bool is_launching;   /* still our own code, before its first exec */
	bool is_untraced;    /* sampled, not traced: it has no tracees */
	bool is_unfollowed;  /* not followed: detached as soon as it shares no memory with others */
	bool shares_memory;  /* its parent's, until it execs (vfork, CLONE_VM): not counted twice */
	bool lends_memory;   /* a child may share it */
	bool has_lost_exits; /* a thread of it has ended without PTRACE_EVENT_EXIT */
};

struct tracee {
	pid_t tid;
	struct process *process;
	struct tracee *next, *previous;	 /* of the same process, in no order */
	struct thread_state *state;	 /* see struct target_states */
	struct remote_call *remote_call; /* NULL: it makes none. Owned */
	struct transfer *transfer;	 /* NULL: none of its transfers has been cut. Owned */
	bool is_stopped;		 /* in a ptrace stop that we have not resumed … */
	bool is_in_call;      /* … and within a system call: PTRACE_EVENT_FORK and the like */
	bool is_exiting;      /* it has reached PTRACE_EVENT_EXIT */
	bool is_leaving_exec; /* between PTRACE_EVENT_EXEC and the exit of execve */
	bool is_listening;    /* in a group-stop, after PTRACE_LISTEN */
	bool is_interrupted;  /* PTRACE_INTERRUPT was sent, its stop is still to come */
};

/* Whether @tracee can make a system call for us now: it is stopped, and in none of its own. */
static inline bool tracee_may_call(const struct tracee *tracee)
{
	return tracee->is_stopped && !tracee->is_in_call;
}

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
	struct ptrace_wishes wishes; /* all of its threads are seized with them; none at first */
	bool has_our_filters;	     /* all of its processes do, those that are yet to come */
	struct addr_map tracees;     /* tid -> struct tracee */
	struct addr_map processes;   /* pid -> struct process */
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

/*
 * From now on @process is in @space, which it is a user of; and not any more: returns the space, NULL if
 * it was in none.
 */
void process_enter_space(struct process *process, struct address_space *space);
struct address_space *process_leave_space(struct process *process);

/* exec: thread @former_tid of a process carries on under the process's pid (ptrace(2)). */
struct error *target_rename_tracee(struct target *target, struct tracee *tracee,
				   pid_t tid) MUST_CHECK;

#endif
