/* Where functions have been inlined; see dwarf_function.h. Symbols layer. */
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/demangle.h"
#include "symbols/line_reader_private.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"

/* Deeper nesting than any compiler's; a made-up file may nest without end. */
enum { DIE_DEPTH_MAX = 128 };

struct inlined_search {
	const struct pattern_set *patterns;
	size_t pattern;
	struct addr_map verdicts; /* address of the abstract function's DIE -> one of these two */
	struct inlined_call *calls;
	size_t count, capacity;
};
static const char verdict_yes = 1, verdict_no = 0;

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
	*ret = names_match(search, &origin);
	return addr_map_put(&search->verdicts, key, (void *)(*ret ? &verdict_yes : &verdict_no));
}

static struct error *add_call(struct inlined_search *search, Dwarf_Die *unit, Dwarf_Die *instance)
{
	Dwarf_Attribute attribute;
	Dwarf_Word file = 0, line = 0;
	Dwarf_Files *files;
	size_t file_count = 0;
	const char *source = NULL;

	if (dwarf_attr(instance, DW_AT_call_file, &attribute) != NULL &&
	    dwarf_formudata(&attribute, &file) == 0 &&
	    dwarf_getsrcfiles(unit, &files, &file_count) == 0 && file < file_count)
		source = dwarf_filesrc(files, file, NULL, NULL);
	if (dwarf_attr(instance, DW_AT_call_line, &attribute) != NULL)
		(void)dwarf_formudata(&attribute, &line);
	struct error *err = array_reserve(&search->calls, &search->capacity, search->count + 1,
					  sizeof(*search->calls));
	if (err == NULL)
		search->calls[search->count++] = (struct inlined_call){ source, (unsigned)line };
	return err;
}

static bool may_hold_functions(int tag)
{
	switch (tag) {
	case DW_TAG_subprogram:
	case DW_TAG_inlined_subroutine:
	case DW_TAG_lexical_block:
	case DW_TAG_namespace:
	case DW_TAG_module:
	case DW_TAG_class_type:
	case DW_TAG_structure_type:
	case DW_TAG_union_type:
	case DW_TAG_enumeration_type:
	case DW_TAG_try_block:
	case DW_TAG_catch_block:
	case DW_TAG_partial_unit:
	case DW_TAG_compile_unit:
		return true;
	default:
		return false;
	}
}

/* Walks the tree below the unit, without calling itself. */
static struct error *search_unit(struct inlined_search *search, Dwarf_Die *unit)
{
	Dwarf_Die path[DIE_DEPTH_MAX];
	size_t depth = 0;
	bool has = dwarf_child(unit, &path[0]) == 0;
	struct error *err = NULL;

	while (err == NULL && (has || depth > 0)) {
		if (!has) { /* the end of a list of children: on behind their parent */
			depth--;
			has = dwarf_siblingof(&path[depth], &path[depth]) == 0;
			continue;
		}
		Dwarf_Die *die = &path[depth];
		int tag = dwarf_tag(die);
		bool wanted = false;
		if (tag == DW_TAG_inlined_subroutine)
			err = is_wanted(search, die, &wanted);
		if (err == NULL && wanted)
			err = add_call(search, unit, die);
		if (depth + 1 < DIE_DEPTH_MAX && may_hold_functions(tag) &&
		    dwarf_child(die, &path[depth + 1]) == 0)
			depth++;
		else
			has = dwarf_siblingof(die, die) == 0;
	}
	return err;
}

struct error *line_reader_find_inlined(struct line_reader *reader,
				       const struct pattern_set *patterns, size_t pattern,
				       struct inlined_call **ret, size_t *ret_count)
{
	struct inlined_search search = { .patterns = patterns, .pattern = pattern };
	Dwarf_CU *unit = NULL;
	Dwarf_Die lines, functions;
	struct error *err = NULL;

	while (err == NULL && line_reader_next_unit(reader, &unit, &lines, &functions))
		err = search_unit(&search, &functions);
	addr_map_deinit(&search.verdicts);
	if (err != NULL || search.count == 0) {
		free(search.calls);
		search = (struct inlined_search){ 0 };
	}
	*ret = search.calls;
	*ret_count = search.count;
	return err;
}
