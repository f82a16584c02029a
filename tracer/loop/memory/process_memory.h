/*
 * The memory of one process as it is recorded (loop layer): in the recording's metric, and without
 * what we ourselves have added to it.
 */
#ifndef LOOP_MEMORY_PROCESS_MEMORY_H
#define LOOP_MEMORY_PROCESS_MEMORY_H

#include "tracer/loop/state/session.h"

/* From now on @process is read, through the files of its thread @tid. */
struct error *process_memory_open(struct session *session, struct process *process,
				  pid_t tid) MUST_CHECK;
void process_memory_close(struct session *session, struct process *process);
bool process_memory_is_sampled(const struct process *process);

/* A thread whose files in /proc show its memory: the first one may have ended before the others. */
pid_t process_memory_tid(const struct process *process);

/* It has executed another program, or may have. */
void process_memory_renew(struct process *process);

/*
 * Looks at what we have added, and records it when it has changed by a page. What takes long, since
 * pages have to be looked at, is done now and then only: a fiftieth of the time at most goes to it,
 * a quarter while probes are being inserted.
 */
void process_memory_update_added(struct session *session, struct process *process);

/* Reads it. False: it cannot be read (any more); why not is said once, unless it is just gone. */
bool process_memory_take(struct session *session, const struct process *process,
			 uint64_t *ret_bytes);

/*
 * Likewise from what the process itself has read of its /proc/self/statm. False: that does not tell it.
 */
bool process_memory_parse(const struct process *process, const char *text, size_t bytes,
			  uint64_t *ret_bytes);

/* For calls: an expensive metric may be a moment old (memory_meter_read_recent). 0: cannot be read. */
uint64_t process_memory_recent(const struct process *process);

/* What was read last, by whomever; 0: nothing since the last exec. */
uint64_t process_memory_held(const struct process *process);

/* @bytes, a figure of the kernel's for the whole process, without what we have added. */
uint64_t process_memory_without_added(const struct process *process, uint64_t bytes);

/* The kernel's high-water mark as it is, with what we have added; 0: as below. */
uint64_t process_memory_mark(const struct process *process);

/*
 * The kernel's high-water mark; 0: there is none of this metric, or any more. Huge pages that the metric leaves
 * out are noted in the session's counts.
 */
uint64_t process_memory_peak(struct session *session, const struct process *process);

#endif
