/* What the DIE of a function says; see function_die.h. Symbols layer. */
#include "symbols/lines/function_die.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_walk.h"
#include "tracer/base/array.h"

struct error *code_ranges_add(struct code_ranges *ranges, Dwarf_Addr start, Dwarf_Addr end)
{
	if (start >= end)
		return NULL;
	struct error *err = array_reserve(&ranges->items, &ranges->capacity, ranges->count + 1,
					  sizeof(*ranges->items));
	if (err == NULL)
		ranges->items[ranges->count++] = (struct code_range){ start, end };
	return err;
}

struct error *code_ranges_add_die(struct code_ranges *ranges, Dwarf_Die *die)
{
	Dwarf_Addr base, start, end;
	ptrdiff_t at = 0;
	struct error *err = NULL;

	while (err == NULL && (at = dwarf_ranges(die, at, &base, &start, &end)) > 0)
		err = code_ranges_add(ranges, start, end);
	return err;
}

static int code_range_compare(const void *left, const void *right)
{
	const struct code_range *a = left, *b = right;

	return (a->start > b->start) - (a->start < b->start);
}

void code_ranges_join(struct code_ranges *ranges)
{
	size_t count = 0;

	if (ranges->count == 0)
		return;
	qsort(ranges->items, ranges->count, sizeof(*ranges->items), code_range_compare);
	for (size_t i = 1; i < ranges->count; i++) {
		struct code_range *last = &ranges->items[count];
		if (ranges->items[i].start > last->end)
			ranges->items[++count] = ranges->items[i];
		else if (ranges->items[i].end > last->end)
			last->end = ranges->items[i].end;
	}
	ranges->count = count + 1;
}

bool code_ranges_hold(const struct code_ranges *ranges, Dwarf_Addr address)
{
	size_t low = 0, high = ranges->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (ranges->items[middle].start > address)
			high = middle;
		else
			low = middle + 1;
	}
	return low > 0 && address < ranges->items[low - 1].end;
}

bool function_die_declaration(Dwarf_Die *function, const char **ret_source, unsigned *ret_line)
{
	Dwarf_Attribute attribute;
	Dwarf_Word line;
	Dwarf_Die unit;

	if (dwarf_attr_integrate(function, DW_AT_decl_line, &attribute) == NULL ||
	    dwarf_formudata(&attribute, &line) != 0 || line == 0 || line > INT32_MAX)
		return false;
	/* The number of a file is one of the unit that has the attribute, which may be another one. */
	if (dwarf_attr_integrate(function, DW_AT_decl_file, &attribute) == NULL ||
	    dwarf_cu_die(attribute.cu, &unit, NULL, NULL, NULL, NULL, NULL, NULL) == NULL)
		return false;
	*ret_source = dwarf_source_of(&unit, function, DW_AT_decl_file);
	*ret_line = (unsigned)line;
	return *ret_source != NULL;
}

/* The last option -O of @producer: 1 if it asks for optimised code, 0 if not, -1: there is none. */
static int optimisation_option(const char *producer)
{
	int found = -1;

	for (const char *at = producer; (at = strstr(at, " -O")) != NULL; at += 3) {
		char level = at[3];
		if (level != '\0' && strchr(" 0123sgfz", level) != NULL)
			found = level != '0';
	}
	return found;
}

/* A location that is not the same everywhere. */
static bool is_location_list(Dwarf_Attribute *location)
{
	switch (dwarf_whatform(location)) {
	case DW_FORM_sec_offset:
	case DW_FORM_loclistx:
	case DW_FORM_data4: /* DWARF 3 */
	case DW_FORM_data8:
		return true;
	default:
		return false;
	}
}

/* Blocks, and what was inlined, have variables, too; it is enough to look at those that are near. */
enum { VARIABLE_DEPTH_MOST = 6 };

static bool has_moving_variable(Dwarf_Die *scope, unsigned depth)
{
	Dwarf_Die child;
	bool has = depth < VARIABLE_DEPTH_MOST && dwarf_child(scope, &child) == 0;

	for (; has; has = dwarf_siblingof(&child, &child) == 0) {
		Dwarf_Attribute location;
		int tag = dwarf_tag(&child);
		if ((tag == DW_TAG_formal_parameter || tag == DW_TAG_variable) &&
		    dwarf_attr(&child, DW_AT_location, &location) != NULL &&
		    is_location_list(&location))
			return true;
		if ((tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) &&
		    has_moving_variable(&child, depth + 1))
			return true;
	}
	return false;
}

static bool has_flag(Dwarf_Die *die, unsigned flag)
{
	Dwarf_Attribute attribute;
	bool is_set = false;

	return dwarf_attr_integrate(die, flag, &attribute) != NULL &&
	       dwarf_formflag(&attribute, &is_set) == 0 && is_set;
}

bool function_die_is_optimised(Dwarf_Die *unit, Dwarf_Die *function)
{
	enum { APPLE_OPTIMIZED = 0x3fe1 }; /* LLVM's DW_AT_APPLE_optimized */
	Dwarf_Attribute attribute;
	const char *producer = dwarf_attr(unit, DW_AT_producer, &attribute) != NULL
				       ? dwarf_formstring(&attribute)
				       : NULL;
	if (producer == NULL)
		producer = "";
	int option = optimisation_option(producer);

	if (option >= 0)
		return option == 1;
	/* Without the option GCC does not optimise, and Go's compiler does. */
	if (strncmp(producer, "GNU ", 4) == 0)
		return false;
	if (strncmp(producer, "Go cmd/compile", 14) == 0)
		return strstr(producer, " -N") == NULL;
	return has_flag(unit, APPLE_OPTIMIZED) || has_flag(function, APPLE_OPTIMIZED) ||
	       has_flag(function, DW_AT_call_all_calls) ||
	       has_flag(function, DW_AT_GNU_all_call_sites) || has_moving_variable(function, 0);
}

struct inlined_walk {
	const char *source;
	unsigned line;
	struct inlined_code *found;
};

/* A function that is written within another one: a lambda of C++, a closure of Rust. */
static bool is_within_text(Dwarf_Die *function)
{
	const char *name = dwarf_diename(function);

	return name != NULL &&
	       (strncmp(name, "operator()", 10) == 0 || strstr(name, "closure") != NULL);
}

static struct error *visit_inlined(void *context, Dwarf_Die *die, int tag)
{
	struct inlined_walk *walk = context;
	const char *source;
	unsigned line;

	if (tag != DW_TAG_inlined_subroutine)
		return NULL;
	if (walk->source != NULL && function_die_declaration(die, &source, &line) &&
	    line > walk->line && line < walk->found->end_line &&
	    strcmp(source, walk->source) == 0 && !is_within_text(die))
		walk->found->end_line = line;
	return code_ranges_add_die(&walk->found->ranges, die);
}

struct error *function_die_inlined(Dwarf_Die *function, const char *source, unsigned line,
				   struct inlined_code *ret)
{
	struct inlined_walk walk = { source, line, ret };

	*ret = (struct inlined_code){ .end_line = UINT32_MAX };
	struct error *err = dwarf_walk_functions(function, visit_inlined, &walk);
	code_ranges_join(&ret->ranges);
	return err;
}
