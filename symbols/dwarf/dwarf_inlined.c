/* Where functions have been inlined; see dwarf_function.h. Symbols layer. */
#include <stdlib.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"
#include "symbols/dwarf/dwarf_walk.h"
#include "symbols/names/demangle.h"
#include "symbols/pattern/source_match.h"
#include "tracer/base/addr_map.h"
#include "tracer/base/array.h"

struct inlined_search {
	const struct pattern_set *patterns;
	const size_t *wanted;
	size_t wanted_count;
	uint64_t bias;		/* DWARF's address less the file's */
	Dwarf_Die unit;		/* being searched */
	Dwarf_Die home;		/* the function that was met last */
	const void *known_home; /* whose ranges were added last, by its DIE's address */
	size_t first_home, home_count;
	struct addr_map verdicts; /* address of the abstract function's DIE -> function_known's */
	struct inlined_calls *found;
};

/* In the map of verdicts: an index among the functions found, or that none is wanted. */
static const uintptr_t FUNCTION_UNWANTED = 1, FUNCTION_FIRST = 2;

static bool source_matches(struct inlined_search *search, size_t pattern, Dwarf_Die *function)
{
	unsigned line;
	const char *wanted = pattern_set_source(search->patterns, pattern, &line);
	const char *source =
		wanted ? dwarf_source_of(&search->unit, function, DW_AT_decl_file) : NULL;

	return wanted == NULL || (source != NULL && source_match(wanted, source));
}

/* A symbol's version is not in DWARF. */
static bool name_matches(const struct inlined_search *search, size_t pattern,
			 const char *linkage_name, const char *label)
{
	return pattern_set_version(search->patterns, pattern) == NULL &&
	       pattern_set_match(search->patterns, pattern, linkage_name, label);
}

/* Sets the patterns of @function. */
static struct error *find_patterns(struct inlined_search *search, Dwarf_Die *die,
				   const char *linkage_name, struct inlined_function *function)
{
	function->patterns = calloc(search->wanted_count, sizeof(*function->patterns));
	if (function->patterns == NULL)
		return error_no_memory();
	bool is_wanted = false;
	for (size_t i = 0; i < search->wanted_count; i++) {
		size_t pattern = search->wanted[i];
		if (!name_matches(search, pattern, linkage_name, function->label) ||
		    !source_matches(search, pattern, die))
			continue;
		function->patterns[function->pattern_count++] = pattern;
		if (pattern_set_excludes(search->patterns, pattern))
			function->is_left_out = true;
		else
			is_wanted = true;
	}
	if (!is_wanted)
		function->pattern_count = 0;
	return NULL;
}

static void inlined_function_deinit(struct inlined_function *function)
{
	free(function->label);
	free(function->patterns);
}

/* Takes ownership of what @function holds. */
static struct error *add_function(struct inlined_calls *found,
				  const struct inlined_function *function)
{
	struct error *err = array_reserve(&found->functions, &found->function_capacity,
					  found->function_count + 1, sizeof(*found->functions));
	if (err == NULL)
		found->functions[found->function_count++] = *function;
	return err;
}

/* A function that is met for the first time: *@ret is its verdict. */
static struct error *judge_function(struct inlined_search *search, Dwarf_Die *die, uintptr_t *ret)
{
	const char *linkage_name = dwarf_linkage_name_of(die);

	*ret = FUNCTION_UNWANTED;
	if (linkage_name == NULL)
		return NULL;
	struct inlined_function function = { 0 };
	struct error *err = demangle(linkage_name, &function.label);
	if (err == NULL)
		err = find_patterns(search, die, linkage_name, &function);
	bool is_wanted = err == NULL && function.pattern_count > 0;
	if (is_wanted) {
		*ret = FUNCTION_FIRST + search->found->function_count;
		err = add_function(search->found, &function);
	}
	if (!is_wanted || err != NULL)
		inlined_function_deinit(&function);
	return err;
}

/* Many calls have one origin: its verdict is kept. */
static struct error *origin_verdict(struct inlined_search *search, Dwarf_Die *call, uintptr_t *ret)
{
	Dwarf_Attribute attribute;
	Dwarf_Die origin;

	*ret = FUNCTION_UNWANTED;
	if (dwarf_attr(call, DW_AT_abstract_origin, &attribute) == NULL ||
	    dwarf_formref_die(&attribute, &origin) == NULL)
		return NULL;
	uint64_t key = (uintptr_t)origin.addr;
	uintptr_t known = (uintptr_t)addr_map_get(&search->verdicts, key);
	if (known != 0) {
		*ret = known;
		return NULL;
	}
	struct error *err = judge_function(search, &origin, ret);
	return err ? err : addr_map_put(&search->verdicts, key, (void *)*ret);
}

