/* The grammar of conditions, and whether one holds; see condition.h. Plot layer. */
#include "plot/compare/condition.h"

#include <fnmatch.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"

/* A part of the text, without the blanks around it. */
struct span {
	const char *at;
	size_t bytes;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static struct span span_trim(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	while (end > at && is_blank(end[-1]))
		end--;
	return (struct span){ at, (size_t)(end - at) };
}

/* The last comparison of @text, and what stands behind it. NULL: there is none. */
static const char *find_comparison(const char *text, enum compare_sign *ret,
				   const char **ret_behind)
{
	const char *less = strrchr(text, '<'), *more = strrchr(text, '>');
	const char *at = less == NULL || (more != NULL && more > less) ? more : less;

	if (at == NULL)
		return NULL;
	bool has_equal = at[1] == '=';
	*ret_behind = at + 1 + has_equal;
	if (*at == '<')
		*ret = has_equal ? COMPARE_LESS_EQUAL : COMPARE_LESS;
	else
		*ret = has_equal ? COMPARE_MORE_EQUAL : COMPARE_MORE;
	return at;
}

static struct error *parse_amount(struct condition *condition, const char *text)
{
	bool is_signed = text[0] == '+' || text[0] == '-';

	if (quantity_parse_percent(text, &condition->amount)) {
		condition->kind = AMOUNT_PERCENT;
		/* "peak>5%" could mean anything. */
		return is_signed ? NULL
				 : error_new(ERR_USAGE, "%s: write +%s for a change", text, text);
	}
	condition->kind = is_signed ? AMOUNT_CHANGE : AMOUNT_VALUE;
	return quantity_parse(figure_traits(condition->figure)->quantity, text, &condition->amount);
}

static struct error *error_no_figure(struct span word, bool has_name)
{
	char run[FIGURE_WORDS_BYTES], functions[FIGURE_WORDS_BYTES], programs[FIGURE_WORDS_BYTES];

	figure_words(SUBJECT_RUN, run);
	figure_words(SUBJECT_FUNCTION, functions);
	figure_words(SUBJECT_PROGRAM, programs);
	if (has_name)
		return error_new(ERR_USAGE,
				 "'%.*s' is no figure with a name: functions have %s, programs %s",
				 (int)word.bytes, word.at, functions, programs);
	return error_new(ERR_USAGE, "'%.*s' is no figure: there are %s, and of functions %s",
			 (int)word.bytes, word.at, run, functions);
}

/* @end: behind the name. */
static struct error *parse_subject(struct condition *condition, const char *text, const char *end)
{
	const char *colon = memchr(text, ':', (size_t)(end - text));
	bool has_name = colon != NULL;
	struct span word = span_trim(text, has_name ? colon : end);

	bool is_known = figure_find(SUBJECT_FUNCTION, word.at, word.bytes, &condition->figure) ||
			figure_find(has_name ? SUBJECT_PROGRAM : SUBJECT_RUN, word.at, word.bytes,
				    &condition->figure);
	if (!is_known)
		return error_no_figure(word, has_name);
	if (!has_name)
		return NULL;
	struct span name = span_trim(colon + 1, end);
	if (name.bytes == 0)
		return error_new(ERR_USAGE, "there is no name behind the colon");
	condition->name = strndup(name.at, name.bytes);
	return condition->name == NULL ? error_no_memory() : NULL;
}

static struct error *parse_parts(const char *text, struct condition *ret)
{
	const char *behind;
	const char *at = find_comparison(text, &ret->comparison, &behind);

	if (at == NULL)
		return error_new(ERR_USAGE, "no comparison: write a figure, one of < <= > >=, and "
					    "an amount, such as peak>+5%%");
	struct span amount = span_trim(behind, behind + strlen(behind));
	struct error *err = parse_subject(ret, text, at);
	if (err != NULL)
		return err;
	char *copy = strndup(amount.at, amount.bytes);
	if (copy == NULL)
		return error_no_memory();
	err = parse_amount(ret, copy);
	free(copy);
	return err;
}

struct error *condition_parse(const char *text, struct condition *ret)
{
	*ret = (struct condition){ .band_percent = NAN, .text = strdup(text) };
	struct error *err = ret->text == NULL ? error_no_memory() : parse_parts(text, ret);

	if (err != NULL)
		condition_deinit(ret);
	return error_context(err, "'%s'", text);
}

void condition_deinit(struct condition *condition)
{
	free(condition->name);
	free(condition->text);
	free(condition->origin);
	*condition = (struct condition){ 0 };
}

bool condition_holds(const struct condition *condition, double value)
{
	switch (condition->comparison) {
	case COMPARE_LESS:
		return value < condition->amount;
	case COMPARE_LESS_EQUAL:
		return value <= condition->amount;
	case COMPARE_MORE:
		return value > condition->amount;
	case COMPARE_MORE_EQUAL:
		return value >= condition->amount;
	}
	return false;
}

bool condition_is_upward(const struct condition *condition)
{
	return condition->comparison == COMPARE_MORE || condition->comparison == COMPARE_MORE_EQUAL;
}

bool condition_wants(const struct condition *condition, const char *name)
{
	if (condition->name == NULL || strcmp(condition->name, name) == 0)
		return true;
	if (figure_traits(condition->figure)->kind == SUBJECT_PROGRAM)
		return fnmatch(condition->name, name, 0) == 0;
	return condition->wants != NULL && condition->wants(condition->data, name);
}

struct error *conditions_add(struct conditions *conditions, struct condition *condition)
{
	struct error *err = array_reserve(&conditions->list, &conditions->capacity,
					  conditions->count + 1, sizeof(*conditions->list));
	if (err != NULL) {
		condition_deinit(condition);
		return err;
	}
	conditions->list[conditions->count++] = *condition;
	*condition = (struct condition){ 0 };
	return NULL;
}

void conditions_deinit(struct conditions *conditions)
{
	for (size_t i = 0; i < conditions->count; i++)
		condition_deinit(&conditions->list[i]);
	free(conditions->list);
	*conditions = (struct conditions){ 0 };
}
