/* What funcs cannot show; see funcs_missing.h. Cli layer. */
#include "tracer/cli/funcs/funcs_missing.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "symbols/file/symbol_file.h"
#include "tracer/base/log.h"

/* Writes "'parse' (nearest: parse_line, parser)" to @out. */
static struct error *write_missing(FILE *out, const struct funcs_list *list,
				   const struct pattern_set *patterns, size_t pattern)
{
	struct near_names names = { 0 };
	struct error *err = NULL;
	char *why = NULL;

	if (pattern_set_left_out(patterns, pattern)) {
		fprintf(out, "'%s': all that it matches is left out by '!' patterns",
			pattern_set_text(patterns, pattern));
		return NULL;
	}
	for (size_t i = 0; i < list->file_count && err == NULL && why == NULL; i++)
		err = symbol_file_explain(list->files[i], patterns, pattern, i == 0, false, &why);
	for (size_t i = 0; i < list->file_count && err == NULL; i++)
		err = near_names_gather(&names, list->files[i],
					pattern_set_text(patterns, pattern));
	fprintf(out, "'%s'%s%s", pattern_set_text(patterns, pattern), why ? ": " : "",
		why ? why : "");
	free(why);
	for (size_t i = 0; i < names.count; i++)
		fprintf(out, "%s%s", i == 0 ? " (nearest: " : ", ", names.best[i].name);
	if (names.count > 0)
		fputc(')', out);
	near_names_deinit(&names);
	return err;
}

/* NULL when every pattern matched, else one line that names those that did not. */
static struct error *missing_error(const struct funcs_list *list,
				   const struct pattern_set *patterns)
{
	char *text = NULL;
	size_t bytes, missing = 0;
	FILE *out = open_memstream(&text, &bytes);
	struct error *err = out ? NULL : error_no_memory();

	for (size_t i = 0; i < pattern_set_count(patterns) && err == NULL; i++) {
		if (list->matched[i] || pattern_set_excludes(patterns, i))
			continue;
		fputs(missing++ > 0 ? ", nor " : "", out);
		err = write_missing(out, list, patterns, i);
	}
	if (out != NULL && fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err == NULL && missing > 0) {
		err = error_new(ERR_FAILED, "in %s no function matches %s",
				list->file_count > 1 ? "the program and its libraries"
						     : symbol_file_name(list->files[0]),
				text);
	} else if (err == NULL && list->count == 0) {
		err = error_new(ERR_FAILED, "%s has no function symbols at all",
				symbol_file_name(list->files[0]));
	}
	free(text);
	return err;
}

/* What was not found may be in the first file, if that is stripped. */
static struct error *add_advice(struct error *err, const struct funcs_list *list)
{
	char *advice = NULL;

	if (err == NULL || list->file_count == 0)
		return err;
	struct error *advice_err = symbol_file_advise(list->files[0], &advice);
	if (advice_err == NULL && advice[0] != '\0') {
		struct error *whole =
			error_new(error_code(err), "%s; %s", error_message(err), advice);
		error_free(err);
		err = whole;
	}
	error_free(advice_err);
	free(advice);
	return err;
}

struct error *funcs_list_check_missing(const struct funcs_list *list,
				       const struct pattern_set *patterns)
{
	return add_advice(missing_error(list, patterns), list);
}

struct error *funcs_list_tell_inlined(const struct funcs_list *list,
				      const struct pattern_set *patterns)
{
	struct error *err = NULL;

	for (size_t p = 0; p < pattern_set_count(patterns) && err == NULL; p++) {
		char *text = NULL;
		for (size_t i = 0; i < list->file_count && err == NULL && text == NULL; i++) {
			if (list->matched[p] && !pattern_set_excludes(patterns, p))
				err = symbol_file_inlined(list->files[i], patterns, p, &text);
		}
		if (text != NULL)
			log_info("'%s' is also %s: those calls are not seen",
				 pattern_set_text(patterns, p), text);
		free(text);
	}
	return err;
}
