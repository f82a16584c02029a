/*
 * What a FILE.dat has of the memory of one process, part by part (record layer).
 *
 * A part is written when it has changed. Names have a slot each, and there are not many: files of which little is
 * in memory are one part together, as are all that come when the slots are used up. So the size of a file is bounded,
 * whatever a program maps.
 */
#ifndef RECORD_PART_SLOTS_H
#define RECORD_PART_SLOTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tracer/base/memory/part_kind.h"

struct part_slot {
	struct memory_part part; /* as last written; its name is owned */
	uint64_t now_bytes;
};

struct part_slots {
	struct part_slot *slots;
	size_t count, capacity;
};

struct recorder;

/*
 * Process @pid has @parts, each kind and name once. Those of other names that the file has are not there any more; of
 * the kinds from @first to before @end only. Without memory for a slot, its part is left out.
 */
void recorder_parts(struct recorder *recorder, pid_t pid, int64_t time_ns, struct part_slots *slots,
		    const struct memory_part *parts, size_t count, enum part_kind first,
		    enum part_kind end);

void part_slots_deinit(struct part_slots *slots);

#endif
