/*
 * What an ELF file takes from its libraries (symbols layer).
 */
#ifndef SYMBOLS_ELF_IMPORTS_H
#define SYMBOLS_ELF_IMPORTS_H

#include <stdbool.h>

/*
 * Whether the file at @path has an undefined dynamic symbol @name. False when it has none, or cannot be
 * read as ELF: this only guides a choice.
 */
bool file_imports(const char *path, const char *name);

#endif
