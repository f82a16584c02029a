/* From the text of -f to patterns; see pattern_parse.h. Symbols layer. */
#include "symbols/pattern/pattern_parse.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/names/name_forms.h"
#include "symbols/names/name_literal.h"
#include "symbols/names/name_scan.h"
#include "symbols/names/std_names.h"
#include "symbols/pattern/pattern_extent.h"
#include "symbols/pattern/pattern_glob.h"

void pattern_deinit(struct pattern *pattern)
{
	free(pattern->text);
	free(pattern->module);
	free(pattern->source);
	free(pattern->name);
	free(pattern->usdt);
	free(pattern->version);
	free(pattern->exact);
	free(pattern->glob);
	free(pattern->short_exact);
	free(pattern->short_glob);
	free(pattern->literals);
	free(pattern->word);
	name_regex_destroy(pattern->regex);
	*pattern = (struct pattern){ 0 };
}

/* The same with short names of the C++ library. */
static struct error *pattern_find_short(struct pattern *pattern)
{
	size_t bytes = strlen(pattern->exact);

	if (!std_names_occur(pattern->exact))
		return NULL;
	pattern->short_exact = malloc(bytes + 1);
	if (pattern->short_exact == NULL)
		return error_no_memory();
	std_names_shorten(pattern->exact, bytes, pattern->short_exact);
	return pattern_glob_make(pattern->short_exact, &pattern->short_glob);
}

/* A part of a pattern's text. */
struct run {
	const char *text;
	size_t bytes;
};

static struct error *run_copy(const struct run *run, char **ret)
{
	if (run->text == NULL)
		return NULL;
	*ret = calloc(1, run->bytes + 2); /* also a list of one text, name_literal.h */
	if (*ret == NULL)
		return error_no_memory();
	memcpy(*ret, run->text, run->bytes);
	return NULL;
}

/* Whether a run belongs to a name of the C++ library: its demangled form may be other words. */
static bool run_is_of_std(const struct run *run, const char *start)
{
	const char *first = run->text;

	while (first > start && (name_byte_is_word(first[-1]) || first[-1] == ':'))
		first--;
	return strncmp(first, "std::", strlen("std::")) == 0;
}

/*
 * Sets @pattern->word and ->literals to runs of word bytes outside brackets. The shorter
 * forms of a name only lack whole bracketed parts, so that any form's words are the name's.
 */
static struct error *pattern_find_words(struct pattern *pattern)
{
	const char *text = pattern->glob ? pattern->glob : pattern->exact;
	struct run run = { 0 }, word = { 0 }, literal = { 0 };
	struct name_scan scan;
	struct name_token token;
	bool more;

	name_scan_init(&scan, text, strlen(text));
	do {
		more = name_scan_next(&scan, &token);
		bool in_run = more && token.kind == NAME_TOKEN_TEXT && token.depth == 0 &&
			      name_byte_is_word(token.text[0]);
		if (in_run && run.text == NULL)
			run.text = token.text;
		if (in_run || run.text == NULL)
			continue;
		run.bytes = (size_t)((more ? token.text : scan.end) - run.text);
		if (run_is_of_std(&run, text)) {
			run.text = NULL;
			continue;
		}
		if (run.bytes > word.bytes)
			word = run;
		/* The last word of some length tells more than a namespace. */
		if ((run.bytes > literal.bytes || run.bytes >= 4) &&
		    name_literal_is_usable(run.text, run.bytes, false))
			literal = run;
		run.text = NULL;
	} while (more);
	struct error *err = run_copy(&word, &pattern->word);
	return err ? err : run_copy(&literal, &pattern->literals);
}

/* Whether the text up to @before ends with the word `operator`: a type follows, or a sign. */
static bool ends_with_operator(const char *text, const char *before)
{
	static const char word[] = "operator";
	size_t bytes = strlen(word), have = *before == '\0' ? 0 : (size_t)(before + 1 - text);

	return have >= bytes && memcmp(before + 1 - bytes, word, bytes) == 0 &&
	       (have == bytes || !name_byte_is_word(before[-(ptrdiff_t)bytes]));
}

/* Inside brackets, or of the type that an operator converts to. */
static bool is_leading_const(const struct name_token *token, const char *start, const char *end,
			     const char *before)
{
	static const char word[] = "const";
	size_t bytes = strlen(word);
	bool begins_type = token->depth > 0 ? strchr("(,<", *before) != NULL
					    : ends_with_operator(start, before);

	return token->kind == NAME_TOKEN_TEXT && begins_type &&
	       (size_t)(end - token->text) > bytes && memcmp(token->text, word, bytes) == 0 &&
	       !name_byte_is_word(token->text[bytes]);
}

