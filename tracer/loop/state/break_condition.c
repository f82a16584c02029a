/* When a recording is to stop and look; see break_condition.h. Loop layer. */
#include "tracer/loop/state/break_condition.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/quantity.h"

static const char BLANKS[] = " \t";
static const char AND[] = "and";
static const double MIB = 1 << 20;
static const double BYTES_MOST = 0x1p62;

static const char *const figure_names[] = {
	[BREAK_MEMORY] = "memory",
	[BREAK_GROWTH] = "growth",
};

/* In place: without the blanks around it. */
static char *trim(char *text)
{
	text += strspn(text, BLANKS);
	size_t bytes = strlen(text);
	while (bytes > 0 && strchr(BLANKS, text[bytes - 1]) != NULL)
		text[--bytes] = '\0';
	return text;
}

static struct error *parse_bytes(const char *text, uint64_t *ret)
{
	char with_unit[64];
	double mib;
	const bool is_plain = text[0] != '\0' && text[strspn(text, "0123456789.")] == '\0';

	/* As mprof's --pdb-mmem. */
	if (is_plain &&
	    snprintf(with_unit, sizeof(with_unit), "%sM", text) < (int)sizeof(with_unit))
		text = with_unit;
	struct error *err = quantity_parse(QUANTITY_MEMORY, text, &mib);
	if (err != NULL)
		return err;
	if (mib < 0 || mib * MIB > BYTES_MOST)
		return error_new(ERR_USAGE, "%s: give a size from 0 to 4096 TiB", text);
	*ret = (uint64_t)llround(mib * MIB);
	return NULL;
}

/* "100M/s" */
static struct error *parse_growth(char *text, struct break_term *ret)
{
	double rate, time_ns;
	char unit[16];
	char *slash = strchr(text, '/');

	struct error *err = quantity_parse(QUANTITY_RATE, text, &rate);
	if (err != NULL)
		return err;
	if (slash == NULL || rate < 0) /* 0 needs no unit: but over what time? */
		return error_new(ERR_USAGE, "%s: give memory over time, such as 100M/s", text);
	snprintf(unit, sizeof(unit), "1%.14s", slash + 1);
	err = quantity_parse(QUANTITY_TIME, unit, &time_ns);
	*slash = '\0';
	if (err == NULL)
		err = parse_bytes(text, &ret->bytes);
	*slash = '/';
	if (err == NULL)
		ret->within_ns = llround(time_ns);
	return err;
}

static struct error *parse_term(char *text, struct break_condition *condition)
{
	char *more = strchr(text, '>');

	if (condition->term_count == BREAK_TERMS_MOST)
		return error_new(ERR_USAGE, "more than %d terms", BREAK_TERMS_MOST);
	struct break_term *term = &condition->terms[condition->term_count++];
	if (more == NULL)
		return error_new(ERR_USAGE, "write a figure, > or >=, and an amount, such as "
					    "growth>100M/s; there are memory and growth");
	term->includes_equal = more[1] == '=';
	*more = '\0';
	char *figure = trim(text), *amount = trim(more + 1 + term->includes_equal);
	if (strcmp(figure, figure_names[BREAK_MEMORY]) == 0)
		term->figure = BREAK_MEMORY;
	else if (strcmp(figure, figure_names[BREAK_GROWTH]) == 0)
		term->figure = BREAK_GROWTH;
	else
		return error_new(ERR_USAGE, "'%s' is no figure: there are memory and growth",
				 figure);
	struct error *err = term->figure == BREAK_MEMORY ? parse_bytes(amount, &term->bytes)
							 : parse_growth(amount, term);
	if (err != NULL)
		return err;
	const size_t used = strlen(condition->text);
	snprintf(condition->text + used, sizeof(condition->text) - used, "%s%s>%s%s",
		 used > 0 ? " and " : "", figure, term->includes_equal ? "=" : "", amount);
	return NULL;
}

/* The next word "and" in @text, between blanks; NULL: none. */
static char *find_and(char *text)
{
	for (char *at = strstr(text, AND); at != NULL; at = strstr(at + 1, AND)) {
		const char behind = at[sizeof(AND) - 1];
		if (at > text && strchr(BLANKS, at[-1]) != NULL && behind != '\0' &&
		    strchr(BLANKS, behind) != NULL)
			return at;
	}
	return NULL;
}

static struct error *parse_terms(char *text, struct break_condition *ret)
{
	struct error *err = NULL;

	while (err == NULL && text != NULL) {
		char *next = find_and(text);
		if (next != NULL) {
			*next = '\0';
			next += sizeof(AND) - 1;
		}
		err = parse_term(trim(text), ret);
		text = next;
	}
	return err;
}

struct error *break_condition_parse(const char *text, struct break_condition *ret)
{
	*ret = (struct break_condition){ 0 };
	if (strlen(text) >= sizeof(ret->text))
		return error_new(ERR_USAGE, "a condition of %zu bytes is too long", strlen(text));
	char *copy = strdup(text);
	struct error *err = copy == NULL ? error_no_memory() : parse_terms(copy, ret);
	free(copy);
	return error_context(err, "'%s'", text);
}

struct error *break_condition_parse_size(const char *text, struct break_condition *ret)
{
	*ret = (struct break_condition){ .term_count = 1 };
	ret->terms[0] = (struct break_term){ .figure = BREAK_MEMORY, .includes_equal = true };
	struct error *err = parse_bytes(text, &ret->terms[0].bytes);
	if (err == NULL && ret->terms[0].bytes == 0)
		err = error_new(ERR_USAGE, "%s: every process has that", text);
	snprintf(ret->text, sizeof(ret->text), "memory>=%s", text);
	return err;
}

bool break_term_holds(const struct break_term *term, uint64_t bytes)
{
	return bytes > term->bytes || (term->includes_equal && bytes == term->bytes);
}
