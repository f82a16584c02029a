/*
 * A format of an export, what it works with, and what formats share (plot layer, private to the room).
 */
#ifndef PLOT_EXPORT_EXPORT_FORMAT_H
#define PLOT_EXPORT_EXPORT_FORMAT_H

#include <stdio.h>

#include "plot/export/export_reduction.h"
#include "plot/export/kept_calls.h"
#include "plot/text/json_write.h"
#include "plot/totals/call_nesting.h"

enum export_part {
	EXPORT_SAMPLES,
	EXPORT_CALLS,
	EXPORT_WINDOWS,
	EXPORT_MARKS,
	EXPORT_MADE_OF,
	EXPORT_BESIDE,
	EXPORT_LINES,
	EXPORT_PARTS
};

struct export_job {
	FILE *out;
	const struct profile *profile;
	const struct call_nesting *nesting; /* NULL where the format asks for none */
	uint64_t most_bytes;		    /* 0: any number */
	int64_t column_ns;		    /* 0: all samples */
	struct kept_calls kept;
	struct kept_share kept_marks;
	struct export_reduction *reduction;
	/* As the format writes them, of each process, function and marker. */
	char **process_texts, **function_texts, **marker_texts;
	struct json_writer json; /* of formats that are JSON, from begin to end */
	uint64_t ids;		 /* given so far */
	int64_t zero_ns;	 /* the first time of all that the profile has */
	void *own;		 /* what the format keeps from begin to release */
};

/*
 * What a format has of functions; NULL: nothing of that kind. They only write: whether that went well is
 * found out by who calls them. First begin, then part by part: open, the items, close; then end.
 */
struct export_format {
	void (*quote)(FILE *out, const char *name);
	bool needs_nesting;
	struct error *(*begin)(struct export_job *job);
	void (*open)(struct export_job *job, enum export_part part);
	void (*close)(struct export_job *job, enum export_part part);
	void (*sample)(struct export_job *job, size_t process, int64_t time_ns, double mib);
	/* One call; where there is calls, only to see how large it is. */
	void (*call)(struct export_job *job, size_t function, const struct profile_call *call);
	/* All calls, in an order of its own. */
	struct error *(*calls)(struct export_job *job);
	void (*window)(struct export_job *job, size_t function, const struct condensed_calls *many);
	void (*mark)(struct export_job *job, size_t marker, const struct moment *moment);
	/* What memory was made of, of the profile's parts; what was recorded beside it, of its companions. */
	void (*made_of)(struct export_job *job, size_t part, int64_t time_ns, double mib);
	void (*beside)(struct export_job *job, size_t companion, int64_t time_ns, double value);
	/* A line of the function of a block of the profile's book. */
	void (*line)(struct export_job *job, size_t block, bool is_inlined,
		     const struct line_figures *figures);
	struct error *(*end)(struct export_job *job);
	/* Always after begin, whatever failed. */
	void (*release)(struct export_job *job);
};

extern const struct export_format export_csv_samples, export_csv_calls, export_csv_parts,
	export_csv_companions, export_csv_lines, export_json, export_chrome, export_speedscope,
	export_folded_time, export_folded_memory, export_stacks_time, export_stacks_memory,
	export_folded_growth;

/* The command of a process, "" where nothing is known of it. Borrowed. */
const char *export_process_name(const struct profile *profile, size_t process);

/* Its own name, or "main thread", or "thread 4712": borrowed, of the profile or in @buffer. */
enum { EXPORT_THREAD_BYTES = 32 };
const char *export_thread_name(const struct profile *profile, const struct call_thread *thread,
			       char buffer[static EXPORT_THREAD_BYTES]);

/* Whether there is anything of the process: samples, a start, an end. */
bool export_has_process(const struct profile *profile, size_t process);

/* The quote of formats that are JSON. */
void export_quote_json(FILE *out, const char *name);

/* A name as the format writes it. *@ret is owned by the caller. */
struct error *export_quote(const struct export_format *format, const char *name,
			   char **ret) MUST_CHECK;

/* Whether all could be written. To be asked soon after each write: a stream keeps no reason. */
struct error *export_check_written(FILE *out) MUST_CHECK;

#endif