/*
 * Writes `const char *` as demanglers do, `char const *`. @out has room for twice @text. Only where a
 * type can be: what stands in front of a whole name is a return type, and gone already.
 */
static size_t put_const_behind(const char *text, char *out)
{
	static const char suffix[] = " const";
	bool pending[NAME_SCAN_DEPTH_MAX + 2] = { false }; /* by depth */
	size_t bytes = 0;
	const char *before = ""; /* the byte before that is no space; empty: none */
	struct name_scan scan;
	struct name_token token;

	name_scan_init(&scan, text, strlen(text));
	while (name_scan_next(&scan, &token)) {
		bool closes = token.kind == NAME_TOKEN_CLOSE;
		bool ends_type = closes ||
				 (token.kind == NAME_TOKEN_TEXT && strchr("*&,", token.text[0])) ||
				 (token.kind == NAME_TOKEN_OPEN && token.text[0] == '(');
		unsigned depth = token.depth + closes;
		if (ends_type && pending[depth]) {
			pending[depth] = false;
			while (bytes > 0 && out[bytes - 1] == ' ')
				bytes--;
			memcpy(out + bytes, suffix, strlen(suffix));
			bytes += strlen(suffix);
		}
		if (is_leading_const(&token, text, scan.end, before)) {
			pending[depth] = true;
			scan.next = token.text + strlen("const");
			continue;
		}
		memcpy(out + bytes, token.text, token.bytes);
		bytes += token.bytes;
		if (token.text[0] != ' ')
			before = token.text + token.bytes - 1;
	}
	if (pending[0]) {
		memcpy(out + bytes, suffix, strlen(suffix));
		bytes += strlen(suffix);
	}
	out[bytes] = '\0';
	return bytes;
}

/* @pattern->exact and what follows from it, for a name that is no regular expression. */
static struct error *pattern_compile_name(struct pattern *pattern)
{
	struct name_parts parts;

	/* As copied from gdb or nm -C, with the return type that they print. */
	name_parts_find(pattern->name, &parts);
	pattern->exact = malloc(2 * strlen(pattern->name) + 1);
	char *reordered = malloc(2 * strlen(pattern->name) + 1);
	if (pattern->exact == NULL || reordered == NULL) {
		free(reordered);
		return error_no_memory();
	}
	size_t bytes = put_const_behind(pattern->name + parts.name, reordered);
	name_normalise(reordered, bytes, pattern->exact);
	free(reordered);
	struct error *err = pattern_glob_make(pattern->exact, &pattern->glob);
	if (err == NULL)
		err = pattern_find_short(pattern);
	return err ? err : pattern_find_words(pattern);
}

/* Takes `@VERSION` or `@@VERSION`, as the linker writes it, off the name. */
static struct error *pattern_cut_version(struct pattern *pattern)
{
	char *at = strchr(pattern->name + 1, '@');

	if (at == NULL)
		return NULL;
	const char *version = at + strspn(at, "@");
	if (*version == '\0')
		return error_new(ERR_USAGE, "a symbol version is missing behind '@'");
	pattern->version = strdup(version);
	*at = '\0';
	return pattern->version ? NULL : error_no_memory();
}

/* Whether the name is a line of @pattern->source; sets @pattern->line. */
static struct error *pattern_find_line(struct pattern *pattern)
{
	enum { LINE_MAX_DIGITS = 9 };
	size_t digits = strspn(pattern->name, "0123456789");

	if (pattern->source == NULL || pattern->name[digits] != '\0')
		return NULL;
	if (digits <= LINE_MAX_DIGITS)
		pattern->line = (unsigned)strtoul(pattern->name, NULL, 10);
	return pattern->line > 0 ? NULL
				 : error_new(ERR_USAGE, "no file has a line %s", pattern->name);
}

/* Whether the name is an address, 0x and digits only; sets @pattern->address. */
static struct error *pattern_find_address(struct pattern *pattern)
{
	const char *name = pattern->name;

	if (strncmp(name, "0x", 2) != 0 || name[2] == '\0' ||
	    name[2 + strspn(name + 2, "0123456789abcdefABCDEF")] != '\0')
		return NULL;
	if (pattern->source != NULL)
		return error_new(ERR_USAGE,
				 "an address is one of a program or library, not of a source file: "
				 "write %s alone, or LIBRARY!%s",
				 name, name);
	errno = 0;
	pattern->address = taddr(strtoull(name, NULL, 16));
	pattern->has_address = true;
	return errno == 0 ? NULL : error_new(ERR_USAGE, "%s is larger than any address", name);
}

