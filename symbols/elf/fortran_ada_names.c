/* Names of Fortran and Ada; see fortran_ada_names.h. Symbols layer. */
#include "symbols/elf/fortran_ada_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "symbols/names/linkage_name.h"
#include "tracer/base/array.h"

/* No compiler of these languages makes longer names. */
enum { WRITTEN_NAME_MAX_BYTES = 1024 };

/* An alias of symbol number @index, shown before it. */
static struct error *elf_symbols_add_alias(struct elf_symbols *symbols, size_t index,
					   const char *name, size_t bytes)
{
	struct error *err = array_reserve(&symbols->items, &symbols->capacity, symbols->count + 1,
					  sizeof(*symbols->items));

	if (err != NULL)
		return err;
	struct elf_symbol alias = symbols->items[index];
	alias.name = name;
	alias.name_bytes = (uint32_t)bytes;
	alias.rank = 0;
	symbols->items[symbols->count++] = alias;
	return NULL;
}

/* gfortran: a procedure outside any module, `solve`, is the global symbol solve_. */
static bool is_fortran_external(const struct elf_symbol *symbol)
{
	const char *name = symbol->name;
	size_t bytes = symbol->name_bytes;

	if (bytes < 2 || name[bytes - 1] != '_' || !islower((unsigned char)name[0]))
		return false;
	for (size_t i = 0; i < bytes; i++) {
		if (!islower((unsigned char)name[i]) && !isdigit((unsigned char)name[i]) &&
		    name[i] != '_')
			return false;
	}
	return true;
}

/* With an underscore in the name itself, f2c and old compilers append two. */
static size_t fortran_name_bytes(const struct elf_symbol *symbol)
{
	size_t bytes = symbol->name_bytes - 1;

	return bytes > 1 && symbol->name[bytes - 1] == '_' ? bytes - 1 : bytes;
}

/*
 * GNAT writes pkg.sub.proc as pkg__sub__proc, and the main procedure as _ada_main (exp_dbug.ads,
 * "Encoding of names"). libiberty puts what it cannot read in angle brackets.
 */
static struct error *add_ada_alias(struct elf_symbols *symbols, size_t index)
{
	char name[WRITTEN_NAME_MAX_BYTES];
	const struct elf_symbol *symbol = &symbols->items[index];
	size_t bytes = symbol->name_bytes;

	if (bytes >= sizeof(name))
		return NULL;
	memcpy(name, symbol->name, bytes);
	name[bytes] = '\0';
	name[linkage_name_base_bytes(name)] = '\0';
	if (strncmp(name, "_ada_", 5) != 0 &&
	    (!islower((unsigned char)name[0]) || strstr(name, "__") == NULL))
		return NULL;
	char *written = ada_demangle(name, 0);
	if (written == NULL || written[0] == '<' || written[0] == '\0') {
		free(written);
		return NULL;
	}
	struct error *err = elf_symbols_keep_made(symbols, written);
	return err ? err : elf_symbols_add_alias(symbols, index, written, strlen(written));
}

struct error *fortran_ada_names_add(struct elf_symbols *symbols)
{
	size_t count = symbols->count; /* aliases have none of their own */
	struct error *err = NULL;

	for (size_t i = 0; i < count && err == NULL; i++) {
		if (symbols->items[i].is_label)
			continue;
		if (symbols->is_fortran && is_fortran_external(&symbols->items[i]))
			err = elf_symbols_add_alias(symbols, i, symbols->items[i].name,
						    fortran_name_bytes(&symbols->items[i]));
		else if (symbols->is_ada)
			err = add_ada_alias(symbols, i);
	}
	return err;
}
