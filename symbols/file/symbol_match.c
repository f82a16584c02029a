/* Which functions of a file the patterns ask for; see symbol_file.h. Symbols layer. */
#include <stdlib.h>
#include <string.h>

#include "symbols/dwarf/dwarf_function.h"
#include "symbols/file/symbol_file_private.h"
#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"
#include "symbols/pattern/source_match.h"
#include "tracer/base/array.h"
#include "tracer/base/heap.h"
#include "tracer/base/log.h"

/* A match by numbers, as a child can tell it. */
struct found_match {
	uint64_t pattern, function, name;
};

/* One walk over a file. */
struct match_walk {
	const struct symbol_file *file;
	const struct pattern_set *patterns;
	bool is_program;
	size_t *wanted; /* the patterns by name that may match in this module */
	size_t wanted_count;
	bool *found;	  /* by index in @wanted: the function at hand has matched it already */
	bool reads_dwarf; /* in a child; else sources are those of the symbol table */
	struct line_reader *lines; /* opened when a source is first asked for */
	struct found_match *found_matches;
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
		if (pattern_set_has_name(walk->patterns, i) &&
		    pattern_set_match_module(walk->patterns, i, walk->file->name))
			walk->wanted[walk->wanted_count++] = i;
	}
	return NULL;
}

static void match_walk_deinit(struct match_walk *walk)
{
	line_reader_close(walk->lines);
	free(walk->found_matches);
	free(walk->wanted);
	free(walk->found);
}

static struct error *match_walk_add(struct match_walk *walk, size_t pattern, size_t function,
				    size_t name)
{
	struct error *err = array_reserve(&walk->found_matches, &walk->capacity, walk->count + 1,
					  sizeof(*walk->found_matches));

	if (err == NULL)
		walk->found_matches[walk->count++] =
			(struct found_match){ pattern, function, name };
	return err;
}

static struct error *match_walk_open_lines(struct match_walk *walk)
{
	return walk->lines ? NULL : symbol_file_open_lines(walk->file, &walk->lines);
}

/* Whether the function is written in the source that the pattern asks for. */
static struct error *match_walk_source(struct match_walk *walk, size_t pattern, size_t function,
				       size_t name, bool *ret)
{
	const struct symtab *table = &walk->file->symtab;
	const char *symbol_source = table->text + table->sources[name], *source;
	unsigned line;
	const char *wanted = pattern_set_source(walk->patterns, pattern, &line);

	*ret = wanted == NULL || (*symbol_source != '\0' && source_match(wanted, symbol_source));
	if (*ret || !walk->reads_dwarf)
		return NULL;
	struct error *err = match_walk_open_lines(walk);
	taddr_t start = table->functions[function].start;
	*ret = err == NULL && line_reader_find(walk->lines, start, &source, &line) &&
	       source_match(wanted, source);
	if (err != NULL || *ret)
		return err;
	err = line_reader_find_declaration(walk->lines, start, &source);
	*ret = err == NULL && source != NULL && source_match(wanted, source);
	return err;
}

/*
 * A label without a type may be a function of assembly, if it is asked for by its name alone and does
 * not lie within a function.
 */
static bool match_walk_is_function(const struct match_walk *walk, size_t pattern, size_t function)
{
	const struct symtab *table = &walk->file->symtab;
	const struct function *label = &table->functions[function];

	return !label->is_label ||
	       (pattern_set_is_name(walk->patterns, pattern) &&
		(function == 0 || table->reach[function - 1] <= label->start.value));
}

static bool match_walk_version(const struct match_walk *walk, size_t pattern, size_t name)
{
	const struct symtab *table = &walk->file->symtab;
	const char *version = pattern_set_version(walk->patterns, pattern);

	return version == NULL || strcmp(version, table->text + table->versions[name]) == 0;
}

/* Tries one name of a function on every pattern that has not matched the function yet. */
static struct error *match_walk_name(struct match_walk *walk, size_t function, size_t name)
{
	const char *linkage_name = symtab_name(&walk->file->symtab, name);
	char *demangled = NULL; /* made at most once; most names never need it */
	struct error *err = NULL;

