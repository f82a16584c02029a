/* The functions in the tree of a DWARF unit; see dwarf_walk.h. Symbols layer. */
#include "symbols/dwarf/dwarf_walk.h"

#include <dwarf.h>
#include <stddef.h>

/* Deeper nesting than any compiler's; a made-up file may nest without end. */
enum { DIE_DEPTH_MAX = 128 };

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
		return true;
	default:
		return false;
	}
}

struct error *dwarf_walk_functions(Dwarf_Die *unit,
				   struct error *(*visit)(void *context, Dwarf_Die *die, int tag),
				   void *context)
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
		if (tag == DW_TAG_subprogram || tag == DW_TAG_inlined_subroutine)
			err = visit(context, die, tag);
		if (depth + 1 < DIE_DEPTH_MAX && may_hold_functions(tag) &&
		    dwarf_child(die, &path[depth + 1]) == 0)
			depth++;
		else
			has = dwarf_siblingof(die, die) == 0;
	}
	return err;
}

bool dwarf_entry_of(Dwarf_Die *function, Dwarf_Addr *ret)
{
	Dwarf_Addr base, end;

	return dwarf_entrypc(function, ret) == 0 || dwarf_ranges(function, 0, &base, ret, &end) > 0;
}

const char *dwarf_source_of(Dwarf_Die *unit, Dwarf_Die *die, unsigned attribute)
{
	Dwarf_Attribute value;
	Dwarf_Word number;
	Dwarf_Files *files;
	size_t count;

	if (dwarf_attr_integrate(die, attribute, &value) == NULL ||
	    dwarf_formudata(&value, &number) != 0 || dwarf_getsrcfiles(unit, &files, &count) != 0 ||
	    number >= count)
		return NULL;
	return dwarf_filesrc(files, number, NULL, NULL);
}

const char *dwarf_linkage_name_of(Dwarf_Die *function)
{
	Dwarf_Attribute attribute;

	if (dwarf_attr_integrate(function, DW_AT_linkage_name, &attribute) != NULL ||
	    dwarf_attr_integrate(function, DW_AT_MIPS_linkage_name, &attribute) != NULL)
		return dwarf_formstring(&attribute);
	return dwarf_diename(function);
}
