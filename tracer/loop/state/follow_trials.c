/* Whether it pays to follow the target's CPU; see follow_trials.h. Loop layer. */
#include "tracer/loop/state/follow_trials.h"

#include <stdlib.h>

enum {
	/* A trial, or what leads to none, may cost one part in so many of the time: the next comes that much later. */
	TRIAL_SHARE = 128,
	/* Following must be cheaper by one part in so many: it is no gain to change ways for less. */
	LEAST_GAIN = 32,
	/* A gap is long from so many times the usual one. */
	LONG_GAP = 4,
	/* The target may have been moved when a stop takes so many times the least while following... */
	MOVED_GAP = 2,
	/* ...or when the stops of a window take one part in so many more. */
	MOVED_WINDOW = 4,
	/*
	 * A target that is moved all the time cannot be followed, nor can threads on several CPUs: so many
	 * windows in a row are not counted.
	 */
	MOVES_MAX = 4,
	/* The longest pause between two looks that have told nothing, in slow gaps. */
	DOUBTS_MAX = 1024,
	/* What has been saved in more windows than that is forgotten: the others may have just come. */
	CREDIT_WINDOWS = 4,
};

static int compare_ns(const void *left, const void *right)
{
	const int64_t *a = left, *b = right;
	return (*a > *b) - (*a < *b);
}

static void window_begin(struct follow_trials *trials)
{
	trials->gap_count = 0;
	trials->waited_ns = 0;
}

/* What a window of stops costs when we do not follow. */
static int64_t usual_window_ns(const struct follow_trials *trials)
{
	return trials->cost_ns[FOLLOW_NOT] * FOLLOW_WINDOW_STOPS;
}

/*
 * The median, as the target may sleep between two stops; and our share of the waiting in long gaps, which
 * the median leaves out.
 */
static int64_t window_cost_ns(struct follow_trials *trials)
{
	qsort(trials->gaps_ns, trials->gap_count, sizeof(trials->gaps_ns[0]), compare_ns);
	return trials->gaps_ns[trials->gap_count / 2] + trials->waited_ns / trials->gap_count;
}

static bool is_cheaper(const struct follow_trials *trials, int64_t follow_ns)
{
	int64_t not_ns = trials->cost_ns[FOLLOW_NOT];
	return follow_ns <= not_ns - not_ns / LEAST_GAIN;
}

static void go_over_to(struct follow_trials *trials, enum follow_way way)
{
	if (way == FOLLOW_CPU && trials->way != FOLLOW_CPU) {
		trials->credit_ns = 0;
		trials->least_ns = 0;
		trials->moves = 0;
		trials->doubts = trials->doubts_pause = 0;
	}
	trials->way = way;
}

static void postpone(struct follow_trials *trials, int64_t price_ns, int64_t now_ns)
{
	trials->not_before_ns = now_ns + TRIAL_SHARE * price_ns;
}

void follow_trials_hold_back(struct follow_trials *trials, int64_t price_ns, int64_t now_ns)
{
	if (trials->not_before_ns <= now_ns) /* unless a trial has just ended */
		postpone(trials, price_ns, now_ns);
}

bool follow_trials_note(struct follow_trials *trials, int64_t gap_ns)
{
	trials->gaps_ns[trials->gap_count++] = gap_ns;
	return trials->gap_count == FOLLOW_WINDOW_STOPS;
}

bool follow_trials_is_long(const struct follow_trials *trials, int64_t gap_ns)
{
	int64_t usual_ns = trials->cost_ns[FOLLOW_NOT];
	return usual_ns != 0 && gap_ns > LONG_GAP * usual_ns;
}

bool follow_trials_doubts_gap(struct follow_trials *trials, int64_t gap_ns)
{
	if (trials->way != FOLLOW_CPU || trials->least_ns == 0 || trials->moves >= MOVES_MAX ||
	    gap_ns <= MOVED_GAP * trials->least_ns)
		return false;
	return trials->doubts++ >= trials->doubts_pause;
}

bool follow_trials_doubts_window(struct follow_trials *trials)
{
	if (trials->way != FOLLOW_CPU || trials->moves >= MOVES_MAX)
		return false;
	int64_t cost_ns = window_cost_ns(trials);
	if (trials->least_ns == 0)
		return !is_cheaper(trials, cost_ns);
	return cost_ns > trials->least_ns + trials->least_ns / MOVED_WINDOW;
}

