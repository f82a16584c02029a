/*
 * Single events of a trace (plot layer, private to export_chrome).
 */
#ifndef PLOT_EXPORT_CHROME_EVENTS_H
#define PLOT_EXPORT_CHROME_EVENTS_H

#include "plot/export/export_format.h"

/* A counter besides memory. */
struct chrome_track {
	char *text; /* the counter's name, JSON */
	int64_t last_ns;
	double last_value;
	bool has_last;
};

struct chrome_tracks {
	struct chrome_track *parts, *companions; /* as many as the profile's */
};

/* job->own. */
struct chrome {
	uint32_t *pids; /* of each process in the result, unlike all others */
	/* JSON: of the main process, which may be the sum of all, and of another one. */
	char *main_counter, *counter;
	/*
	 * Whether a call of the nesting is two events: it crosses others; or another one of its thread ends or
	 * begins when it ends, for readers add "ts" and "dur" as doubles, and may find the one after the other.
	 */
	bool *is_pair;
	struct chrome_tracks tracks;
	size_t pair_count;
	bool has_ended; /* a call of the thread has */
	size_t ended;	/* the last one */
	int64_t ended_ns;
};

struct error *chrome_prepare(struct export_job *job) MUST_CHECK;
void chrome_release(struct export_job *job);

/* An event up to its pid; what follows begins with a comma, and ends with '}'. */
void chrome_begin_event(struct export_job *job, const char *phase, int32_t process);
/* @tid: not positive for the process's first thread. */
void chrome_put_tid(struct export_job *job, int32_t process, int32_t tid);
void chrome_put_time(struct export_job *job, int64_t time_ns);

/* Nanoseconds as microseconds. */
void chrome_put_us(FILE *out, int64_t ns);

#endif
