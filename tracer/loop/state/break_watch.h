/*
 * What has been read of one process, held against the conditions of a break (loop layer, ground floor). Pure.
 *
 * Growth is what lies between the lowest reading within the time of its amount and the last one. The time is divided
 * into slots, of each of which the lowest reading is kept: so a reading counts for a slot's length too long at most.
 */
#ifndef LOOP_STATE_BREAK_WATCH_H
#define LOOP_STATE_BREAK_WATCH_H

#include "tracer/loop/state/break_condition.h"

enum { BREAK_CONDITIONS_MOST = 8, BREAK_SLOTS = 64 };

/* The lowest readings of the last while. */
struct break_window {
	int64_t slot_ns; /* the length of a slot; 0: not begun */
	int64_t last;	 /* the number of the slot of the last reading */
	uint64_t
		lowest[BREAK_SLOTS]; /* by slot number modulo their count; UINT64_MAX: no reading */
};

/* The highest that each term of each condition was ever met with. */
struct break_highest {
	uint64_t bytes[BREAK_CONDITIONS_MOST][BREAK_TERMS_MOST];
};

struct break_watch {
	unsigned holding; /* bit i: condition i held at the last reading */
	unsigned
		done; /* likewise: it has led to a break, and not ceased to hold since, or is not to lead to another */
	struct break_window windows[BREAK_CONDITIONS_MOST][BREAK_TERMS_MOST]; /* of growth */
};

/*
 * The process has @bytes at @now_ns, which is not before the last time. @every: what has ceased to hold may lead to a break
 * again. Returns the conditions, by their bits, that hold and are not done.
 */
unsigned break_watch_read(struct break_watch *watch, const struct break_condition *conditions,
			  size_t count, bool every, int64_t now_ns, uint64_t bytes,
			  struct break_highest *highest);

#endif