void follow_trials_looked(struct follow_trials *trials, bool has_moved)
{
	trials->doubts = 0;
	if (has_moved) {
		trials->doubts_pause = 0;
		trials->moves++;
		window_begin(trials);
		return;
	}
	trials->doubts_pause = 2 * trials->doubts_pause + 1;
	if (trials->doubts_pause > DOUBTS_MAX)
		trials->doubts_pause = DOUBTS_MAX;
}

bool follow_trials_wait(struct follow_trials *trials, int64_t waited_ns, int64_t now_ns)
{
	trials->waited_ns += waited_ns;
	if (trials->way != FOLLOW_CPU)
		return false;
	trials->credit_ns -= waited_ns;
	if (trials->credit_ns > -usual_window_ns(trials))
		return false;
	trials->cost_ns[FOLLOW_CPU] = waited_ns; /* of this one stop */
	follow_trials_leave(trials);
	postpone(trials, -trials->credit_ns, now_ns);
	return true;
}

void follow_trials_leave(struct follow_trials *trials)
{
	if (trials->way == FOLLOW_CPU)
		trials->not_before_ns = 0;
	trials->way = FOLLOW_NOT;
	trials->is_trial = false;
	window_begin(trials);
}

bool follow_trials_is_due(const struct follow_trials *trials, int64_t now_ns)
{
	return trials->way == FOLLOW_NOT && (trials->is_trial || now_ns >= trials->not_before_ns);
}

static void count_savings(struct follow_trials *trials, int64_t cost_ns)
{
	int64_t most_ns = CREDIT_WINDOWS * usual_window_ns(trials);

	/* What was waited for has been taken off already. */
	int64_t usual_ns = cost_ns - trials->waited_ns / trials->gap_count;
	trials->credit_ns += (trials->cost_ns[FOLLOW_NOT] - usual_ns) * trials->gap_count;
	if (trials->credit_ns > most_ns)
		trials->credit_ns = most_ns;
}

/*
 * A window that took longer, though the target has not been moved in it, tells that stops take longer now:
 * the target does more between them, perhaps.
 */
static void note_least(struct follow_trials *trials, int64_t cost_ns)
{
	bool is_slower = cost_ns > trials->least_ns + trials->least_ns / MOVED_WINDOW;

	if (trials->least_ns == 0 || cost_ns < trials->least_ns || is_slower)
		trials->least_ns = cost_ns;
	trials->moves = 0;
}

/* A trial has ended: the better way is taken. The price is that of the window in the worse way. */
static void trial_decide(struct follow_trials *trials, bool is_crowded, int64_t now_ns)
{
	bool follows = is_cheaper(trials, trials->cost_ns[FOLLOW_CPU]) && !is_crowded;
	enum follow_way worse = follows ? FOLLOW_NOT : FOLLOW_CPU;

	postpone(trials, trials->cost_ns[worse] * trials->gap_count, now_ns);
	go_over_to(trials, follows ? FOLLOW_CPU : FOLLOW_NOT);
	trials->is_trial = false;
}

enum follow_way follow_trials_decide(struct follow_trials *trials, bool is_crowded, int64_t now_ns)
{
	enum follow_way was = trials->way;
	int64_t cost_ns = window_cost_ns(trials);

	trials->cost_ns[was] = cost_ns;
	if (was == FOLLOW_CPU) {
		count_savings(trials, cost_ns);
		note_least(trials, cost_ns);
	}
	if (trials->is_trial) {
		trial_decide(trials, is_crowded, now_ns);
	} else if (was == FOLLOW_CPU && cost_ns > trials->cost_ns[FOLLOW_NOT]) {
		postpone(trials, cost_ns * trials->gap_count, now_ns);
		go_over_to(trials, FOLLOW_NOT);
	} else if (now_ns >= trials->not_before_ns && !(was == FOLLOW_NOT && is_crowded)) {
		go_over_to(trials, was == FOLLOW_NOT ? FOLLOW_CPU : FOLLOW_NOT);
		trials->is_trial = true;
	}
	window_begin(trials);
	return trials->way;
}
