/*
 * A profile: what a FILE.dat holds, in memory (plot layer).
 *
 * Filled by profile_reader, read by everything that draws or sums. Times are integers,
 * nanoseconds since the epoch; memory is MiB. Arrays grow, so that what is held across an
 * addition is an index, never a pointer.
 */
#ifndef PLOT_PROFILE_PROFILE_H
#define PLOT_PROFILE_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/profile/line_book.h"
#include "plot/profile/profile_tracks.h"
#include "plot/profile/profile_stacks.h"
#include "plot/profile/series.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"
#include "tracer/base/profile_format.h"

/* A time that the file does not have. */
static const int64_t PROFILE_TIME_UNKNOWN = INT64_MIN;

struct profile_call {
	int64_t in_ns, out_ns; /* out_ns >= in_ns; of an open call: the end of its process */
	double mib_in, mib_out;
	int32_t process; /* index into profile.processes */
	int32_t tid;	 /* 0: the file does not say */
	int32_t level;	 /* 0: outermost; -1: the file does not say */
	enum call_end how : 8;
	enum call_held held : 8;
};

/* Calls of one window of a function called very often (a MANY record). */
struct condensed_calls {
	int64_t from_ns, to_ns;
	uint64_t count;
	int64_t total_ns, shortest_ns, longest_ns;
	double mib_gained, mib_max;
	uint64_t held_count; /* of them, those with memory that was held */
	int32_t process;
};

struct profile_function {
	char *name; /* UTF-8, with spaces where the file has U+00A0 */
	struct profile_call *calls;
	size_t call_count, call_capacity;
	size_t noted_count; /* of them, those that the figures of processes know: the readers' own */
	struct condensed_calls *condensed;
	size_t condensed_count, condensed_capacity;
	bool is_hidden;		/* not to be drawn */
	int32_t next_same_hash; /* index into profile.functions, -1: none */
};

/* Static probes of one name that were passed (MARK records). */
struct moment {
	int64_t at_ns;
	double mib;
	int32_t process;
	bool is_held; /* the memory */
};

struct marker {
	char *name; /* UTF-8, with spaces where the file has U+00A0 */
	struct moment *moments;
	size_t count, capacity;
	bool is_hidden;		/* not to be drawn */
	int32_t next_same_hash; /* index into profile.markers, -1: none */
};

struct profile_process {
	int32_t pid, parent_pid; /* 0: the file does not say */
	bool is_child;		 /* a call says so: its pid is not the main process's */
	bool is_hidden; /* not wanted: without samples and calls (profile_keep_processes) */
	int64_t start_ns, end_ns; /* PROFILE_TIME_UNKNOWN: the file does not say */
	int status;		  /* 0..255, 128+N for signal N; -1: the file does not say */
	char *command;		  /* the last program it ran; NULL: the file does not say */
	double exact_peak_mib; /* the kernel's high-water mark; negative: the file does not say */
	struct series series;
	double highest_mib; /* of its samples and of its calls' starts and ends; 0 without any */
	int64_t highest_ns; /* when; PROFILE_TIME_UNKNOWN without any */
	double counted_mib; /* what it has in the sum of all while the file is read */
};

/* A thread that made calls, and whose name is not that of its program (a THRD record). */
struct named_thread {
	int32_t process; /* index into profile.processes */
	int32_t tid;
	char *name; /* UTF-8 */
};

struct missed_pattern {
	char *pattern, *reason;
};

/* A function, or a static probe, that was not recorded any more from some time on (a LEFT record). */
struct left_function {
	char *name; /* UTF-8, with spaces where the file has U+00A0 */
	int64_t at_ns;
	uint64_t calls; /* that began before, or times that it was passed */
};

/* Which of a parallel job's processes the main process was (a RANK record). */
struct profile_rank {
	bool is_known;	     /* false: it was none, or the file does not say */
	uint64_t rank, size; /* from 0 on; of how many, 0: the file does not say */
	char *job, *node;    /* UTF-8; NULL: the file does not say */
};

