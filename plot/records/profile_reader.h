/*
 * Reads a FILE.dat, ours or one that memory_profiler's mprof wrote (plot layer).
 */
#ifndef PLOT_RECORDS_PROFILE_READER_H
#define PLOT_RECORDS_PROFILE_READER_H

#include "plot/profile/profile.h"
#include "plot/profile/sample_visitor.h"

/*
 * Fills @ret, which the caller deinits after success. Damaged lines are left out and counted in
 * it; unknown records are ignored. Fails, with nothing to deinit, when the file cannot be read
 * (ERR_FAILED), is not a profile, or holds no sample (ERR_FORMAT). Never prints.
 */
struct error *profile_read(struct profile *ret, const char *path) MUST_CHECK;

/*
 * Called after each block; @total_bytes is 0 when it is not known. When it returns false, reading
 * ends with ERR_GONE.
 */
typedef bool profile_progress(void *data, uint64_t read_bytes, uint64_t total_bytes);

/* How to read a file that may be larger than what is wanted of it. */
struct profile_reading {
	const struct series_range *range; /* of each process's samples; NULL: all */
	profile_progress *progress;	  /* NULL: none is wanted */
	void *data;
	const struct sample_visitor *visitor; /* NULL: none */
	bool skips_calls;		      /* calls and passed probes are read, but not kept */
	uint64_t
		end_bytes; /* of a file larger than four times that, about so much of its start and of its end is read; 0: all */
};

/* As profile_read, which reads all. */
struct error *profile_read_with(struct profile *ret, const char *path,
				const struct profile_reading *reading) MUST_CHECK;

/*
 * Reads @profile's file once more, and shows @visitor all its samples, those too that @profile has not kept. A
 * process that @profile does not know, as in a file that has grown since, is passed over.
 */
struct error *profile_visit_samples(const struct profile *profile,
				    const struct sample_visitor *visitor,
				    profile_progress *progress, void *progress_data) MUST_CHECK;

/* Whether samples were left out because there were more than the range's limit. */
bool profile_is_reduced(const struct profile *profile);

/*
 * Reads again, with all detail, what lies within the reading's range, which is in times since
 * @zero_ns, the profile's start. Fails where @path is no regular file: what a pipe has given it does
 * not give again.
 */
struct error *profile_read_part(struct profile *ret, const char *path, int64_t zero_ns,
				const struct profile_reading *reading) MUST_CHECK;

/*
 * The same of a file that has not been read. All of it is read first, for its start is known only
 * then; once more, if that has left out samples.
 */
struct error *profile_read_window(struct profile *ret, const char *path,
				  const struct profile_reading *reading) MUST_CHECK;

/*
 * True when @path is a regular file that begins as a profile does. Reads no more than its first
 * block; false also when it cannot be read.
 */
bool profile_is_profile(const char *path);

#endif