static struct error *add_ranges(struct inlined_search *search, Dwarf_Die *die, size_t *ret_first,
				size_t *ret_count)
{
	struct inlined_calls *found = search->found;
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	struct error *err = NULL;

	*ret_first = found->range_count;
	while (err == NULL && (at = dwarf_ranges(die, at, &base, &start, &end)) > 0) {
		if (start >= end)
			continue;
		err = array_reserve(&found->ranges, &found->range_capacity, found->range_count + 1,
				    sizeof(*found->ranges));
		if (err == NULL)
			found->ranges[found->range_count++] =
				(struct inlined_range){ taddr(start - search->bias),
							taddr(end - search->bias) };
	}
	*ret_count = found->range_count - *ret_first;
	return err;
}

/* The same function holds many calls. */
static struct error *add_home(struct inlined_search *search, struct inlined_call *call)
{
	struct error *err = NULL;

	if (search->home.addr != NULL && search->home.addr != search->known_home) {
		err = add_ranges(search, &search->home, &search->first_home, &search->home_count);
		search->known_home = search->home.addr;
	}
	call->first_home = search->first_home;
	call->home_count = search->home_count;
	return err;
}

/* DW_AT_entry_pc: an address, or an offset from the first range (DWARF 5, 2.18). */
static taddr_t entry_of(const struct inlined_search *search, Dwarf_Die *die,
			const struct inlined_call *call)
{
	const taddr_t first = search->found->ranges[call->first_range].start;
	Dwarf_Attribute attribute;
	Dwarf_Addr address;
	Dwarf_Word offset;

	if (dwarf_attr(die, DW_AT_entry_pc, &attribute) == NULL)
		return taddr(0);
	if (dwarf_formaddr(&attribute, &address) == 0)
		return taddr(address - search->bias);
	return dwarf_formudata(&attribute, &offset) == 0 ? taddr_add(first, offset) : taddr(0);
}

static struct error *add_call(struct inlined_search *search, Dwarf_Die *die, size_t function)
{
	struct inlined_calls *found = search->found;
	struct inlined_call call = {
		.function = function,
		.source = dwarf_source_of(&search->unit, die, DW_AT_call_file),
	};
	Dwarf_Attribute attribute;
	Dwarf_Word line = 0;

	if (dwarf_attr(die, DW_AT_call_line, &attribute) != NULL)
		(void)dwarf_formudata(&attribute, &line);
	call.line = (unsigned)line;
	struct error *err = array_reserve(&found->calls, &found->capacity, found->count + 1,
					  sizeof(*found->calls));
	if (err == NULL)
		err = add_ranges(search, die, &call.first_range, &call.range_count);
	if (err == NULL && call.range_count > 0)
		err = add_home(search, &call);
	if (err != NULL)
		return err;
	if (call.range_count > 0)
		call.entry = entry_of(search, die, &call);
	found->calls[found->count++] = call;
	return NULL;
}

static struct error *visit_function(void *context, Dwarf_Die *die, int tag)
{
	struct inlined_search *search = context;
	uintptr_t verdict;

	if (tag != DW_TAG_inlined_subroutine) {
		search->home = *die;
		return NULL;
	}
	struct error *err = origin_verdict(search, die, &verdict);
	if (err != NULL || verdict == FUNCTION_UNWANTED ||
	    search->found->functions[verdict - FUNCTION_FIRST].is_left_out)
		return err;
	return add_call(search, die, verdict - FUNCTION_FIRST);
}

struct error *line_reader_find_inlined(struct line_reader *reader,
				       const struct pattern_set *patterns, const size_t *wanted,
				       size_t wanted_count, struct inlined_calls *ret)
{
	*ret = (struct inlined_calls){ 0 };
	struct inlined_search search = {
		.patterns = patterns,
		.wanted = wanted,
		.wanted_count = wanted_count,
		.bias = reader->bias,
		.found = ret,
	};
	Dwarf_CU *unit = NULL;
	Dwarf_Die lines, functions;
	struct error *err = NULL;

	while (err == NULL && wanted_count > 0 &&
	       line_reader_next_unit(reader, &unit, &lines, &functions)) {
		search.unit = functions;
		err = dwarf_walk_functions(&functions, visit_function, &search);
	}
	addr_map_deinit(&search.verdicts);
	if (err != NULL)
		inlined_calls_deinit(ret);
	return err;
}

void inlined_calls_deinit(struct inlined_calls *calls)
{
	for (size_t i = 0; i < calls->function_count; i++)
		inlined_function_deinit(&calls->functions[i]);
	free(calls->functions);
	free(calls->calls);
	free(calls->ranges);
	*calls = (struct inlined_calls){ 0 };
}
