/*
 * What is recorded beside memory, of one process (record layer): written when it has changed. Of a sum also what it was
 * just before, so that a reader knows since when it has grown.
 */
#ifndef RECORD_RECORDER_WITH_H
#define RECORD_RECORDER_WITH_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/memory/companion.h"

/* What the file has of one companion of one process. Zeroed at first. */
struct companion_slot {
	double value;
	int64_t written_ns, seen_ns; /* it was seen unchanged until then */
	bool is_known;
};

struct recorder;

/* @value: in the companion's unit, a sum in the unit of what it adds up: seconds, faults. */
void recorder_with(struct recorder *recorder, pid_t pid, int64_t time_ns,
		   struct companion_slot *slot, enum companion companion, double value);

#endif
