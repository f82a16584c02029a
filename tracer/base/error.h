/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Errors as values (base layer).
 *
 * A fallible function returns `struct error *`: NULL is success, anything else is owned by the
 * caller, which returns it upwards (perhaps with error_context) or frees it. Only main prints
 * one and chooses the exit status. The message says what failed, on what, and what to do; it has
 * no newline and no program name.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

enum error_code {
	ERR_FAILED,    /* our own failure: exit status 125 */
	ERR_USAGE,     /* the command line is wrong: exit status 125, with a hint at --help */
	ERR_GONE,      /* a tracee or process vanished (ESRCH): normal control flow */
	ERR_NOT_FOUND, /* the program to run does not exist: exit status 127 */
	ERR_NOT_EXEC,  /* the program to run cannot be executed: exit status 126 */
	ERR_MEMORY,    /* no memory left for ourselves */
	ERR_FORMAT,    /* a file is not what it should be */
	ERR_FOREIGN,   /* a file is sound, but of a kind that is not for us */
	ERR_UNMAPPED, /* nothing is at that place of a program's memory (any more), which is there */
};

struct error;

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))
/* So that compilers and analysers can tell failure from success. */
#define RETURNS_NONNULL __attribute__((returns_nonnull))

/* Return owned. On lack of memory they return a static error, which error_free accepts. */
struct error *error_new(enum error_code code, const char *format, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK RETURNS_NONNULL;

/* As error_new, and ": " strerror(@errnum) is appended. ESRCH makes it ERR_GONE. */
struct error *error_os(int errnum, const char *format, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK RETURNS_NONNULL;

/* The static error of ERR_MEMORY. */
struct error *error_no_memory(void) MUST_CHECK RETURNS_NONNULL;

/* Puts "FORMAT: " in front of @err's message; keeps its code. Takes @err, returns it (or its
 * replacement). NULL stays NULL, so that it can wrap a call directly. */
struct error *error_context(struct error *err, const char *format, ...)
	PRINTF_LIKE(2, 3) MUST_CHECK;

enum error_code error_code(const struct error *err);

/* The errno that made it, or 0. */
int error_errno(const struct error *err);

/* Valid until @err is freed or given to error_context. */
const char *error_message(const struct error *err);

/* The first of two errors; the other one is freed. Takes both; either may be NULL. */
struct error *error_first(struct error *err, struct error *other) MUST_CHECK;

/* NULL for an error with @code, which is freed: normal control flow; else @err, which may be NULL. */
struct error *error_ignore(struct error *err, enum error_code code) MUST_CHECK;

/*
 * The same for one that people are to know of: if *@err has @code, @tell (a function of log.h) says
 * "FORMAT: its message", it is freed, and *@err is NULL. Whether that was so.
 */
bool error_take(struct error **err, enum error_code code, void (*tell)(const char *, ...),
		const char *format, ...) PRINTF_LIKE(4, 5);

void error_free(struct error *err);

#endif
