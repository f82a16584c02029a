/*
 * What must not be so of a profile, or of two that are compared: a figure, a comparison, an amount (plot
 * layer). Pure.
 *
 * Limits of `check` and --fail-if of `diff` are the same thing: "--func load --max-gain 50M" is
 * "gain:load>50M". The grammar of --fail-if:
 *
 *   CONDITION   FIGURE [: NAME] COMPARISON AMOUNT        blanks around each are allowed
 *   FIGURE      of the run: peak tree duration slope tree-slope; of functions: gain calls time;
 *               with a NAME: peak processes, of programs
 *   NAME        a function, as -f has it, or a program: its name, or a glob for names. Without one,
 *               gain, calls and time are those of each function
 *   COMPARISON  < <= > >=     the last one in the text: names may hold others
 *   AMOUNT      with a sign, a change: +5% of what was before, +10M; without one, what is now: 500M
 */
#ifndef PLOT_COMPARE_CONDITION_H
#define PLOT_COMPARE_CONDITION_H

#include "plot/compare/figure.h"

enum compare_sign { COMPARE_LESS, COMPARE_LESS_EQUAL, COMPARE_MORE, COMPARE_MORE_EQUAL };

enum amount_kind {
	AMOUNT_VALUE,	/* the figure itself */
	AMOUNT_CHANGE,	/* what it has grown by, in its unit */
	AMOUNT_PERCENT, /* what it has grown by, in percent of what it was */
};

struct condition {
	enum figure figure;
	enum compare_sign comparison;
	enum amount_kind kind;
	double amount;	     /* of the figure's quantity, or percent */
	double band_percent; /* a value that lies further below is told, too; NAN, 100: none does */
	char *name;	     /* owned; NULL: of the run, or of each function */
	char *text;	     /* owned: as the user wrote it */
	char *origin;	     /* owned: "budget.txt:3"; NULL: the command line */

	/* Whether a function is meant; set by who knows the patterns. Not asked of other subjects. */
	bool (*wants)(void *data, const char *name);
	void *data; /* borrowed */
};

/* Fails with ERR_USAGE and says what is wrong with @text. */
struct error *condition_parse(const char *text, struct condition *ret) MUST_CHECK;
void condition_deinit(struct condition *condition);

/* Whether it is so of @value, which is of the condition's kind. Not of NAN. */
bool condition_holds(const struct condition *condition, double value);

/* Whether more of the figure makes it come true. */
bool condition_is_upward(const struct condition *condition);

/* Whether the function or program of that name is meant. */
bool condition_wants(const struct condition *condition, const char *name);

struct conditions {
	struct condition *list;
	size_t count, capacity;
};

/* Takes what @condition owns, also when it fails. */
struct error *conditions_add(struct conditions *conditions, struct condition *condition) MUST_CHECK;
void conditions_deinit(struct conditions *conditions);

#endif