	for (size_t i = 0; i < walk->wanted_count && err == NULL; i++) {
		size_t pattern = walk->wanted[i];
		if (walk->found[i] || !match_walk_is_function(walk, pattern, function))
			continue;
		bool matches = pattern_set_match_linkage(walk->patterns, pattern, linkage_name);
		if (!matches &&
		    pattern_set_needs_demangled(walk->patterns, pattern, linkage_name)) {
			if (demangled == NULL)
				err = demangle(linkage_name, &demangled);
			if (err != NULL)
				break;
			matches =
				pattern_set_match(walk->patterns, pattern, linkage_name, demangled);
		}
		if (matches && match_walk_version(walk, pattern, name))
			err = match_walk_source(walk, pattern, function, name, &matches);
		else
			matches = false;
		if (!matches || err != NULL)
			continue;
		walk->found[i] = true;
		err = match_walk_add(walk, pattern, function, name);
	}
	free(demangled);
	return err;
}

static struct error *match_walk_names(struct match_walk *walk)
{
	const struct symtab *table = &walk->file->symtab;
	struct error *err = NULL;

	for (size_t f = 0; f < table->function_count && err == NULL && walk->wanted_count > 0;
	     f++) {
		for (size_t i = 0; i < walk->wanted_count; i++)
			walk->found[i] = false;
		for (size_t n = table->first_names[f]; n < table->first_names[f + 1] && err == NULL;
		     n++)
			err = match_walk_name(walk, f, n);
	}
	return err;
}

/* The function around a place, under its first name; once a pattern. */
static struct error *match_walk_place(struct match_walk *walk, size_t pattern, taddr_t address)
{
	const struct symtab *table = &walk->file->symtab;
	const struct function *function = symbol_file_function_around(walk->file, address);

	if (function == NULL)
		return NULL;
	size_t number = (size_t)(function - table->functions);
	for (size_t i = walk->count; i > 0 && walk->found_matches[i - 1].pattern == pattern; i--) {
		if (walk->found_matches[i - 1].function == number)
			return NULL;
	}
	return match_walk_add(walk, pattern, number, table->first_names[number]);
}

static struct error *match_walk_line(struct match_walk *walk, size_t pattern, const char *source,
				     unsigned line)
{
	struct line_code *code = NULL;
	size_t count = 0;

	struct error *err = match_walk_open_lines(walk);
	if (err == NULL)
		err = line_reader_find_code(walk->lines, source, line, &code, &count);
	for (size_t i = 0; i < count && err == NULL; i++) {
		if (!code[i].is_inlined)
			err = match_walk_place(walk, pattern, code[i].address);
	}
	free(code);
	return err;
}

static struct error *match_walk_places(struct match_walk *walk)
{
	const struct pattern_set *patterns = walk->patterns;
	struct error *err = NULL;

	for (size_t i = 0; i < pattern_set_count(patterns) && err == NULL; i++) {
		taddr_t address;
		unsigned line;
		if (!pattern_set_match_module(patterns, i, walk->file->name))
			continue;
		const char *source = pattern_set_source(patterns, i, &line);
		bool is_here = walk->is_program || pattern_set_has_module(patterns, i);
		if (line > 0 && walk->reads_dwarf)
			err = match_walk_line(walk, i, source, line);
		else if (line == 0 && is_here && pattern_set_address(patterns, i, &address))
			err = match_walk_place(walk, i, address);
	}
	return err;
}

static struct error *match_walk_run(struct match_walk *walk)
{
	struct error *err = match_walk_names(walk);
	return err ? err : match_walk_places(walk);
}

/* In the child: matches by DWARF, writes the matches. */
static struct error *match_walk_in_child(void *context, FILE *out)
{
	struct match_walk *walk = context;

	walk->reads_dwarf = true;
	struct error *err = match_walk_run(walk);
	if (err == NULL && walk->count > 0)
		fwrite(walk->found_matches, sizeof(*walk->found_matches), walk->count, out);
	return err;
}

/* Takes the matches that the child has sent, after a check of every index. */
static struct error *match_walk_receive(struct match_walk *walk, const struct isolated *sent)
{
	const struct symtab *table = &walk->file->symtab;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < sent->bytes / sizeof(struct found_match); i++) {
		const struct found_match *found = (const struct found_match *)sent->data + i;
		bool is_sound = found->pattern < pattern_set_count(walk->patterns) &&
				found->function < table->function_count &&
				found->name >= table->first_names[found->function] &&
				found->name < table->first_names[found->function + 1];
		err = is_sound ? match_walk_add(walk, found->pattern, found->function, found->name)
			       : error_new(ERR_FORMAT, "it is damaged: reading it led astray");
	}
	return err;
}

