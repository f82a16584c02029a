/*
 * What a list says of one profile (cli layer).
 */
#ifndef CLI_PROFILES_PROFILE_ENTRY_H
#define CLI_PROFILES_PROFILE_ENTRY_H

#include <stdbool.h>
#include <stdint.h>

#include "plot/profile/metric_label.h"
#include "plot/text/text.h"
#include "tracer/base/error.h"

struct profile_entry {
	long index;			 /* as the commands take it; -1: its path only */
	char *path;			 /* clean UTF-8. Owned, as the following ones */
	char *command;			 /* clean; NULL: not known */
	char *fault;			 /* why nothing is known of it; NULL: it was read */
	char started[TEXT_DATE_BYTES];	 /* by what it holds, else by its name; "": neither tells */
	int64_t start_ns;		 /* since the epoch; PROFILE_TIME_UNKNOWN likewise */
	int64_t duration_ns;		 /* from the first to the last of samples and calls */
	double peak_mib;		 /* of the main process, or of all, as its metric says */
	uint64_t process_count;		 /* that were recorded */
	char metric[METRIC_LABEL_BYTES]; /* "": not known */
	bool is_partial; /* a large file of which the middle was not read: peak and processes are at least that */
	const char *
		state; /* "whole", "recording", "broken off"; "": it does not say, as mprof's. Static */
};

/* A file that cannot be read, or is no profile, is an entry with a fault. @index as above. */
struct error *profile_entry_read(struct profile_entry *ret, const char *path,
				 long index) MUST_CHECK;
void profile_entry_deinit(struct profile_entry *entry);

#endif
