/*
 * What PROGRAM means: a Python script, or why it cannot be found (cli layer).
 */
#ifndef CLI_RECORD_PROGRAM_CHOICE_H
#define CLI_RECORD_PROGRAM_CHOICE_H

#include <stdbool.h>

#include "tracer/loop/state/session.h"

/* Zeroed: neither was given. */
struct python_choice {
	bool is_wanted, is_refused; /* --python, --nopython */
	char **command; /* PROGRAM with an interpreter in front; NULL: as given. Owned */
};

/*
 * Whether marks of mprof_mark.h are probed without being asked for: where functions are, and where the program that is
 * started, or one that is attached to, has some; not where a pattern asks for some of them. What it runs later is not looked at for that alone: all its files
 * would have to be read.
 */
void program_choose_marks(struct session_options *session);

/* What --python, --nopython and the program's name mean together, for @session, which borrows of @choice. */
struct error *program_choose_python(struct python_choice *choice,
				    struct session_options *session) MUST_CHECK;
/* What --python means where interpreters run already. */
struct error *program_choose_running_python(struct session_options *session) MUST_CHECK;

void python_choice_deinit(struct python_choice *choice);

/* A program that does not exist: a command line in one word, as a shell would split it, is often why. Takes @err. */
struct error *program_explain(struct error *err, const char *program) MUST_CHECK;

#endif
