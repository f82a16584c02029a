/*
 * Whether it pays to follow the target's CPU (loop layer): times in, a decision out. No system call.
 *
 * What a stop costs depends on the machine and on who else wants its CPUs, so both ways are measured, over
 * windows of stops. The cheaper one is kept. The other one is tried now and then, so seldom that its
 * dearer stops are a small share of the time. Following is given up in the middle of a window, too, when
 * we have been kept waiting for the CPU longer than following has saved.
 */
#ifndef LOOP_STATE_FOLLOW_TRIALS_H
#define LOOP_STATE_FOLLOW_TRIALS_H

#include <stdbool.h>
#include <stdint.h>

enum { FOLLOW_WINDOW_STOPS = 32 };

enum follow_way {
	FOLLOW_NOT,
	FOLLOW_CPU,
	FOLLOW_WAYS,
};

struct follow_trials {
	enum follow_way way;	      /* in use, since the last window's end or sooner */
	bool is_trial;		      /* @way is being tried; the other one is in use otherwise */
	int64_t cost_ns[FOLLOW_WAYS]; /* of a stop, as last measured; 0: never */
	int64_t credit_ns;	      /* what following has saved lately; below 0: lost */
	int64_t not_before_ns;	      /* no trial until then */
	int64_t gaps_ns[FOLLOW_WINDOW_STOPS]; /* between the stops of this window */
	unsigned gap_count;
	int64_t waited_ns; /* in long gaps of this window, for a CPU */
	/* While we follow: */
	int64_t least_ns; /* what a stop takes where the target is, lately; 0: not known yet */
	unsigned moves;	  /* windows in a row that were begun anew, as the target had been moved */
	unsigned doubts;  /* slow gaps since the last look at the target's CPU */
	unsigned doubts_pause; /* so many have no look */
};

/* Between a stop and the one before it lay @gap_ns. Whether the window has as many as it needs. */
bool follow_trials_note(struct follow_trials *trials, int64_t gap_ns);

/* Whether in @gap_ns much else must have happened than a stop: somebody was kept waiting, or slept. */
bool follow_trials_is_long(const struct follow_trials *trials, int64_t gap_ns);

/*
 * In a long gap we waited for a CPU, @waited_ns of it. Whether following is at an end: @trials then says
 * FOLLOW_NOT, and a new window begins.
 */
bool follow_trials_wait(struct follow_trials *trials, int64_t waited_ns, int64_t now_ns);

/*
 * Whether the target may have been moved to another CPU, and it pays to look: after a gap, and at the end of a
 * window, before the decision. Either way what is usual has been measured on this machine. Looks that
 * find it unmoved make those after gaps rarer.
 */
bool follow_trials_doubts_gap(struct follow_trials *trials, int64_t gap_ns);
bool follow_trials_doubts_window(struct follow_trials *trials);

/*
 * There was a look. If it had been moved, we are where it is now, and what was measured of this window is
 * not what following costs: it begins anew.
 */
void follow_trials_looked(struct follow_trials *trials, bool has_moved);

/* Ends a window that has as many stops as it needs. @is_crowded: others want the CPUs, nothing is tried. */
enum follow_way follow_trials_decide(struct follow_trials *trials, bool is_crowded, int64_t now_ns);

/* Whether the next decision may be for following, if no others want the CPUs. */
bool follow_trials_is_due(const struct follow_trials *trials, int64_t now_ns);

/* A trial was due and did not begin, as others want the CPUs. To find that out took @price_ns. */
void follow_trials_hold_back(struct follow_trials *trials, int64_t price_ns, int64_t now_ns);

/* Following ends for another reason than its cost, and is soon tried again. A new window begins. */
void follow_trials_leave(struct follow_trials *trials);

#endif
