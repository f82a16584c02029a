/* The limits of check; see limit.h. Plot layer. */
#include "plot/compare/limit.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct limit_option options[] = {
	{ "max-peak", FIGURE_PEAK, FIGURE_TREE },
	{ "max-slope", FIGURE_SLOPE, FIGURE_TREE_SLOPE },
	{ "max-duration", FIGURE_DURATION, FIGURE_COUNT },
	{ "max-gain", FIGURE_GAIN, FIGURE_COUNT },
	{ "max-calls", FIGURE_CALLS, FIGURE_COUNT },
	{ "max-time", FIGURE_TIME, FIGURE_COUNT },
};
static const size_t option_count = sizeof(options) / sizeof(options[0]);

const struct limit_option *limit_option_at(size_t index)
{
	return index < option_count ? &options[index] : NULL;
}

const struct limit_option *limit_option_find(const char *name)
{
	for (size_t i = 0; i < option_count; i++) {
		if (strcmp(options[i].name, name) == 0)
			return &options[i];
	}
	return NULL;
}

bool limit_option_needs_function(const struct limit_option *option)
{
	return figure_traits(option->figure)->kind == SUBJECT_FUNCTION;
}

void limit_options_list(char ret[static LIMIT_OPTIONS_BYTES])
{
	size_t used = 0;

	for (size_t i = 0; i < option_count && used < LIMIT_OPTIONS_BYTES; i++)
		used += (size_t)snprintf(ret + used, LIMIT_OPTIONS_BYTES - used, "%s--%s",
					 i > 0 ? ", " : "", options[i].name);
}

struct error *limit_parse_band(const char *text, double *ret_percent)
{
	char *with_unit;
	double percent = 0;

	if (asprintf(&with_unit, "%s%s", text, strchr(text, '%') != NULL ? "" : "%") < 0)
		return error_no_memory();
	bool is_percent = quantity_parse_percent(with_unit, &percent);
	free(with_unit);
	if (!is_percent || percent < 1 || percent > 100)
		return error_new(ERR_USAGE,
				 "--band %s: give percent from 1 to 100; 100 is no band at all",
				 text);
	*ret_percent = percent;
	return NULL;
}

static struct error *check_scope(const struct limit_option *option, const struct limit_scope *scope)
{
	bool needs_function = limit_option_needs_function(option);

	if (needs_function && scope->function == NULL)
		return error_new(ERR_USAGE, "--%s is of a function: name it with --func before it",
				 option->name);
	if (!needs_function && scope->function != NULL)
		return error_new(ERR_USAGE, "--%s is of the run: it does not go with --func",
				 option->name);
	if (scope->is_tree && option->tree_figure == FIGURE_COUNT)
		return error_new(ERR_USAGE, "--%s does not go with --tree", option->name);
	return NULL;
}

/* A copy of @text, or NULL for NULL; *@failed is set when there is no memory. */
static char *copy_optional(const char *text, bool *failed)
{
	char *copy = text == NULL ? NULL : strdup(text);

	*failed = *failed || (text != NULL && copy == NULL);
	return copy;
}

struct error *limit_add(struct conditions *conditions, const struct limit_option *option,
			const char *amount, const struct limit_scope *scope)
{
	struct condition condition = {
		.figure = scope->is_tree ? option->tree_figure : option->figure,
		.comparison = COMPARE_MORE,
		.kind = AMOUNT_VALUE,
		.band_percent = scope->band_percent,
	};
	bool failed = false;
	struct error *err = check_scope(option, scope);

	if (err == NULL)
		err = error_context(quantity_parse(figure_traits(option->figure)->quantity, amount,
						   &condition.amount),
				    "--%s", option->name);
	if (err != NULL)
		return err;
	condition.name = copy_optional(scope->function, &failed);
	condition.origin = copy_optional(scope->origin, &failed);
	failed = asprintf(&condition.text, "--%s %s", option->name, amount) < 0 || failed;
	if (failed) {
		condition.text = NULL;
		condition_deinit(&condition);
		return error_no_memory();
	}
	return conditions_add(conditions, &condition);
}
