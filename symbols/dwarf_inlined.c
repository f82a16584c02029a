/* Where functions have been inlined; see dwarf_function.h. Symbols layer. */
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/demangle.h"
#include "symbols/dwarf_walk.h"
#include "symbols/line_reader_private.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"

struct inlined_search {
	const struct pattern_set *patterns;
	size_t pattern;
	Dwarf_Die unit;		  /* being searched */
	struct addr_map verdicts; /* address of the abstract function's DIE -> one of these two */
	struct inlined_call *calls;
	size_t count, capacity;
};
static const char verdict_yes = 1, verdict_no = 0;

static bool source_matches(struct inlined_search *search, Dwarf_Die *function)
{
	unsigned line;
	const char *wanted = pattern_set_source(search->patterns, search->pattern, &line);
	const char *source =
		wanted ? dwarf_source_of(&search->unit, function, DW_AT_decl_file) : NULL;

	return wanted == NULL || (source != NULL && source_match(wanted, source));
}

static bool names_match(const struct inlined_search *search, Dwarf_Die *function)
{
	Dwarf_Attribute attribute;
	const char *name = dwarf_diename(function), *linkage_name = NULL;
	char *demangled;

	if (dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute) != NULL ||
	    dwarf_attr_integrate(function, DW_AT_MIPS_linkage_name, &attribute) != NULL)
		linkage_name = dwarf_formstring(&attribute);
	if (name != NULL && linkage_name == NULL)
		return pattern_set_match(search->patterns, search->pattern, name, name);
	if (linkage_name == NULL ||
	    (!pattern_set_match_linkage(search->patterns, search->pattern, linkage_name) &&
	     !pattern_set_needs_demangled(search->patterns, search->pattern, linkage_name)))
		return false;
	struct error *err = demangle(linkage_name, &demangled);
	if (err != NULL) {
		error_free(err);
		return false;
	}
	bool matches =
		pattern_set_match(search->patterns, search->pattern, linkage_name, demangled);
	free(demangled);
	return matches;
}

/* Many instances have one origin: it is asked once. */
static struct error *is_wanted(struct inlined_search *search, Dwarf_Die *instance, bool *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;

	*ret = false;
	if (dwarf_attr(instance, DW_AT_abstract_origin, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &origin) == NULL)
		return NULL;
	uint64_t key = (uintptr_t)origin.addr;
	const char *verdict = addr_map_get(&search->verdicts, key);
	*ret = verdict == &verdict_yes;
	if (verdict != NULL)
		return NULL;
	*ret = names_match(search, &origin) && source_matches(search, &origin);
	return addr_map_put(&search->verdicts, key, (void *)(*ret ? &verdict_yes : &verdict_no));
}

static struct error *add_call(struct inlined_search *search, Dwarf_Die *instance)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line = 0;
	const char *source = dwarf_source_of(&search->unit, instance, DW_AT_call_file);

	if (dwarf_attr(instance, DW_AT_call_line, &attribute) != NULL)
		(void)dwarf_formudata(&attribute, &line);
	struct error *err = array_reserve(&search->calls, &search->capacity, search->count + 1,
					  sizeof(*search->calls));
	if (err == NULL)
		search->calls[search->count++] = (struct inlined_call){ source, (unsigned)line };
	return err;
}

static struct error *visit_function(void *context, Dwarf_Die *die, int tag)
{
	struct inlined_search *search = context;
	bool wanted = false;

	if (tag != DW_TAG_inlined_subroutine)
		return NULL;
	struct error *err = is_wanted(search, die, &wanted);
	return err == NULL && wanted ? add_call(search, die) : err;
}

struct error *line_reader_find_inlined(struct line_reader *reader,
				       const struct pattern_set *patterns, size_t pattern,
				       struct inlined_call **ret, size_t *ret_count)
{
	struct inlined_search search = { .patterns = patterns, .pattern = pattern };
	Dwarf_CU *unit = NULL;
	Dwarf_Die lines, functions;
	struct error *err = NULL;

	while (err == NULL && line_reader_next_unit(reader, &unit, &lines, &functions)) {
		search.unit = functions;
		err = dwarf_walk_functions(&functions, visit_function, &search);
	}
	addr_map_deinit(&search.verdicts);
	if (err != NULL || search.count == 0) {
		free(search.calls);
		search = (struct inlined_search){ 0 };
	}
	*ret = search.calls;
	*ret_count = search.count;
	return err;
}
