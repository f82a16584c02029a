/* Which static probes the patterns ask for; see usdt_match.h. Symbols layer. */
#include "symbols/usdt/usdt_match.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tracer/base/array.h"
#include "tracer/base/utf8.h"

static const struct {
	const char *first, *second;
} endings[] = {
	{ "entry", "return" }, { "entry", "exit" }, { "begin", "end" },
	{ "start", "done" },   { "start", "end" },
};

static bool has_ending(const char *name, size_t base_bytes, const char *word)
{
	size_t bytes = strspn(name + base_bytes, "_-");
	return bytes > 0 && strcmp(name + base_bytes + bytes, word) == 0;
}

/* The length of @name without the last word and what separates it; 0: it is one word. */
static size_t base_of(const char *name)
{
	size_t bytes = strlen(name);

	while (bytes > 0 && strchr("_-:", name[bytes - 1]) == NULL)
		bytes--;
	while (bytes > 0 && strchr("_-", name[bytes - 1]) != NULL)
		bytes--;
	return bytes;
}

/* The kind that probe @i has as one of a pair; USDT_MARK: it is none. @wanted: another must match. */
static enum usdt_kind usdt_pair_kind(const struct usdt_table *table, size_t i,
				     const struct pattern_set *patterns, size_t pattern,
				     bool both_match)
{
	const char *name = usdt_name(table, &table->probes[i]);
	size_t bytes = base_of(name);

	for (size_t e = 0; e < sizeof(endings) / sizeof(endings[0]); e++) {
		bool is_first = has_ending(name, bytes, endings[e].first);
		if (!is_first && !has_ending(name, bytes, endings[e].second))
			continue;
		const char *other = is_first ? endings[e].second : endings[e].first;
		for (size_t j = 0; j < table->count; j++) {
			const char *partner = usdt_name(table, &table->probes[j]);
			if (strncmp(name, partner, bytes) == 0 &&
			    has_ending(partner, bytes, other) &&
			    (!both_match || pattern_set_match_usdt(patterns, pattern, partner)))
				return is_first ? USDT_ENTER : USDT_LEAVE;
		}
	}
	return USDT_MARK;
}

/* What the probe @name has for a label; of a mark, of its name alone. What a file holds may be anything. */
static struct error *usdt_label_of(const char *name, size_t bytes, bool is_mark, char **ret)
{
	const size_t provider_bytes = is_mark ? strlen(USDT_MARK_PROVIDER) : 0;

	if (asprintf(ret, "%s:%.*s", is_mark ? "mark" : "usdt", (int)(bytes - provider_bytes),
		     name + provider_bytes) < 0)
		return error_no_memory();
	text_sanitize(*ret);
	return NULL;
}

static struct error *usdt_match_one(const struct usdt_table *table, size_t i,
				    const struct pattern_set *patterns, size_t pattern,
				    struct usdt_match *ret, bool *ret_matches)
{
	const struct usdt_probe *probe = &table->probes[i];
	const char *name = usdt_name(table, probe);
	bool is_glob = pattern_set_usdt_is_glob(patterns, pattern);
	bool is_direct = pattern_set_match_usdt(patterns, pattern, name);
	size_t base_bytes = base_of(name);
	enum usdt_kind kind = USDT_MARK;

	*ret_matches = is_direct;
	if (is_direct && is_glob)
		kind = usdt_pair_kind(table, i, patterns, pattern, true);
	if (!is_direct && !is_glob && base_bytes > 0) {
		char *base = strndup(name, base_bytes);
		if (base == NULL)
			return error_no_memory();
		if (pattern_set_match_usdt(patterns, pattern, base))
			kind = usdt_pair_kind(table, i, patterns, pattern, false);
		*ret_matches = kind != USDT_MARK;
		free(base);
	}
	if (!*ret_matches)
		return NULL;
	*ret = (struct usdt_match){ pattern, probe, kind, NULL };
	return usdt_label_of(name, kind == USDT_MARK ? strlen(name) : base_bytes,
			     pattern_set_is_mark(patterns, pattern), &ret->label);
}

