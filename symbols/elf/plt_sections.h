/*
 * Where an ELF file has its procedure linkage table (symbols layer).
 *
 * A stub of it jumps on to the function that it stands for. Some linkers give stubs symbols of type
 * STT_FUNC: malloc@plt (tcc), malloc$plt and malloc$pltgot (mold). They are no functions of anybody's,
 * and the function's own entry sees the same call.
 */
#ifndef SYMBOLS_ELF_PLT_SECTIONS_H
#define SYMBOLS_ELF_PLT_SECTIONS_H

#include <gelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PLT_SECTIONS_MAX = 8 };

struct plt_sections {
	struct {
		uint64_t start, bytes;
	} ranges[PLT_SECTIONS_MAX];
	size_t count;
};

/* Finds them by the names that all linkers use: .plt, .plt.sec, .plt.got, .plt.bnd, .iplt. */
void plt_sections_find(struct plt_sections *plts, Elf *elf);

bool plt_sections_hold(const struct plt_sections *plts, uint64_t address);

#endif
