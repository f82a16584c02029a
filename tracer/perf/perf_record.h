/*
 * What a record of perf_event_open(2) tells, of events as fault_events.h opens them (perf layer).
 */
#ifndef PERF_PERF_RECORD_H
#define PERF_PERF_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/arch/arch.h"
#include "tracer/base/taddr.h"

struct perf_event_header;

enum perf_record_kind {
	PERF_OTHER, /* of no interest */
	PERF_FAULT, /* a page fault, with the stack */
	PERF_LOST,  /* there was no room for so many records */
	PERF_MAP,   /* code was mapped */
	PERF_EXEC,  /* the process has another program */
	PERF_FORK,  /* a process was made; threads are no such record */
	PERF_EXIT,  /* a process has ended: its first thread has */
};

struct perf_fault {
	uint64_t address;  /* that was touched */
	uint64_t faults;   /* that this one stands for, itself included; fault_events.c knows it */
	bool is_in_kernel; /* the kernel has touched it, in a system call */
	bool has_registers;
	uint64_t registers[ARCH_DWARF_REGISTERS]; /* as arch_dwarf_registers */
	const unsigned char *stack; /* from the stack pointer up; borrowed: the record's */
	size_t stack_bytes;	    /* 0: there is none */
};

struct perf_map {
	taddr_t start;
	uint64_t bytes, offset_bytes; /* the latter in the file */
	uint64_t device, inode;	      /* 0 and 0: no file */
	const char
		*path; /* as the program sees it, or a word in brackets; borrowed: the record's */
};

struct perf_record {
	enum perf_record_kind kind;
	pid_t pid, tid;	  /* of FORK: of the child */
	pid_t parent_pid; /* of FORK */
	uint64_t event;	  /* whose record it is: PERF_EVENT_IOC_ID */
	int64_t time_ns;  /* CLOCK_MONOTONIC */
	union {
		struct perf_fault fault;
		struct perf_map map;
		uint64_t lost;
	};
};

/* What is asked for with each event, in perf_event_attr's sample_type. */
uint64_t perf_record_sample_type(void);

/* When it was written; 0: it does not say. */
int64_t perf_record_time(const struct perf_event_header *header);

bool perf_record_is_fault(const struct perf_event_header *header);

/* Reads it; one that is too short for what it should hold is PERF_OTHER. */
void perf_record_read(const struct perf_event_header *header, struct perf_record *ret);

#endif
