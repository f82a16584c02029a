/*
 * What the tables of a live view list, in order (plot layer). Pure.
 */
#ifndef PLOT_LIVE_LIVE_ROWS_H
#define PLOT_LIVE_LIVE_ROWS_H

#include "plot/profile/profile.h"
#include "plot/totals/function_totals.h"

enum live_process_order {
	LIVE_PROCESS_MEMORY,
	LIVE_PROCESS_PEAK,
	LIVE_PROCESS_GROWTH,
	LIVE_PROCESS_PID,
	LIVE_PROCESS_ORDERS
};

enum live_function_order {
	LIVE_FUNCTION_TIME,
	LIVE_FUNCTION_CALLS,
	LIVE_FUNCTION_GAINED,
	LIVE_FUNCTION_LONGEST,
	LIVE_FUNCTION_ORDERS
};

/* "memory", "time": for people. */
extern const char *const live_process_order_words[LIVE_PROCESS_ORDERS];
extern const char *const live_function_order_words[LIVE_FUNCTION_ORDERS];

/* A process that has not ended. */
struct live_process {
	size_t process; /* index into profile->processes */
	double now_mib, peak_mib;
	double growth_mib_per_s; /* over the last seconds */
};

struct live_function {
	size_t function; /* index into profile->functions */
	struct function_totals totals;
};

/* A call that has not ended; the longest first. */
struct live_call {
	size_t function, call; /* profile->functions[function].calls[call] */
	int64_t since_ns;      /* so long */
	double gained_mib;     /* so far */
};

struct live_rows {
	struct live_process *processes;
	size_t process_count;
	struct live_function *functions; /* that have been called */
	size_t function_count;
	struct live_call *calls;
	size_t call_count;
	double now_mib; /* of all processes together */
	uint64_t calls_made;
};

/* Borrows nothing of @profile but indices. A call that has not ended lasts until @profile ends. */
struct error *live_rows_init(struct live_rows *rows, const struct profile *profile,
			     enum live_process_order process_order,
			     enum live_function_order function_order) MUST_CHECK;
void live_rows_deinit(struct live_rows *rows);

#endif
