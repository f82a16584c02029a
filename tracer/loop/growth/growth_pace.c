/* How many faults' stacks are taken; see growth_pace.h. Loop layer. */
#include "tracer/loop/growth/growth_pace.h"

/* So much time's share is saved up at most, of which so much is there at first; and so much may be owed. */
static const double CREDIT_MOST_S = 2, CREDIT_FIRST_NS = 10e6, DEBT_MOST_NS = 10e6;
/* With so much of that each fault's are taken again. */
static const double CREDIT_AGAIN_NS = 4e6;
/* The kernel copies each, in the time of the program, which costs about as much again. */
static const double KERNEL_FACTOR = 2;

void growth_pace_init(struct growth_pace *pace, bool may_be_coarse, double share, int64_t now_ns)
{
	*pace = (struct growth_pace){
		.may_be_coarse = may_be_coarse,
		.share = share,
		.noted_ns = now_ns,
		.credit_ns = CREDIT_FIRST_NS,
	};
}

void growth_pace_note(struct growth_pace *pace, uint64_t taken, uint64_t lost, int64_t spent_ns,
		      int64_t now_ns)
{
	if (taken > 0) {
		int64_t stack_ns = spent_ns / (int64_t)taken;
		pace->stack_ns = pace->stack_ns == 0 ? stack_ns : (pace->stack_ns + stack_ns) / 2;
	}
	pace->credit_ns += pace->share * (double)(now_ns - pace->noted_ns);
	pace->credit_ns -= (double)(taken + lost) * (double)pace->stack_ns * KERNEL_FACTOR;
	const double most_ns = CREDIT_MOST_S * 1e9 * pace->share;
	if (pace->credit_ns > most_ns)
		pace->credit_ns = most_ns;
	if (pace->credit_ns < -DEBT_MOST_NS)
		pace->credit_ns = -DEBT_MOST_NS;
	pace->noted_ns = now_ns;
	if (!pace->may_be_coarse)
		return;
	if (!pace->is_coarse)
		pace->is_coarse = pace->credit_ns < 0;
	else
		pace->is_coarse = pace->credit_ns < CREDIT_AGAIN_NS;
}
