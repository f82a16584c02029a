/* Which functions of a file the patterns ask for; see symbol_file.h. Symbols layer. */
#include <stdlib.h>

#include "symbols/demangle.h"
#include "symbols/symbol_file_private.h"
#include "tracer/base/array.h"

/* One walk over a file. */
struct match_walk {
	const struct symbol_file *file;
	const struct pattern_set *patterns;
	size_t *wanted; /* the patterns that may match in this module */
	size_t wanted_count;
	bool *found; /* by index in @wanted: the function at hand has matched it already */
	struct symbol_match *matches;
	size_t count, capacity;
};

static struct error *match_walk_init(struct match_walk *walk)
{
	size_t count = pattern_set_count(walk->patterns);

	walk->wanted = calloc(count + 1, sizeof(*walk->wanted));
	walk->found = calloc(count + 1, sizeof(*walk->found));
	if (walk->wanted == NULL || walk->found == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++) {
		if (pattern_set_match_module(walk->patterns, i, walk->file->name))
			walk->wanted[walk->wanted_count++] = i;
	}
	return NULL;
}

static struct error *match_walk_add(struct match_walk *walk, size_t pattern, size_t function,
				    const char *label)
{
	struct error *err = array_reserve(&walk->matches, &walk->capacity, walk->count + 1,
					  sizeof(*walk->matches));

	if (err == NULL)
		walk->matches[walk->count++] =
			(struct symbol_match){ pattern, &walk->file->symtab.functions[function],
					       label };
	return err;
}

/* Tries one name of a function on every pattern that has not matched the function yet. */
static struct error *match_walk_name(struct match_walk *walk, size_t function, size_t name)
{
	const char *linkage_name = symtab_name(&walk->file->symtab, name);
	char *demangled = NULL; /* made at most once; most names never need it */
	const char *label = NULL;
	struct error *err = NULL;

	for (size_t i = 0; i < walk->wanted_count && err == NULL; i++) {
		size_t pattern = walk->wanted[i];
		if (walk->found[i])
			continue;
		bool matches = pattern_set_match_linkage(walk->patterns, pattern, linkage_name);
		if (!matches &&
		    pattern_set_needs_demangled(walk->patterns, pattern, linkage_name)) {
			if (demangled == NULL && label == NULL)
				err = demangle(linkage_name, &demangled);
			if (err != NULL)
				break;
			matches = pattern_set_match(walk->patterns, pattern, linkage_name,
						    label ? label : demangled);
		}
		if (!matches)
			continue;
		walk->found[i] = true;
		if (demangled != NULL) {
			err = symbol_file_keep_label(walk->file, name, demangled, &label);
			demangled = NULL;
		} else if (label == NULL) {
			err = symbol_file_name_label(walk->file, name, &label);
		}
		if (err == NULL)
			err = match_walk_add(walk, pattern, function, label);
	}
	free(demangled);
	return err;
}

static int match_compare(const void *left, const void *right)
{
	const struct symbol_match *a = left, *b = right;

	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return (a->function > b->function) - (a->function < b->function);
}

struct error *symbol_file_match(const struct symbol_file *file, const struct pattern_set *patterns,
				struct symbol_match **ret_matches, size_t *ret_count)
{
	struct match_walk walk = { .file = file, .patterns = patterns };
	const struct symtab *table = &file->symtab;
	struct error *err = match_walk_init(&walk);

	for (size_t f = 0; f < table->function_count && err == NULL && walk.wanted_count > 0; f++) {
		for (size_t i = 0; i < walk.wanted_count; i++)
			walk.found[i] = false;
		for (size_t n = table->first_names[f]; n < table->first_names[f + 1] && err == NULL;
		     n++)
			err = match_walk_name(&walk, f, n);
	}
	if (err != NULL) {
		free(walk.matches);
		walk.matches = NULL;
		walk.count = 0;
	}
	if (walk.count > 1)
		qsort(walk.matches, walk.count, sizeof(*walk.matches), match_compare);
	free(walk.wanted);
	free(walk.found);
	*ret_matches = walk.matches;
	*ret_count = walk.count;
	return err;
}
