/*
 * All traced processes and their threads (tracee layer): who exists, who belongs to whom.
 *
 * process: a thread group. tracee: one thread. "pid" is never a tid. It keeps the books; it neither
 * waits for nor resumes anybody.
 */
#ifndef TRACEE_TARGET_H
#define TRACEE_TARGET_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/tracee/address_space.h"
#include "tracer/proc/thread_look.h"

struct call_stack;   /* a thread's open calls; probe/call_stack.h owns the type */
struct remote_call;  /* a function that a thread calls for us; target/remote_call.h */
struct transfer;     /* one that a stop has cut, and that goes on; target/transfer.h */
struct memory_meter; /* a process's /proc files; sample/memory_usage.h owns the type */

/*
 * A probed function whose first instruction was about to run when a signal came: the handler sees the
 * function's own address, and the site is hit again when it returns. That is no second call.
 */
struct signal_at_site {
	taddr_t site;
	taddr_t cfa;
	int signal;
	bool is_returned; /* the handler has returned to the site */
};

enum { TARGET_NAME_BYTES = 16 }; /* TASK_COMM_LEN */

/* A call on a thread that is watched for our own sake; see internal_call.h in probe/. */
struct internal_call {
	taddr_t site; /* the function's first instruction */
	taddr_t cfa;
	taddr_t object;			/* a goroutine whose stack is being copied; … */
	uint64_t stack_low, stack_high; /* … and where that was */
};
enum { INTERNAL_CALLS_MAX = 4 };
/* What we ourselves have added to the memory of a process; loop/reading.c keeps it. */
struct process_added {
	uint64_t recorded_bytes;    /* as last written down */
	uint64_t weighed_bytes;	    /* by the kernel's figures, where our books do not suffice */
	uint64_t version;	    /* of our pages, when they were last looked at */
	int64_t looked_ns, cost_ns; /* when, and how long it took */
};

struct process {
	pid_t pid;
	pid_t parent_pid;
	unsigned thread_count;
	struct address_space *space; /* NULL before the first exec of a launched program */
	struct memory_meter *meter;  /* NULL: not sampled */
	uint64_t trap_handler;	     /* the program's own for SIGTRAP: 0 default, 1 ignored */
	struct call_stack *orphans;  /* calls on stacks of fibers whose last thread has ended */
	struct addr_map goroutines;  /* address of a goroutine -> its struct call_stack, owned */
	unsigned put_off_count;	     /* so many goroutines will hit a site again */
	int64_t attached_ns;	     /* when it was attached to, and the memory that it had then */
	uint64_t attached_bytes;
	bool is_main;
	bool has_lost_exits; /* a thread of it has ended without PTRACE_EVENT_EXIT */
	bool dies_with_us;   /* was seized so */
	bool is_launching;   /* still our own code, before its first exec */
	bool shares_memory;  /* its parent's, until it execs (vfork, CLONE_VM): not counted twice */
	bool is_untraced;    /* sampled, not traced: it has no tracees */
	uint64_t peak_bytes; /* of a watched one, as last read; the next one likewise */
	uint64_t last_bytes; /* memory at the last reading */
	struct process_added added;
	unsigned same_readings;	      /* so many of the last readings were equal */
	char name[TARGET_NAME_BYTES]; /* comm of proc(5) */
	bool is_unfollowed; /* not followed: detached as soon as it shares no memory with others */
};

struct tracee {
	pid_t tid;
	struct process *process;
	struct call_stack *calls;	 /* NULL: never in a probed function */
	bool is_stopped;		 /* in a ptrace stop that we have not resumed */
	bool is_rewound;		 /* in a stop of our trap, and in front of it again */
	bool blocks_trap;		 /* the program itself has blocked SIGTRAP */
	struct remote_call *remote_call; /* NULL: it makes none. Owned */
	struct transfer *transfer;	 /* NULL: none of its transfers has been cut. Owned */
	unsigned sigreturn_waits; /* system calls to be watched for the return of a handler */
	bool is_exiting;	  /* it has reached PTRACE_EVENT_EXIT */
	bool is_leaving_exec;	  /* between PTRACE_EVENT_EXEC and the exit of execve */
	bool is_listening;	  /* in a group-stop, after PTRACE_LISTEN */
	bool is_interrupted;	  /* PTRACE_INTERRUPT was sent, its stop is still to come */

	/* What it was last seen doing, without a stop, and since when it has been doing so. */
	struct thread_look look;

	/* At attach: */
	bool is_unread; /* it may be in probed functions; which ones is not known yet */
	taddr_t wakeup; /* where a site awaits it for that reason; 0: none */

	/* When everybody is let go: */
	bool is_clear;	 /* it cannot meet a trap any more */
	bool is_in_slot; /* it sleeps in a slot */
	bool is_held;	 /* stopped and led out of everything, but not detached yet */
	int held_signal; /* what it gets then */
	int64_t held_since_ns;

	struct signal_at_site *signals_at_sites; /* owned, like those of each fiber on the thread */
	size_t signal_at_site_count, signal_at_site_capacity;
	unsigned internal_call_count;
	struct internal_call internal_calls[INTERNAL_CALLS_MAX];
};

struct target {
	struct addr_map tracees;   /* tid -> struct tracee */
	struct addr_map processes; /* pid -> struct process */
};

/* A zeroed struct is a target with nobody in it. */
void target_deinit(struct target *target);

struct tracee *target_tracee(const struct target *target, pid_t tid);	/* NULL: unknown */
struct process *target_process(const struct target *target, pid_t pid); /* NULL: unknown */

/* Pointers stay valid until removal. */
struct error *target_add_process(struct target *target, pid_t pid, pid_t parent_pid,
				 struct process **ret) MUST_CHECK;
struct error *target_add_tracee(struct target *target, pid_t tid, struct process *process,
				struct tracee **ret) MUST_CHECK;

/* Their calls, meter, space and image must have been released. */
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