static struct error *copy_text(const char *from, size_t bytes, char **ret)
{
	*ret = strndup(from, bytes);
	return *ret == NULL ? error_no_memory() : NULL;
}

/* A part of a pattern that may not be there. */
static struct error *copy_part(const char *from, size_t bytes, char **ret)
{
	*ret = NULL;
	return from == NULL ? NULL : copy_text(from, bytes, ret);
}

static const char USDT_PREFIX[] = "usdt:", MARK_PREFIX[] = "mark:";

/* `mark:name`: any text may be a name. */
static struct error *pattern_compile_mark(struct pattern *pattern, const char *name)
{
	pattern->is_mark = true;
	return asprintf(&pattern->usdt, "mprof:%s", name) < 0 ? error_no_memory() : NULL;
}

/* `usdt:provider:name`: all of it is the glob, whatever its parts looked like. */
static struct error *pattern_compile_usdt(struct pattern *pattern, const char *text)
{
	const char *colon = strchr(text, ':');

	if (colon == NULL || colon == text || colon[1] == '\0' || strchr(colon + 1, ':') != NULL)
		return error_new(ERR_USAGE,
				 "'%s': a static probe is usdt:PROVIDER:NAME, each may be a glob",
				 pattern->text);
	pattern->usdt = strdup(text);
	return pattern->usdt == NULL ? error_no_memory() : NULL;
}

static struct error *pattern_compile_regex(struct pattern *pattern,
					   const struct pattern_extent *extent)
{
	struct error *err = name_regex_create(extent->regex, extent->regex_bytes,
					      extent->ignore_case, &pattern->regex);

	pattern->ignores_case = extent->ignore_case;
	if (err == NULL)
		err = name_literals_of_regex(extent->regex, extent->regex_bytes,
					     extent->ignore_case, &pattern->literals);
	return err;
}

static struct error *pattern_compile(struct pattern *pattern, const struct pattern_extent *extent)
{
	const char *end = extent->end;

	pattern->excludes = extent->excludes;
	while (end > extent->start && end[-1] == ' ')
		end--;
	struct error *err = pattern_extent_check(extent, end);
	if (err == NULL)
		err = copy_text(extent->start, (size_t)(end - extent->start), &pattern->text);
	pattern->name_offset = (size_t)(extent->name - extent->start);
	if (err == NULL)
		err = copy_part(extent->module, extent->module_bytes, &pattern->module);
	/* Behind `!` and `module!`. */
	const char *rest = extent->module == NULL ? extent->start + extent->excludes
						  : extent->module + extent->module_bytes + 1;
	size_t name_offset = (size_t)(rest - extent->start);
	if (err == NULL && strncmp(rest, MARK_PREFIX, strlen(MARK_PREFIX)) == 0) {
		pattern->name_offset = name_offset;
		return pattern_compile_mark(pattern,
					    pattern->text + name_offset + strlen(MARK_PREFIX));
	}
	if (err == NULL && strncmp(rest, USDT_PREFIX, strlen(USDT_PREFIX)) == 0) {
		pattern->name_offset = name_offset;
		return pattern_compile_usdt(pattern,
					    pattern->text + name_offset + strlen(USDT_PREFIX));
	}
	if (err == NULL)
		err = copy_part(extent->source, extent->source_bytes, &pattern->source);
	if (err != NULL)
		return err;
	pattern->name = strndup(extent->name, (size_t)(end - extent->name));
	if (pattern->name == NULL)
		return error_no_memory();
	if (extent->regex != NULL)
		return pattern_compile_regex(pattern, extent);
	err = pattern_find_line(pattern);
	if (err == NULL && pattern->line == 0)
		err = pattern_find_address(pattern);
	if (err != NULL || pattern->line > 0 || pattern->has_address)
		return err;
	err = pattern_cut_version(pattern);
	return err ? err : pattern_compile_name(pattern);
}

struct error *pattern_parse(const char *text, struct pattern *ret, const char **ret_rest)
{
	struct pattern_extent extent;
	struct error *err = pattern_extent_find(text, &extent);

	*ret = (struct pattern){ 0 };
	if (err == NULL)
		err = pattern_compile(ret, &extent);
	if (err != NULL) {
		pattern_deinit(ret);
		return err;
	}
	*ret_rest = *extent.end == ',' ? extent.end + 1 : NULL;
	return NULL;
}
