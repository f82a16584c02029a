/*
 * What a process does beside having memory, from the kernel's clocks and /proc/PID/stat and limits (proc layer).
 */
#ifndef PROC_PROCESS_LOAD_H
#define PROC_PROCESS_LOAD_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

/* clock_getcpuclockid(3): precise, of all threads, also of those that have ended. False: it has ended itself. */
bool process_cpu_time(pid_t pid, int64_t *ret_ns);

struct process_load {
	uint64_t faults, major_faults; /* of all threads so far */
	uint64_t threads;
};

struct error *process_load_read(pid_t pid, struct process_load *ret) MUST_CHECK;

static const uint64_t PROCESS_NO_LIMIT = UINT64_MAX;

struct process_limits {
	uint64_t address_space_bytes, data_bytes; /* the soft ones; PROCESS_NO_LIMIT: none */
};

struct error *process_limits_read(pid_t pid, struct process_limits *ret) MUST_CHECK;

#endif