/* With DWARF, which is read in a child; a file whose DWARF cannot be read has none. */
static struct error *match_walk_isolated(struct match_walk *walk)
{
	struct isolated sent = { 0 };

	struct error *err = isolate_run(match_walk_in_child, walk, &DWARF_LIMITS, &sent);
	if (err == NULL)
		err = match_walk_receive(walk, &sent);
	isolated_deinit(&sent);
	if (err == NULL)
		return NULL;
	log_warning("the debugging information of %s cannot be used: %s", walk->file->name,
		    error_message(err));
	error_free(err);
	walk->count = 0;
	return match_walk_run(walk);
}

/* Whether a pattern for this module names a source. */
static bool match_walk_needs_dwarf(const struct match_walk *walk)
{
	unsigned line;

	for (size_t i = 0; i < pattern_set_count(walk->patterns); i++) {
		if (pattern_set_source(walk->patterns, i, &line) != NULL &&
		    pattern_set_match_module(walk->patterns, i, walk->file->name))
			return true;
	}
	return false;
}

static int match_compare(const void *left, const void *right)
{
	const struct symbol_match *a = left, *b = right;

	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return (a->function > b->function) - (a->function < b->function);
}

/*
 * Takes out the functions that a pattern with ! in front has found, and its own matches; notes the
 * patterns to which that happened.
 */
static struct error *match_walk_exclude(struct match_walk *walk)
{
	enum { EXCLUDED = 1, WANTED = 2, LEFT_OUT = EXCLUDED | WANTED };
	size_t kept = 0;
	bool any = false;

	for (size_t i = 0; i < walk->count && !any; i++)
		any = pattern_set_excludes(walk->patterns, walk->found_matches[i].pattern);
	if (!any)
		return NULL;
	uint8_t *marks = calloc(walk->file->symtab.function_count + 1, sizeof(*marks));
	if (marks == NULL)
		return error_no_memory();
	for (size_t i = 0; i < walk->count; i++) {
		const struct found_match *found = &walk->found_matches[i];
		bool excludes = pattern_set_excludes(walk->patterns, found->pattern);
		marks[found->function] |= excludes ? EXCLUDED : WANTED;
	}
	for (size_t i = 0; i < walk->count; i++) {
		const struct found_match found = walk->found_matches[i];
		if (marks[found.function] == LEFT_OUT)
			pattern_set_note_left_out(walk->patterns, found.pattern);
		if (marks[found.function] == WANTED)
			walk->found_matches[kept++] = found;
	}
	walk->count = kept;
	free(marks);
	return NULL;
}

static struct error *match_make(const struct match_walk *walk, const struct found_match *found,
				struct symbol_match *ret)
{
	const struct symtab *table = &walk->file->symtab;

	*ret = (struct symbol_match){
		.pattern = found->pattern,
		.function = &table->functions[found->function],
		.is_place = !pattern_set_has_name(walk->patterns, found->pattern),
		.variant = linkage_name_variant(symtab_name(table, found->name)),
	};
	return symbol_file_name_label(walk->file, found->name, NULL, &ret->label);
}

struct error *symbol_file_match(const struct symbol_file *file, const struct pattern_set *patterns,
				bool is_program, struct symbol_match **ret_matches,
				size_t *ret_count)
{
	struct match_walk walk = { .file = file, .patterns = patterns, .is_program = is_program };
	enum {
		MATCH_BYTES = 250
	}; /* about what one takes, with its label and its places in tables */
	struct symbol_match *matches = NULL;

	struct error *err = match_walk_init(&walk);
	if (err == NULL)
		err = match_walk_needs_dwarf(&walk) ? match_walk_isolated(&walk)
						    : match_walk_run(&walk);
	if (err == NULL)
		err = match_walk_exclude(&walk);
	if (err == NULL && walk.count > 0) {
		heap_expect(walk.count * MATCH_BYTES);
		matches = calloc(walk.count, sizeof(*matches));
		err = matches ? NULL : error_no_memory();
	}
	for (size_t i = 0; err == NULL && i < walk.count; i++)
		err = match_make(&walk, &walk.found_matches[i], &matches[i]);
	if (err != NULL) {
		free(matches);
		matches = NULL;
		walk.count = 0;
	}
	if (walk.count > 1)
		qsort(matches, walk.count, sizeof(*matches), match_compare);
	*ret_matches = matches;
	*ret_count = walk.count;
	match_walk_deinit(&walk);
	return err;
}
