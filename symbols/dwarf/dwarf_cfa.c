/* The rule for the CFA at an address; see dwarf_function.h. Symbols layer. */
#include <stdlib.h>

#include <dwarf.h>

#include "symbols/dwarf/dwarf_function_private.h"

/* What libdw makes of DW_CFA_def_cfa is one operation: a register and an offset. */
static bool rule_of_operation(const Dwarf_Op *op, struct cfa_rule *ret)
{
	if (op->atom == DW_OP_bregx)
		*ret = (struct cfa_rule){ (uint32_t)op->number, true, (int64_t)op->number2 };
	else if (op->atom >= DW_OP_breg0 && op->atom <= DW_OP_breg31)
		*ret = (struct cfa_rule){ op->atom - DW_OP_breg0, true, (int64_t)op->number };
	else
		return false;
	return true;
}

bool cfa_rule_of_frame(Dwarf_Frame *frame, struct cfa_rule *ret)
{
	Dwarf_Op *operations;
	size_t count;

	return dwarf_frame_cfa(frame, &operations, &count) == 0 && count == 1 &&
	       rule_of_operation(&operations[0], ret);
}

static bool find_in(Dwarf_CFI *cfi, Dwarf_Addr address, struct cfa_rule *ret)
{
	Dwarf_Frame *frame;

	if (cfi == NULL || dwarf_cfi_addrframe(cfi, address, &frame) != 0)
		return false;
	bool is_found = cfa_rule_of_frame(frame, ret);
	free(frame);
	return is_found;
}

void line_reader_find_cfa(struct line_reader *reader, taddr_t address, struct cfa_rule *ret)
{
	*ret = (struct cfa_rule){ 0 };
	if (reader->eh_frame == NULL)
		reader->eh_frame = dwarf_getcfi_elf(dwfl_session_elf(reader->session));
	if (!find_in(reader->eh_frame, address.value, ret) && reader->dwarf != NULL &&
	    !find_in(dwarf_getcfi(reader->dwarf), address.value + reader->bias, ret))
		*ret = (struct cfa_rule){ 0 };
}
