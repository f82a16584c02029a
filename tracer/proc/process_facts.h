/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is known of a process or a thread without stopping it: its status, its name, what it belongs to
 * (proc layer).
 */
#ifndef PROC_PROCESS_FACTS_H
#define PROC_PROCESS_FACTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "tracer/base/error.h"
#include "tracer/base/taddr.h"

/* What /proc/PID/status says of a process (proc(5)). */
struct process_facts {
	char state;
	int thread_group, parent, tracer;
	int own_group, own_tid; /* thread_group and the number itself in its own pid namespace */
	int pid_namespaces; /* that it has a number in, from that of /proc inward; 1: in no inner one */
	unsigned user;
	int thread_count;
	int seccomp;	     /* 0: its system calls are not filtered */
	int seccomp_filters; /* how many there are then; 0: not told (before Linux 5.9) */
	bool has_memory;     /* kernel threads have none */
	unsigned long capabilities;
	unsigned long locked_bytes; /* of its memory: mlock(2) */
};

/* Of capabilities(7). */
enum capability { CAPABILITY_PTRACE = 19, CAPABILITY_ADMIN = 21 };

static inline bool process_facts_have(const struct process_facts *facts, enum capability capability)
{
	return (facts->capabilities >> capability) & 1;
}

/* ERR_GONE: it has ended. */
struct error *process_facts_read(pid_t pid, struct process_facts *ret) MUST_CHECK;

enum { PROCESS_NAME_BYTES = 16 }; /* TASK_COMM_LEN */

/* The name of a process or a thread, for people: comm of proc(5); "?" when it has ended. */
void process_name_read(pid_t tid, char ret[PROCESS_NAME_BYTES]);

/* The parent of process @pid, 0 when it has ended, or cannot be had. */
pid_t process_parent(pid_t pid);

/* The process that thread @tid belongs to, 0 likewise. */
pid_t process_of_thread(pid_t tid);

/* Whether @tid is a thread of process @pid; false when either has ended. */
bool process_has_thread(pid_t pid, pid_t tid);

/* Whether this process of ours is the tracer of thread @tid, which may have ended. */
struct error *thread_is_traced_by_us(pid_t tid, bool *ret) MUST_CHECK;

/* Whether a terminal listens to another process group than that of process @pid, which has it as its own. */
bool process_is_in_background(pid_t pid);

/* The beginning of the stack of process @pid: what the kernel has put there lies above; 0: cannot be had. */
taddr_t process_stack_start(pid_t pid);

/* Whether two processes share one memory: kcmp(2), and @fallback where the kernel lacks it. */
bool processes_share_memory(pid_t a, pid_t b, bool fallback);

/* Likewise their table of descriptors. */
bool processes_share_files(pid_t a, pid_t b, bool fallback);

#endif
