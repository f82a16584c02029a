/*
 * Whether each fault's stack is taken, or each N-th (loop layer). Pure.
 *
 * Huge pages and rare growth want each, since few faults are all that there is to be seen; a program that does nothing but
 * touch new memory would be slowed down by it. So there is credit for each fault's: it grows with time, and each stack is
 * paid from it. What a stack costs is measured where it is taken: no figure of another machine decides.
 */
#ifndef LOOP_GROWTH_GROWTH_PACE_H
#define LOOP_GROWTH_GROWTH_PACE_H

#include <stdbool.h>
#include <stdint.h>

struct growth_pace {
	bool may_be_coarse; /* N is not 1 */
	double share;	    /* of the time that passes, what stacks may cost */
	bool is_coarse;	    /* each N-th, from now on */
	int64_t noted_ns;   /* last */
	double credit_ns;   /* of time that stacks may take */
	int64_t stack_ns;   /* that one costs us, of late; 0: not known yet */
};

void growth_pace_init(struct growth_pace *pace, bool may_be_coarse, double share, int64_t now_ns);

/* @taken stacks took @spent_ns, and so many more had no room; it is @now_ns. */
void growth_pace_note(struct growth_pace *pace, uint64_t taken, uint64_t lost, int64_t spent_ns,
		      int64_t now_ns);

#endif
