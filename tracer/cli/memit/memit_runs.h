/*
 * Records a program again and again for its figures; the recordings go (cli layer).
 */
#ifndef CLI_MEMIT_MEMIT_RUNS_H
#define CLI_MEMIT_MEMIT_RUNS_H

#include "plot/report/usage.h"
#include "tracer/job/job_rank.h"
#include "tracer/loop/state/session.h"

struct memit_runs {
	const char
		*keep; /* becomes the last recording, with the fields of -o; NULL: none is kept */
	const struct job_rank *rank; /* borrowed; for those fields */
	bool has_marks;		     /* the session's notes_marks */
	pid_t main_pid;		     /* of the last recording */
	bool is_engine; /* we are what records, and are done: only the exit status is wanted */
	bool is_ended; /* by a signal, or since the program could not be run: what is known is all */
};

/* What -o says: finds what cannot work before anything is run. */
struct error *memit_runs_check_output(const char *keep, const struct job_rank *rank) MUST_CHECK;

/*
 * Runs the program of @session @usage->wanted times. *@ret_status: of the last run, as of engine_run. A run that
 * ended early by a signal to us has its figures too.
 */
struct error *memit_runs_record(struct memit_runs *runs, struct session_options *session,
				struct usage *usage, int *ret_status) MUST_CHECK;

#endif
