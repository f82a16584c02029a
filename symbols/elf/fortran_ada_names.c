/* Names of Fortran and Ada; see fortran_ada_names.h. Symbols layer. */
#include "symbols/elf/fortran_ada_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <libiberty/demangle.h>

#include "symbols/names/demangle.h"
#include "tracer/base/array.h"

/* Beyond this no compiler of these languages goes. */
enum { FOREIGN_NAME_MAX_BYTES = 1024 };

/* An alias of symbol number @index, shown before it. */
static struct error *elf_symbols_add_alias(struct elf_symbols *raw, size_t index, const char *name,
					   size_t bytes)
{
	struct error *err =
		array_reserve(&raw->items, &raw->capacity, raw->count + 1, sizeof(*raw->items));

	if (err != NULL)
		return err;
	struct elf_symbol alias = raw->items[index];
	alias.name = name;
	alias.name_bytes = (uint32_t)bytes;
	alias.rank = 0;
	raw->items[raw->count++] = alias;
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
static struct error *add_ada_alias(struct elf_symbols *raw, size_t index)
{
	char name[FOREIGN_NAME_MAX_BYTES];
	const struct elf_symbol *symbol = &raw->items[index];
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
	struct error *err = elf_symbols_keep_made(raw, written);
	return err ? err : elf_symbols_add_alias(raw, index, written, strlen(written));
}

struct error *fortran_ada_names_add(struct elf_symbols *raw)
{
	size_t count = raw->count; /* aliases have none of their own */
	struct error *err = NULL;

	for (size_t i = 0; i < count && err == NULL; i++) {
		if (raw->items[i].is_label)
			continue;
		if (raw->is_fortran && is_fortran_external(&raw->items[i]))
			err = elf_symbols_add_alias(raw, i, raw->items[i].name,
						    fortran_name_bytes(&raw->items[i]));
		else if (raw->is_ada)
			err = add_ada_alias(raw, i);
	}
	return err;
}
