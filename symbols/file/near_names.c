/*
 * The names nearest to one that was not found; see symbol_file.h. Symbols layer.
 *
 * It works on linker names, picking a mangled name's identifiers out of it, and demangles only
 * what it keeps: 80,000 names take a few milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/file/symbol_file_private.h"
#include "symbols/names/demangle.h"
#include "symbols/names/linkage_name.h"
#include "symbols/names/name_forms.h"
#include "symbols/names/name_scan.h"
#include "tracer/base/edit_distance.h"

enum {
	WANTED_MAX_BYTES = EDIT_WORD_MAX_BYTES, /* the last ones of a longer name are compared */
	NEAR_NAMES_MAX = sizeof(((struct near_names *)NULL)->best) /
			 sizeof(((struct near_names *)NULL)->best[0]),
	/* What differences count, in the unit of near_names.distance. */
	COST_SCOPE = 1, /* another namespace or class */
	COST_CASE = 2,	/* no difference but upper and lower case */
	COST_EDIT = 8,
	COST_PART = 12,	    /* the wanted name is a part of it */
	COST_PART_MAX = 28, /* … of a much longer one */
	COST_LIMIT = 64,
};

/* What is looked for, prepared once. */
struct wanted {
	char text[WANTED_MAX_BYTES + 1]; /* the last component, lower case */
	size_t bytes;
	char scope[WANTED_MAX_BYTES + 1]; /* the component before it, as it is; may be empty */
	bool is_operator;		  /* of that scope; @text says nothing */
	struct edit_word word;		  /* @text, to be compared */
	unsigned edits_max;
};

static char lower(char byte)
{
	return byte >= 'A' && byte <= 'Z' ? (char)(byte + ('a' - 'A')) : byte;
}

/* `operator+`, `operator bool`, `operator""_s`. */
static bool token_is_operator(const struct name_token *token, const char *end)
{
	static const char word[] = "operator";
	size_t bytes = strlen(word), left = (size_t)(end - token->text);

	return token->kind == NAME_TOKEN_OPERATOR ||
	       (left > bytes && memcmp(token->text, word, bytes) == 0 &&
		!name_byte_is_word(token->text[bytes]));
}

/* The last two components of a name, without parameters, template arguments and glob characters. */
static void wanted_split(struct wanted *wanted, const char *name)
{
	struct name_parts parts;
	struct name_scan scan;
	struct name_token token;

	name_parts_find(name, &parts);
	name_scan_init(&scan, name + parts.name, parts.parameters - parts.name);
	while (!wanted->is_operator && name_scan_next(&scan, &token)) {
		bool begins_word = wanted->bytes == 0 && token.depth == 0;
		wanted->is_operator = begins_word && token_is_operator(&token, scan.end);
		if (token.depth > 0 || token.kind != NAME_TOKEN_TEXT || wanted->is_operator)
			continue;
		if (token.text[0] == ':' && wanted->bytes > 0) {
			memcpy(wanted->scope, wanted->text, wanted->bytes);
			wanted->scope[wanted->bytes] = '\0';
			wanted->bytes = 0;
		} else if (name_byte_is_word(token.text[0])) {
			if (wanted->bytes == WANTED_MAX_BYTES)
				memmove(wanted->text, wanted->text + 1, --wanted->bytes);
			wanted->text[wanted->bytes++] = token.text[0];
		}
	}
	wanted->text[wanted->bytes] = '\0';
}

static void wanted_init(struct wanted *wanted, const char *name)
{
	*wanted = (struct wanted){ 0 };
	wanted_split(wanted, name);
	for (size_t i = 0; i < wanted->bytes; i++)
		wanted->text[i] = lower(wanted->text[i]);
	edit_word_init(&wanted->word, wanted->text, wanted->bytes);
	wanted->edits_max = edit_distance_most(wanted->bytes);
}

