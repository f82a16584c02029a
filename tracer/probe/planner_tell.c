/* What can be said of a pattern; see planner.h. Probe layer. */
#include "tracer/probe/planner.h"

#include <stdio.h>
#include <stdlib.h>

#include "tracer/base/log.h"
#include "tracer/probe/planner_private.h"

void plan_note_matched(const struct plan *plan, struct probe_set *probes)
{
	const struct inlined_list *inlined = &plan->inlined.list;

	for (size_t i = 0; i < plan->count; i++)
		probe_set_sums(probes, plan->matches[i].pattern)->is_matched = true;
	for (size_t i = 0; i < plan->usdt_count; i++)
		probe_set_sums(probes, plan->usdt[i].pattern)->is_matched = true;
	for (size_t i = 0; i < inlined->name_count; i++) {
		const struct inlined_name *name = &inlined->names[i];
		for (size_t j = 0; j < name->pattern_count; j++)
			probe_set_sums(probes, inlined->patterns[name->first_pattern + j])
				->is_matched = true;
	}
}

void plan_tell_places(const struct plan *plan, const struct pattern_set *patterns)
{
	enum { SAID_MAX = 3 };
	size_t same = 0; /* earlier matches of the pattern at hand */

	for (size_t i = 0; i < plan->count; i++) {
		const struct symbol_match *match = &plan->matches[i];
		bool is_first = i == 0 || plan->matches[i - 1].pattern != match->pattern;
		bool is_last =
			i + 1 == plan->count || plan->matches[i + 1].pattern != match->pattern;
		same = is_first ? 1 : same + 1;
		if (match->is_place && same <= SAID_MAX)
			log_info("'%s' is in %s", pattern_set_text(patterns, match->pattern),
				 match->label);
		else if (match->is_place && is_last)
			log_info("'%s' is in %zu more", pattern_set_text(patterns, match->pattern),
				 same - SAID_MAX);
	}
}

void plan_tell_lines(const struct plan *plan)
{
	const struct line_plan *lines = &plan->lines;
	const char *file = symbol_file_name(plan->file);

	if (lines->unknown_count == 1)
		log_warning("the lines of %s are not recorded: %s has no debugging information of "
			    "it, which compiling with -g makes",
			    lines->unknown, file);
	else if (lines->unknown_count > 1)
		log_warning("the lines of %s and %zu other function%s are not recorded: %s has no "
			    "debugging information of them, which compiling with -g makes",
			    lines->unknown, lines->unknown_count - 1,
			    lines->unknown_count > 2 ? "s" : "", file);
}

static struct error *tell_stripped(const struct symbol_file *program, char **ret)
{
	char *symbols;

	struct error *err = symbol_file_describe(program, &symbols);
	if (err != NULL)
		return err;
	if (asprintf(ret, "%s has %s", symbol_file_name(program), symbols) < 0) {
		*ret = NULL;
		err = error_no_memory();
	}
	free(symbols);
	return err;
}

struct error *planner_explain(const struct planner *planner, size_t pattern, char **ret)
{
	const struct pattern_set *patterns = planner->patterns;
	size_t cursor = 0;
	const struct symbol_file *file;
	struct error *err = NULL;

	*ret = NULL;
	if (planner->program != NULL)
		err = symbol_file_explain(planner->program, patterns, pattern, true,
					  planner->wants_inlined, ret);
	while (err == NULL && *ret == NULL &&
	       (file = planner_next_file(planner, &cursor)) != NULL) {
		if (file != planner->program)
			err = symbol_file_explain(file, patterns, pattern, false,
						  planner->wants_inlined, ret);
	}
	if (err == NULL && *ret == NULL && planner->program != NULL &&
	    !symbol_file_has_symtab(planner->program))
		err = tell_stripped(planner->program, ret);
	return err;
}

struct error *planner_inlined(const struct planner *planner, size_t pattern, char **ret)
{
	size_t cursor = 0;
	const struct symbol_file *file;
	struct error *err = NULL;

	*ret = NULL;
	while (err == NULL && *ret == NULL && !planner->wants_inlined &&
	       (file = planner_next_file(planner, &cursor)) != NULL)
		err = symbol_file_inlined(file, planner->patterns, pattern, ret);
	return err;
}

struct error *planner_near_names(const struct planner *planner, size_t pattern,
				 struct near_names *ret)
{
	size_t cursor = 0;
	const struct symbol_file *file;
	struct error *err = NULL;

	*ret = (struct near_names){ 0 };
	if (!pattern_set_has_name(planner->patterns, pattern))
		return NULL;
	while (err == NULL && (file = planner_next_file(planner, &cursor)) != NULL)
		err = near_names_gather(ret, file, pattern_set_text(planner->patterns, pattern));
	if (err != NULL)
		near_names_deinit(ret);
	return err;
}
