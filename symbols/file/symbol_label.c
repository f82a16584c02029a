/*
 * The names of functions that users see; see symbol_file.h. Symbols layer.
 *
 * A label is the demangled name. Where local functions of several sources have one name, the source
 * stands in front, `file.c:name`, which is also a pattern for it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/file/symbol_file_private.h"
#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"

/* What is known of all symbols with one name, clone suffixes left off; lies in a map's value. */
enum {
	HOMONYM_KNOWN = 1 << 0,	  /* so that the value is not NULL */
	HOMONYM_GLOBAL = 1 << 1,  /* one of them has no source: it is global */
	HOMONYM_SEVERAL = 1 << 2, /* they have different sources */
	HOMONYM_BITS = 3,	  /* above: the first source */
};

/* FNV-1a, 64 bits: that two names share a value is not to be expected. */
static uint64_t base_name_hash(const char *name, size_t bytes)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < bytes; i++)
		hash = (hash ^ (unsigned char)name[i]) * UINT64_C(0x100000001b3);
	return hash;
}

/* The same source in the text twice is one source. */
static bool same_source(const struct symtab *table, uintptr_t a, uintptr_t b)
{
	return a == b || strcmp(table->text + a, table->text + b) == 0;
}

static struct error *homonyms_note(const struct symbol_file *file, size_t name)
{
	const struct symtab *table = &file->symtab;
	const char *text = symtab_name(table, name);
	size_t base_bytes = linkage_name_base_bytes(text);
	uint64_t hash = base_name_hash(text, base_bytes);
	uintptr_t source = table->sources[name];
	uintptr_t known = (uintptr_t)addr_map_get(file->homonyms, hash);
	uintptr_t first = known >> HOMONYM_BITS;

	if (source == 0) {
		/* A clone of a global function is local, and may have lost its source. */
		if (text[base_bytes] == '\0')
			known |= HOMONYM_GLOBAL;
	} else if (first == 0) {
		known |= source << HOMONYM_BITS;
	} else if (!same_source(table, first, source)) {
		known |= HOMONYM_SEVERAL;
	}
	return addr_map_put(file->homonyms, hash, (void *)(known | HOMONYM_KNOWN));
}

static struct error *homonyms_find(const struct symbol_file *file)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < file->symtab.name_count; i++)
		err = homonyms_note(file, i);
	return err;
}

/* The source that a name's label must say, NULL: none. */
static struct error *telling_source(const struct symbol_file *file, size_t name, const char **ret)
{
	const struct symtab *table = &file->symtab;
	const char *text = symtab_name(table, name);
	size_t base_bytes = linkage_name_base_bytes(text);

	*ret = NULL;
	if (table->sources[name] == 0)
		return NULL;
	if (file->homonyms->count == 0) {
		struct error *err = homonyms_find(file);
		if (err != NULL)
			return err;
	}
	uintptr_t known = (uintptr_t)addr_map_get(file->homonyms, base_name_hash(text, base_bytes));
	/* A clone beside a global function is taken for the clone of that one. */
	bool is_clone = text[base_bytes] != '\0';
	bool is_ambiguous = (known & HOMONYM_GLOBAL) ? !is_clone : (known & HOMONYM_SEVERAL) != 0;
	const char *source = table->text + table->sources[name];
	if (is_ambiguous)
		*ret = basename(source);
	return NULL;
}

struct error *symbol_file_name_label(const struct symbol_file *file, size_t name, char *demangled,
				     const char **ret)
{
	const char *source = NULL;
	struct error *err = NULL;

	*ret = addr_map_get(file->labels, name + 1);
	if (*ret == NULL && demangled == NULL)
		err = demangle(symtab_name(&file->symtab, name), &demangled);
	if (*ret == NULL && err == NULL)
		err = telling_source(file, name, &source);
	if (*ret != NULL || err != NULL) {
		free(demangled);
		return err;
	}
	char *label = demangled;
	if (source != NULL) {
		if (asprintf(&label, "%s:%s", source, demangled) < 0)
			label = NULL;
		free(demangled);
	}
	err = label ? addr_map_put(file->labels, name + 1, label) : error_no_memory();
	if (err != NULL)
		free(label);
	else
		*ret = label;
	return err;
}

struct error *symbol_file_label(const struct symbol_file *file, const struct function *function,
				size_t index, const char **ret)
{
	const struct symtab *table = &file->symtab;
	size_t number = (size_t)(function - table->functions);

	*ret = NULL;
	if (index >= table->first_names[number + 1] - table->first_names[number])
		return NULL;
	return symbol_file_name_label(file, table->first_names[number] + index, NULL, ret);
}
