/*
 * What became of the forms, counted and printed; the counts are shared by the processes that run them.
 */
#ifndef TESTS_FUZZ_RELOCATION_REPORT_H
#define TESTS_FUZZ_RELOCATION_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tests/fuzz/relocation/forms.h"

enum outcome {
	OUTCOME_SKIPPED, /* not among those that were asked for */
	OUTCOME_SAME,
	OUTCOME_LACKING, /* SIGILL of the original in all states: this processor has no such instruction, or none at all */
	OUTCOME_REFUSED,
	OUTCOME_NOT_RUN,
	OUTCOME_DIFFERS,
	OUTCOME_DIED,
	OUTCOMES,
};

enum { ENDINGS = 32, REASONS_MOST = 400, REASON_BYTES = 96, ENCODINGS = 6 };

struct reason {
	char text[REASON_BYTES];
	enum outcome outcome;
	size_t forms;
};

struct report {
	size_t at;			 /* the case that is being run */
	size_t shown;			 /* differences, in full */
	uint64_t runs, endings[ENDINGS]; /* by signal */
	size_t windows[OUTCOMES];
	size_t by_encoding[ENCODINGS][OUTCOMES]; /* ZydisInstructionEncoding */
	struct reason reasons[REASONS_MOST];
	size_t reason_count;
	uint8_t outcomes[]; /* of each form */
};

struct report *report_create(size_t forms);
void report_run(struct report *report, int signal);
void report_outcome(struct report *report, bool is_window, size_t number, enum outcome outcome);
/* Counts a form by its outcome; @why: for those that were refused, or not run. */
void report_form(struct report *report, const struct form *form, size_t number, const char *why);
void report_print(const struct report *report);
bool report_is_sound(const struct report *report);

#endif