static bool holds_ignoring_case(const char *text, size_t bytes, const struct wanted *wanted)
{
	for (size_t i = 0; i + wanted->bytes <= bytes; i++) {
		size_t same = 0;
		while (same < wanted->bytes && lower(text[i + same]) == wanted->text[same])
			same++;
		if (same == wanted->bytes)
			return true;
	}
	return false;
}

/* The end of a linker name: what a mangled name has before its template arguments or parameters. */
struct name_tail {
	const char *text; /* the last identifier */
	size_t bytes;
	const char *scope; /* the one before it, NULL: none */
	size_t scope_bytes;
};

/* Itanium C++ ABI, 5.1.2: an identifier is a length, then that many bytes; Rust's is alike. */
static void name_tail_find(const char *linkage_name, struct name_tail *ret)
{
	const char *at = linkage_name;
	const char *end = linkage_name + linkage_name_base_bytes(linkage_name);

	*ret = (struct name_tail){ .text = linkage_name, .bytes = (size_t)(end - linkage_name) };
	if (!linkage_name_is_mangled(linkage_name))
		return;
	/* Past the codes between _Z and the first identifier: N K V R O L Z S St, Nv of Rust. */
	at += 2;
	while (at < end && (*at < '0' || *at > '9')) {
		/* Rust's crate may have a number in base 62: Cs1ab_5crate. */
		const char *number_end = at[0] == 'C' && at[1] == 's' ? strchr(at, '_') : NULL;
		at = number_end ? number_end + 1 : at + 1;
	}
	for (size_t parts = 0; at < end && *at >= '1' && *at <= '9'; parts++) {
		char *identifier;
		unsigned long bytes = strtoul(at, &identifier, 10);
		if (bytes > (size_t)(end - identifier))
			break;
		/* A hash, h and 16 digits, ends the names of Rust's older scheme. */
		if (parts > 0 && bytes == 17 && *identifier == 'h')
			break;
		ret->scope = parts > 0 ? ret->text : NULL;
		ret->scope_bytes = ret->bytes;
		ret->text = identifier;
		ret->bytes = bytes;
		at = identifier + bytes;
	}
}

/*
 * Whether a mangled name is an operator of the wanted class: behind the class, and its template
 * arguments, stand two small letters (Itanium C++ ABI, 5.1.3). Which operator is not compared: a class has
 * few.
 */
static bool wanted_operator_is(const struct wanted *wanted, const char *linkage_name)
{
	struct name_tail tail;

	name_tail_find(linkage_name, &tail);
	if (!linkage_name_is_mangled(linkage_name) || strncmp(linkage_name, "_ZN", 3) != 0 ||
	    strlen(wanted->scope) != tail.bytes ||
	    memcmp(wanted->scope, tail.text, tail.bytes) != 0)
		return false;
	const char *code = tail.text + tail.bytes;
	if (*code == 'I')
		return strstr(code, "Ecv") != NULL;
	return code[0] >= 'a' && code[0] <= 'z' && code[1] >= 'a' && code[1] <= 'z';
}

static bool wanted_scope_is(const struct wanted *wanted, const struct name_tail *tail)
{
	if (tail->scope == NULL)
		return wanted->scope[0] == '\0';
	return strlen(wanted->scope) == tail->scope_bytes &&
	       memcmp(wanted->scope, tail->scope, tail->scope_bytes) == 0;
}

