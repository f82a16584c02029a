/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The records of a FILE.dat, described once for its writer (tracer/record) and its readers
 * (plot/profile) (base layer). mprof-trace.dat(5), ../../man/mprof-trace.dat.5, is the whole
 * description; a unit test holds the two against each other.
 *
 * One record a line, fields separated by one space, UTF-8, '\n'. memory_profiler's mprof ignores
 * unknown first words, and needs two words at least on every line.
 *
 * A new record is a row of the table in profile_format.c, a writer in tracer/record/recorder.c and
 * a reader in plot/records/profile_records.c. A new field of an old record goes to its end.
 */
#ifndef BASE_PROFILE_FORMAT_H
#define BASE_PROFILE_FORMAT_H

#include <stddef.h>

/* 2: CHFUNC. 3: held memory, LEFT. 4: LINE, LINES, STACK, GROW, PART, WITH, RANK. */
static const int PROFILE_FORMAT_VERSION = 4;

/*
 * The name in a MARK of the main process when its program has been loaded, and its own code comes next. A static
 * probe's has a colon.
 */
static const char PROFILE_LOADED[] = "loaded";

/* The reason of a MISS where functions were found, and not called. */
static const char PROFILE_NEVER_CALLED[] = "never called";

/* In the order in which a reader looks for them: what a file has most of comes first. */
enum profile_record_kind {
	PROFILE_MEM,
	PROFILE_CHLD,
	PROFILE_FUNC,
	PROFILE_CHFUNC,
	PROFILE_PART,
	PROFILE_WITH,
	PROFILE_OPEN,
	PROFILE_MANY,
	PROFILE_MARK,
	PROFILE_LINE,
	PROFILE_LINES,
	PROFILE_TEXT,
	PROFILE_FRAME,
	PROFILE_STACK,
	PROFILE_GROW,
	PROFILE_PROC,
	PROFILE_EXEC,
	PROFILE_THRD,
	PROFILE_DONE,
	PROFILE_PEAK,
	PROFILE_ADDED,
	PROFILE_CMDLINE,
	PROFILE_FORMAT,
	PROFILE_METRIC,
	PROFILE_INTERVAL,
	PROFILE_RANK,
	PROFILE_DEFN,
	PROFILE_LEFT,
	PROFILE_MISS,
	PROFILE_TICKS,
	PROFILE_RECORD_KINDS
};

enum profile_field_type {
	FIELD_NONE,    /* behind the last field */
	FIELD_MIB,     /* memory in units of 2^20 bytes, 6 decimals */
	FIELD_TIME,    /* seconds since the epoch, 9 decimals */
	FIELD_SECONDS, /* a length of time, 9 decimals */
	FIELD_VALUE,   /* any decimal number, which its writer has as text */
	FIELD_PID,     /* of a process */
	FIELD_INT,     /* a whole number; 0 where it is the pid or tid of something unknown */
	FIELD_COUNT,   /* a whole number, not negative */
	FIELD_NAME,    /* one word, whose writer has put U+00A0 in place of each space */
	FIELD_TEXT, /* the same, of text that others chose: spaces are replaced as it is written */
	FIELD_REST, /* the rest of the line, which may hold spaces */
	FIELD_COMMAND, /* the same: the words of a command line, quoted for the shell */
	FIELD_FLAG,    /* the field's own name, or nothing */
	FIELD_HOW,     /* a word of profile_how_words, or nothing */
	FIELD_HELD     /* a word of profile_held_words, or nothing */
};

struct profile_field {
	const char *name; /* in mprof-trace.dat(5) */
	enum profile_field_type type;
};

enum { PROFILE_FIELDS_MOST = 11 };

struct profile_record {
	const char *word;
	size_t needed; /* fields that no line lacks, whoever wrote it */
	struct profile_field fields[PROFILE_FIELDS_MOST + 1];
};

extern const struct profile_record profile_records[PROFILE_RECORD_KINDS];

/* How many fields a record has at most. */
size_t profile_record_fields(const struct profile_record *record);

/*
 * What FUNC and CHFUNC say of a call: how it ended. CALL_FORKED and CALL_BEFORE say instead how the call came
 * to be known, since its entry was not seen; how such a call ended is not recorded, except that a
 * CALL_BEFORE that never ended is a CALL_OPEN.
 */
enum call_end {
	CALL_RETURNED,
	CALL_UNWOUND, /* thrown past by longjmp or an exception; its time is that of the evidence */
	CALL_EXIT,    /* its thread or process ended */
	CALL_EXEC,    /* its program was replaced */
	CALL_FORKED,  /* was active in the parent at the fork; time in is the fork's */
	CALL_BEFORE,  /* was active when the process was attached to; time in is the attach's */
	CALL_OPEN,    /* still active when the recording ended */
	CALL_ENDS
};

/* Their words in a file; an ordinary return's is left out at the end of a line. */
extern const char *const profile_how_words[CALL_ENDS];

/*
 * Of which moments of a call the memory is held: a jump has recorded them, but has not read the memory, and nothing
 * as young as --memory-age was there; the last that was known of the process stands in. Bits.
 */
enum call_held {
	CALL_HELD_NONE,
	CALL_HELD_IN = 1,  /* at its entry */
	CALL_HELD_OUT = 2, /* at its end */
	CALL_HELD_BOTH = CALL_HELD_IN | CALL_HELD_OUT,
	CALL_HELDS
};

/* Their words in a file; NULL: where nothing is held there is none. */
extern const char *const profile_held_words[CALL_HELDS];

/* What a STACK is recorded for. */
enum stack_why {
	STACK_AT_PEAK,	/* the process had more memory than ever before, by a step */
	STACK_AT_ENTRY, /* a chosen function was called */
	STACK_AT_BREAK, /* a threshold was reached */
	STACK_WHYS
};

/* What its thread did then. */
enum stack_state {
	STACK_STOPPED, /* it was in a stop of ours: in the midst of what its stack says */
	STACK_GREW,    /* it got memory, there, since the last peak */
	STACK_ASLEEP,  /* it slept, in a system call */
	STACK_RAN,     /* it ran, and was not stopped for this: where is not known */
	STACK_STATES
};

/* Their words in a file. */
extern const char *const profile_stack_whys[STACK_WHYS];
extern const char *const profile_stack_states[STACK_STATES];

#endif
