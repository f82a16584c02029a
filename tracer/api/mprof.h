/* SPDX-License-Identifier: CC0-1.0 */
/*
 * libmprof: how much memory a process, a command or a function has, over time.
 *
 * This header may be copied into any program; the library is LGPL-2.1-or-later. libmprof(3) and
 * mprof_memory_usage(3) are its manual. C11 and C++17.
 *
 *	struct mprof_options options;
 *	struct mprof_result *result;
 *
 *	mprof_options_init(&options, sizeof(options));
 *	options.function = work;
 *	struct mprof_error *error = mprof_memory_usage(&options, &result);
 *	if (error != NULL)
 *		fprintf(stderr, "%s\n", mprof_error_text(error));
 *	else
 *		printf("%.1f MiB at most\n", result->max_mib);
 *	mprof_error_free(error);
 *	mprof_result_free(result);
 */
#ifndef MPROF_H
#define MPROF_H

#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define MPROF_API __attribute__((visibility("default")))

#define MPROF_SELF (-1) /* as a pid: the calling process */

/*
 * What is measured, and how: the parameters of memory_profiler's memory_usage(). New members come at the end;
 * those that a program does not know keep their defaults, for which mprof_options_init is called first.
 */
struct mprof_options {
	size_t size; /* of this struct, as the program knows it; set by mprof_options_init */

	/* One of three. A function goes before; with neither function nor command it is the process. */
	pid_t pid;	      /* default MPROF_SELF */
	int include_children; /* what is read is the sum with all children and their children */
	void *(*function)(void *argument); /* default NULL; runs in the calling thread */
	void *argument;
	char *const *command; /* default NULL; argv, NULL at its end; found in PATH */

	double interval_s; /* default 0.1; 0: as often as is sensible */
	/*
	 * Below 0, the default: a process is read once, a function and a command until they end. Else a
	 * process or command is read for so long, a process timeout_s / interval_s times at most; a function
	 * is not called once more by then. INFINITY: a process, too, until it ends.
	 */
	double timeout_s;
	/*
	 * Default NULL: "rss". Or "pss", "uss", "vms", "swap", "anon", "rss+huge",
	 * "cgroup"; memory_profiler's names.
	 */
	const char *backend;
	FILE *stream; /* default NULL; else a profile is written to it meanwhile, and nothing is kept */
	/*
	 * Default 1. A function that ends before five readings is called again, with a tenth of the interval,
	 * so many times at most; 0: until there are five.
	 */
	size_t max_iterations;
	int timestamps;	  /* readings have their times */
	int max_usage;	  /* only the highest reading is kept */
	int retval;	  /* what the function returns is kept */
	int multiprocess; /* children are read each by itself, too */
};

/* A reading of a child, with @multiprocess. */
struct mprof_child {
	size_t index; /* of the reading of all that it belongs to */
	pid_t pid;
	int reserved;
	double mib;
	double time_s; /* as times_s */
};

/* What was measured; mprof_result_free releases it with all that it points to. Later members come at the end. */
struct mprof_result {
	size_t count;	       /* readings kept: none with a stream, at most one with max_usage */
	const double *mib;     /* in units of 2^20 bytes */
	const double *times_s; /* seconds since the epoch; NULL without timestamps */
	size_t child_count;    /* readings of children kept, in order of their index */
	const struct mprof_child *children;
	double max_mib;	     /* the highest reading, kept or not; 0 without any */
	size_t measurements; /* readings made, kept or not; of a function, in its last call */
	size_t iterations;   /* so often the function was called */
	void *returned;	     /* by the last call of the function, with retval; else NULL */
	pid_t pid;	     /* whose memory it is */
	int is_running; /* a command that has not ended by the timeout: a child of the caller's now */
	int status;	/* of a command: 0 to 255, 128+N by signal N; -1: not known */
};

enum mprof_error_code {
	MPROF_ERROR_FAILED = 1,	    /* something else */
	MPROF_ERROR_USAGE = 2,	    /* the options make no sense */
	MPROF_ERROR_GONE = 3,	    /* there is no such process, or it has no memory any more */
	MPROF_ERROR_PERMISSION = 4, /* its memory may not be read */
	MPROF_ERROR_MEMORY = 5,
	MPROF_ERROR_COMMAND = 6, /* it cannot be run */
	MPROF_ERROR_STREAM = 7,	 /* the stream cannot be written; the rest is in the result */
	/* This is a child that the function has forked, and in which it has returned; the parent measures on. */
	MPROF_ERROR_FORKED = 8,
	/* longjmp(3) has left the function, and something has come back into it: nothing was measured meanwhile. */
	MPROF_ERROR_LEFT = 9
};

struct mprof_error;

/* Sets all defaults in the first @size bytes of @options: sizeof(*options), as the caller knows it. */
MPROF_API void mprof_options_init(struct mprof_options *options, size_t size);

/*
 * Measures. Returns NULL and a result; or an error, and in *@ret NULL or what there is all the same: of a
 * function that has been called, or of a command that has been started. Both are the caller's to release.
 * May be called by many threads at once.
 */
MPROF_API struct mprof_error *mprof_memory_usage(const struct mprof_options *options,
						 struct mprof_result **ret);

/* Likewise with NULL, which is fine. */
MPROF_API void mprof_result_free(struct mprof_result *result);

MPROF_API enum mprof_error_code mprof_error_code(const struct mprof_error *error);
MPROF_API int mprof_error_errno(const struct mprof_error *error); /* 0: of none */
/* One line without its newline, for people; valid as long as @error. */
MPROF_API const char *mprof_error_text(const struct mprof_error *error);
MPROF_API void mprof_error_free(struct mprof_error *error); /* NULL is fine */

/* Of the library that is there, "0.1.0" say. */
MPROF_API const char *mprof_version(void);

#ifdef __cplusplus
}
#endif

#endif
