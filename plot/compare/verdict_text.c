/* Verdicts in words; see verdict_text.h. Plot layer. */
#include "plot/compare/verdict_text.h"

#include <stdio.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

static const char *const words[] = {
	[VERDICT_KEPT] = "ok",
	[VERDICT_BROKEN] = "BROKEN",
	[VERDICT_FAR_BELOW] = "LOW",
	[VERDICT_UNKNOWN] = "UNKNOWN",
};

const char *verdict_word(enum verdict_status status)
{
	return words[status];
}

static const struct figure_traits *traits_of(const struct verdict *verdict)
{
	return figure_traits(verdict->condition->figure);
}

/* Takes @text, which may be NULL. */
static char *clean_owned(char *text)
{
	char *clean = text == NULL ? NULL : text_clean(text, strlen(text));

	free(text);
	return clean;
}

char *verdict_subject(const struct verdict *verdict)
{
	const struct figure_traits *traits = traits_of(verdict);
	const char *name =
		verdict->condition->name != NULL ? verdict->condition->name : verdict->name;
	char *text = NULL;
	int written;

	if (traits->kind == SUBJECT_RUN)
		written = asprintf(&text, "%s", traits->title);
	else if (name != NULL)
		written = asprintf(&text, "%s: %s", name, traits->title);
	else
		written = asprintf(&text, "%s of each function", traits->title);
	return clean_owned(written < 0 ? NULL : text);
}

/* Of the condition's kind, with a sign if it is a change. */
static void format_amount(const struct condition *condition, double value,
			  char ret[static FIGURE_TEXT_BYTES])
{
	enum quantity quantity = figure_traits(condition->figure)->quantity;

	if (condition->kind == AMOUNT_VALUE)
		figure_format(quantity, value, ret);
	else if (condition->kind == AMOUNT_CHANGE && value != 0)
		figure_format_change(quantity, value, ret);
	else if (condition->kind == AMOUNT_PERCENT && value != 0)
		figure_format_percent(value, ret);
	else
		strcpy(ret, condition->kind == AMOUNT_PERCENT ? "0 %" : "no change");
}

void verdict_format_measured(const struct verdict *verdict, char ret[static FIGURE_TEXT_BYTES])
{
	if (isnan(verdict->measured))
		strcpy(ret, "-");
	else if (isinf(verdict->measured))
		strcpy(ret, "new");
	else
		format_amount(verdict->condition, verdict->measured, ret);
}

void verdict_format_allowed(const struct verdict *verdict, char ret[static VERDICT_ALLOWED_BYTES])
{
	static const char *const allowed[] = {
		[COMPARE_LESS] = "at least",
		[COMPARE_LESS_EQUAL] = "more than",
		[COMPARE_MORE] = "at most",
		[COMPARE_MORE_EQUAL] = "less than",
	};
	char amount[FIGURE_TEXT_BYTES];

	format_amount(verdict->condition, verdict->condition->amount, amount);
	snprintf(ret, VERDICT_ALLOWED_BYTES, "%s %s", allowed[verdict->condition->comparison],
		 amount);
}

/* "120.3 MiB before, 161.0 MiB now", where it is about a change. */
static void put_change(FILE *out, const struct verdict *verdict)
{
	char before[FIGURE_TEXT_BYTES], after[FIGURE_TEXT_BYTES];

	figure_format(traits_of(verdict)->quantity, verdict->before, before);
	figure_format(traits_of(verdict)->quantity, verdict->after, after);
	fprintf(out, "%s before, %s now", before, after);
}

/* "+110.1 MiB (+220 %)": how far it is from its limit. */
static void put_distance(FILE *out, const struct verdict *verdict)
{
	double amount = verdict->condition->amount;
	char size[FIGURE_TEXT_BYTES], percent[FIGURE_TEXT_BYTES];

	if (verdict->measured == amount)
		return;
	figure_format_change(traits_of(verdict)->quantity, verdict->measured - amount, size);
	figure_format_percent(figure_percent(amount, verdict->measured), percent);
	fputs(size, out);
	if (percent[0] != '\0')
		fprintf(out, " (%s)", percent);
}

static void put_far_below(FILE *out, const struct verdict *verdict)
{
	put_distance(out, verdict);
	fputs(": lower it", out);
	if (verdict->condition->origin != NULL)
		fprintf(out, " in %s", verdict->condition->origin);
}

/* Which of those that a pattern stands for. */
static void put_names(FILE *out, const struct verdict *verdict)
{
	bool is_program = traits_of(verdict)->kind == SUBJECT_PROGRAM;
	const char *asked = verdict->condition->name;

	if (verdict->name != NULL && asked != NULL && strcmp(asked, verdict->name) != 0)
		fprintf(out, "; %s", verdict->name);
	if (verdict->others > 0)
		fprintf(out, "; %zu other %s, too", verdict->others,
			is_program	       ? verdict->others == 1 ? "program" : "programs"
			: verdict->others == 1 ? "function"
					       : "functions");
}

char *verdict_remark(const struct verdict *verdict)
{
	char *text = NULL;
	size_t bytes;
	FILE *out = open_memstream(&text, &bytes);

	if (out == NULL)
		return NULL;
	if (verdict->status == VERDICT_UNKNOWN)
		fputs(verdict->reason, out);
	else if (verdict->condition->kind != AMOUNT_VALUE)
		put_change(out, verdict);
	else if (verdict->status == VERDICT_BROKEN)
		put_distance(out, verdict);
	else if (verdict->status == VERDICT_FAR_BELOW)
		put_far_below(out, verdict);
	if (verdict->status != VERDICT_UNKNOWN)
		put_names(out, verdict);
	bool failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		free(text);
		return NULL;
	}
	/* What a kept limit has nothing in front of. */
	if (strncmp(text, "; ", 2) == 0)
		memmove(text, text + 2, strlen(text) - 1);
	return clean_owned(text);
}

char *verdict_sentence(const struct verdict *verdict)
{
	char measured[FIGURE_TEXT_BYTES], allowed[VERDICT_ALLOWED_BYTES], *text = NULL;
	char *subject = verdict_subject(verdict), *remark = verdict_remark(verdict);

	verdict_format_measured(verdict, measured);
	verdict_format_allowed(verdict, allowed);
	if (subject == NULL || remark == NULL ||
	    asprintf(&text, "%s: %s, %s%s%s", subject, measured, allowed,
		     remark[0] != '\0' ? ": " : "", remark) < 0)
		text = NULL;
	free(subject);
	free(remark);
	return text;
}
