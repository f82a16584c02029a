/* What a line_reader holds (symbols layer; only for the files that implement dwarf_function.h). */
#ifndef SYMBOLS_DWARF_DWARF_FUNCTION_PRIVATE_H
#define SYMBOLS_DWARF_DWARF_FUNCTION_PRIVATE_H

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/elf/dwfl_session.h"
#include "tracer/base/addr_map.h"

/* Code of one compilation unit, in DWARF's addresses. */
struct unit_range {
	Dwarf_Addr start, end;
	Dwarf_Die unit;
	Dwarf_Die functions; /* the unit in a .dwo file, or @unit */
};

struct line_reader {
	struct dwfl_session *session;
	Dwarf *dwarf;		   /* NULL: there is none */
	uint64_t bias;		   /* DWARF's address less the file's */
	Dwarf_CFI *eh_frame;	   /* NULL: there is none, or it was not needed yet */
	struct unit_range *ranges; /* by start */
	size_t count, capacity;
	/* Where functions are declared: DWARF's address of the first instruction -> path. */
	struct addr_map declarations;
	struct addr_map
		units_declared; /* those whose functions are in it, by their DIE's address */
};

/*
 * The unit behind @unit (NULL: the first), and its two DIEs: the one in the file itself, which has
 * the lines, and the one that has the functions (the same but for split DWARF). False: no more.
 */
bool line_reader_next_unit(const struct line_reader *reader, Dwarf_CU **unit, Dwarf_Die *ret_lines,
			   Dwarf_Die *ret_functions);

/* The unit whose code holds DWARF's @address; NULL: none. */
struct unit_range *line_reader_range(struct line_reader *reader, Dwarf_Addr address);

/* The rule for the CFA in @frame; false: it is no register and offset. */
bool cfa_rule_of_frame(Dwarf_Frame *frame, struct cfa_rule *ret);

#endif
