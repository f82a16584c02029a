/*
 * Indirect functions that a linker has put behind stubs (symbols layer; only elf_symbols.c uses it).
 *
 * A program that takes the address of its own STT_GNU_IFUNC function gets one address of it for all:
 * that of a stub in its PLT, and lld then writes the function as an STT_FUNC symbol there. The resolver
 * is known by the relocation of the word that the stub jumps through.
 */
#ifndef SYMBOLS_ELF_IFUNC_STUBS_H
#define SYMBOLS_ELF_IFUNC_STUBS_H

#include <gelf.h>
#include <stdbool.h>
#include <stdint.h>

#include "tracer/base/addr_map.h"
#include "tracer/base/error.h"

struct ifunc_stubs {
	Elf *elf;		   /* borrowed; set by the user, the rest zeroed */
	struct addr_map resolvers; /* by the address of the word */
	bool is_read;
};

/* The resolver of the stub at @address; 0: it stands for a function of another file. */
struct error *ifunc_stubs_resolver(struct ifunc_stubs *stubs, uint64_t address,
				   uint64_t *ret) MUST_CHECK;
void ifunc_stubs_deinit(struct ifunc_stubs *stubs);

#endif