struct profile {
	char *path;
	char *metric;	     /* "rss", …; NULL: the file does not say */
	bool is_tree;	     /* the main series is the sum over all processes */
	int64_t interval_ns; /* 0: the file does not say; a year at most */
	char *command_line;  /* NULL: the file does not say */
	struct profile_rank rank;

	struct profile_process *processes; /* [0] is the main process, always there */
	size_t process_count, process_capacity;
	struct addr_map process_of_pid; /* pid -> index + 1, as a pointer */

	struct profile_function *functions; /* in order of their first record */
	size_t function_count, function_capacity;
	struct addr_map function_of_hash; /* hash of the name -> index + 1 of the last such */

	struct marker *markers; /* in order of their first record */
	size_t marker_count, marker_capacity;
	struct addr_map marker_of_hash; /* hash of the name -> index + 1 of the last such */

	struct named_thread *threads;
	size_t thread_count, thread_capacity;
	struct addr_map thread_of_key; /* process and tid -> index + 1 */

	struct missed_pattern *missed;
	size_t missed_count, missed_capacity;

	struct profile_tracks
		parts; /* what memory was made of (--split): of an enum part_kind, in MiB */

	struct profile_tracks
		companions; /* what was recorded beside it (--with): of an enum companion */

	struct left_function *left; /* of those of one name the last counts */
	size_t left_count, left_capacity;

	struct line_book lines;
	struct profile_stacks stacks;

	int64_t first_ns, last_ns; /* of all samples and calls */
	/*
	 * The highest sum of what each process had last, until its end, over all samples as they were read,
	 * those that were not kept too. PROFILE_TIME_UNKNOWN: not known, as when something was left out.
	 */
	double together_mib;
	int64_t together_ns;
	bool is_partial; /* what lies between the file's start and end was left out */
	bool has_format; /* a program wrote it that also writes how a recording ended */
	int format;	 /* the highest that the file says it has; 0: it says nothing, as mprof's */
	bool has_end;	 /* the recording came to its end, and the file says so */
	bool is_recent;	 /* the file changed a few samples' time before it was read */
	int64_t zero_ns; /* what a plot's times are counted from; first_ns unless its owner says else */

	size_t damaged_lines;
	size_t first_damaged_line; /* from 1 */
	const char *first_damage;  /* a static string */
};

struct error *profile_init(struct profile *profile, const char *path) MUST_CHECK;
void profile_deinit(struct profile *profile);

/* Adds a process: from now on @pid is its. Returns an index into profile->processes. */
struct error *profile_begin_process(struct profile *profile, int32_t pid, int32_t *ret) MUST_CHECK;

/* Finds or adds. Returns an index into profile->processes. */
struct error *profile_need_process(struct profile *profile, int32_t pid, int32_t *ret) MUST_CHECK;

/* Finds or adds by its name as the file has it. Returns an index into profile->functions. */
struct error *profile_need_function(struct profile *profile, const char *name, size_t bytes,
				    int32_t *ret) MUST_CHECK;

/* The function of that name, spelt with spaces or with U+00A0; NULL: none. */
const struct profile_function *profile_find_function(const struct profile *profile,
						     const char *name);

/* Adds it, or gives it another name. Takes @name, whatever happens. */
struct error *profile_name_thread(struct profile *profile, int32_t process, int32_t tid,
				  char *name) MUST_CHECK;

/* What was recorded, as it was started: the command line, or else what the main process is. Borrowed; NULL: unknown. */
const char *profile_command(const struct profile *profile);

/*
 * What the process ran last; of the main one, where the file says no better, the command line. Borrowed; NULL: unknown.
 */
const char *profile_process_command(const struct profile *profile, size_t process);

/* NULL: the file does not say. */
const char *profile_thread_name(const struct profile *profile, int32_t process, int32_t tid);

/* What the file says of the end of its recording; NULL: it was recorded to the end. */
const struct left_function *profile_find_left(const struct profile *profile, const char *name);

struct error *profile_add_call(struct profile *profile, int32_t function,
			       const struct profile_call *call) MUST_CHECK;

#endif