/* The ends of a pair are made by one macro each: both are there, or what is missing would be ours. */
static struct error *usdt_match_mark(const struct usdt_table *table, size_t i,
				     struct usdt_match *ret)
{
	const struct usdt_probe *probe = &table->probes[i];
	const char *name = usdt_name(table, probe);
	const size_t base_bytes = base_of(name);
	enum usdt_kind kind = USDT_MARK;

	if (base_bytes > 0 && has_ending(name, base_bytes, "begin"))
		kind = USDT_ENTER;
	if (base_bytes > 0 && has_ending(name, base_bytes, "end"))
		kind = USDT_LEAVE;
	*ret = (struct usdt_match){ USDT_NO_PATTERN, probe, kind, NULL };
	return usdt_label_of(name, kind == USDT_MARK ? strlen(name) : base_bytes, true,
			     &ret->label);
}

/* Whether what pattern @wanted might match is left out; notes it, and by which patterns. */
static bool usdt_is_excluded(const struct pattern_set *patterns, size_t wanted, const char *name)
{
	bool is_excluded = false;

	for (size_t i = 0; i < pattern_set_count(patterns); i++) {
		if (!pattern_set_excludes(patterns, i) ||
		    !pattern_set_match_usdt(patterns, i, name))
			continue;
		is_excluded = true;
		if (wanted == USDT_NO_PATTERN || pattern_set_is_usdt(patterns, wanted))
			pattern_set_note_left_out(patterns, i);
	}
	if (is_excluded && wanted != USDT_NO_PATTERN &&
	    pattern_set_match_usdt(patterns, wanted, name))
		pattern_set_note_left_out(patterns, wanted);
	return is_excluded;
}

/* Whether a pattern that asks for something has matched the probe. */
static bool usdt_is_matched(const struct usdt_match *matches, size_t count,
			    const struct usdt_probe *probe)
{
	for (size_t i = 0; i < count; i++) {
		if (matches[i].probe == probe)
			return true;
	}
	return false;
}

static struct error *usdt_match_marks(const struct symbol_file *file,
				      const struct pattern_set *patterns, struct usdt_match **ret,
				      size_t *capacity, size_t *ret_count)
{
	const struct usdt_table *table = symbol_file_usdt(file);
	const size_t asked_count = *ret_count;
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < table->count; i++) {
		const char *name = usdt_name(table, &table->probes[i]);
		if (strncmp(name, USDT_MARK_PROVIDER, strlen(USDT_MARK_PROVIDER)) != 0 ||
		    usdt_is_matched(*ret, asked_count, &table->probes[i]) ||
		    usdt_is_excluded(patterns, USDT_NO_PATTERN, name))
			continue;
		err = array_reserve(ret, capacity, *ret_count + 1, sizeof(**ret));
		if (err == NULL)
			err = usdt_match_mark(table, i, &(*ret)[*ret_count]);
		*ret_count += err == NULL;
	}
	return err;
}

struct error *usdt_match_all(const struct symbol_file *file, const struct pattern_set *patterns,
			     bool wants_marks, struct usdt_match **ret, size_t *ret_count)
{
	const struct usdt_table *table = symbol_file_usdt(file);
	size_t capacity = 0;
	struct error *err = NULL;

	*ret = NULL;
	*ret_count = 0;
	for (size_t p = 0; err == NULL && p < pattern_set_count(patterns); p++) {
		if (pattern_set_excludes(patterns, p) ||
		    !pattern_set_match_module(patterns, p, symbol_file_name(file)))
			continue;
		for (size_t i = 0; err == NULL && i < table->count; i++) {
			bool matches = false;
			if (usdt_is_excluded(patterns, p, usdt_name(table, &table->probes[i])))
				continue;
			err = array_reserve(ret, &capacity, *ret_count + 1, sizeof(**ret));
			if (err == NULL)
				err = usdt_match_one(table, i, patterns, p, &(*ret)[*ret_count],
						     &matches);
			*ret_count += err == NULL && matches;
		}
	}
	if (err == NULL && wants_marks)
		err = usdt_match_marks(file, patterns, ret, &capacity, ret_count);
	return err;
}

void usdt_matches_free(struct usdt_match *matches, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(matches[i].label);
	free(matches);
}