/* The distance of a name, or @limit when it is not below that. */
static unsigned wanted_distance(const struct wanted *wanted, const char *linkage_name,
				unsigned limit)
{
	struct name_tail tail;

	if (wanted->is_operator)
		return wanted_operator_is(wanted, linkage_name) ? COST_CASE : limit;
	name_tail_find(linkage_name, &tail);
	unsigned scope_cost = wanted_scope_is(wanted, &tail) ? 0 : COST_SCOPE;
	if (tail.bytes == wanted->bytes && holds_ignoring_case(tail.text, tail.bytes, wanted))
		return COST_CASE + scope_cost;
	size_t difference = tail.bytes > wanted->bytes ? tail.bytes - wanted->bytes
						       : wanted->bytes - tail.bytes;
	unsigned best = limit;
	if (difference <= wanted->edits_max) {
		unsigned edits = edit_word_distance(&wanted->word, tail.text, tail.bytes);
		if (edits <= wanted->edits_max && edits * COST_EDIT + scope_cost < best)
			best = edits * COST_EDIT + scope_cost;
	}
	if (wanted->bytes >= 3 && tail.bytes > wanted->bytes && COST_PART + scope_cost < best) {
		size_t cost = COST_PART + difference;
		if (cost > COST_PART_MAX)
			cost = COST_PART_MAX;
		cost += scope_cost;
		if (cost < best && holds_ignoring_case(tail.text, tail.bytes, wanted))
			best = (unsigned)cost;
	}
	return best;
}

static struct error *near_name_make(const struct symbol_file *file, const char *linkage_name,
				    bool with_module, char **ret)
{
	char *label;
	struct error *err = demangle(linkage_name, &label);

	if (err != NULL || !with_module) {
		*ret = label;
		return err;
	}
	int length = asprintf(ret, "%s!%s", basename(file->name), label);
	free(label);
	return length < 0 ? error_no_memory() : NULL;
}

/* Takes @name. */
static void near_names_insert(struct near_names *names, char *name, unsigned distance)
{
	size_t at = names->count;

	for (size_t i = 0; i < names->count; i++) {
		if (strcmp(names->best[i].name, name) == 0) {
			free(name);
			return;
		}
	}
	while (at > 0 && names->best[at - 1].distance > distance)
		at--;
	if (names->count == NEAR_NAMES_MAX)
		free(names->best[--names->count].name);
	memmove(&names->best[at + 1], &names->best[at],
		(names->count - at) * sizeof(names->best[0]));
	names->best[at].name = name;
	names->best[at].distance = distance;
	names->count++;
}

/* Where the name of `module!name` begins: the patterns' own grammar says it. */
static struct error *find_name_text(const char *wanted, struct pattern_set **ret_set,
				    const char **ret_name, bool *ret_has_module)
{
	struct error *err = pattern_set_create(ret_set);

	*ret_name = wanted;
	*ret_has_module = false;
	if (err != NULL)
		return err;
	/* What is no pattern is taken as a name. */
	err = pattern_set_add(*ret_set, wanted);
	if (err == NULL && pattern_set_count(*ret_set) == 1 && !pattern_set_has_name(*ret_set, 0)) {
		*ret_name = "";
	} else if (err == NULL && pattern_set_count(*ret_set) == 1) {
		*ret_name = pattern_set_name_text(*ret_set, 0);
		*ret_has_module = pattern_set_has_module(*ret_set, 0);
	}
	error_free(err);
	return NULL;
}

struct error *near_names_gather(struct near_names *names, const struct symbol_file *file,
				const char *wanted_text)
{
	const struct symtab *table = &file->symtab;
	struct wanted wanted;
	struct pattern_set *set;
	const char *name_text;
	bool has_module;

	struct error *err = find_name_text(wanted_text, &set, &name_text, &has_module);
	if (err != NULL)
		return err;
	wanted_init(&wanted, name_text);
	if (wanted.bytes == 0 && !wanted.is_operator) {
		pattern_set_destroy(set);
		return NULL;
	}
	for (size_t i = 0; i < table->name_count && err == NULL; i++) {
		bool full = names->count == NEAR_NAMES_MAX;
		unsigned limit = full ? names->best[names->count - 1].distance : COST_LIMIT;
		unsigned distance = wanted_distance(&wanted, symtab_name(table, i), limit);
		char *name;
		if (distance >= limit)
			continue;
		err = near_name_make(file, symtab_name(table, i), has_module, &name);
		if (err == NULL)
			near_names_insert(names, name, distance);
	}
	pattern_set_destroy(set);
	return err;
}

void near_names_deinit(struct near_names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->best[i].name);
	*names = (struct near_names){ 0 };
}
