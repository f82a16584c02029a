/* What a line_reader holds: for the files of symbols/ that implement dwarf_function.h, nobody else. */
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
	Dwarf_CFI *eh_frame;	   /* NULL: there is none, or nobody has asked */
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

/* The rule for the CFA in @frame; false: it is no register and offset. */
bool cfa_rule_of_frame(Dwarf_Frame *frame, struct cfa_rule *ret);

#endif
