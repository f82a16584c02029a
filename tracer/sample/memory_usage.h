/*
 * How much memory a process has (sample layer): /proc/PID/statm and status -> bytes.
 */
#ifndef SAMPLE_MEMORY_USAGE_H
#define SAMPLE_MEMORY_USAGE_H

#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/error.h"

struct memory_meter;

/*
 * Opens the files of process @pid, or of one of its threads: once the first thread has exited, only
 * the others' show the memory. They stay open, and follow it through exec.
 */
struct error *memory_meter_open(pid_t pid, struct memory_meter **ret) MUST_CHECK;
pid_t memory_meter_pid(const struct memory_meter *meter); /* as opened */
void memory_meter_close(struct memory_meter *meter);	  /* NULL is fine */

/*
 * Resident set size: field 2 of /proc/PID/statm, in bytes. 0 once the memory is gone (a zombie).
 * The kernel's counters may lag by some pages a CPU (proc(5)).
 */
struct error *memory_meter_read(const struct memory_meter *meter, uint64_t *ret_bytes) MUST_CHECK;

/*
 * The kernel's exact high-water mark of it (VmHWM of /proc/PID/status) since the last exec; 0 once
 * the memory is gone.
 */
struct error *memory_meter_read_peak(const struct memory_meter *meter,
				     uint64_t *ret_bytes) MUST_CHECK;

#endif
