/*
 * The sections of an ELF file by their names (symbols layer).
 */
#ifndef SYMBOLS_ELF_ELF_SECTIONS_H
#define SYMBOLS_ELF_ELF_SECTIONS_H

#include <gelf.h>

/*
 * Walks: start with *@section = NULL. Sets it to the next section that has a name, and *@ret_header to
 * its header; returns the name, valid as long as @elf. NULL at the end, or when the file names none.
 */
const char *elf_section_next(Elf *elf, Elf_Scn **section, GElf_Shdr *ret_header);

#endif
