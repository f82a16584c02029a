/* What of functions' names tells them apart; see text_brief.h. Plot layer. */
#include "plot/text/text_brief.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "plot/text/text_name.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6";

/*
 * Longer names are not looked at so closely; of names of one shape, in their order, each is told from so many
 * before it and behind it; an argument within arguments is not looked into any deeper.
 */
enum {
	BRIEF_BYTES = 4096,
	NEIGHBOURS = 16,
	OTHERS_MOST = 2 * NEIGHBOURS,
	ARGUMENTS_MOST = 16,
	DEPTH_MOST = 6
};

/* Of a name: all of it, an argument, or what is in a bracket. */
struct span {
	const char *text;
	size_t bytes;
};

static struct span whole(const char *name)
{
	return (struct span){ name, strlen(name) };
}

static bool is_same(struct span one, struct span other)
{
	return one.bytes == other.bytes && memcmp(one.text, other.text, one.bytes) == 0;
}

/* Walks through a name, unit after unit. */
struct walk {
	const char *start, *at, *end;
};

static struct walk walk_of(struct span name)
{
	return (struct walk){ name.text, name.text, name.text + name.bytes };
}

static bool walk_next(struct walk *walk, struct span *ret, bool *ret_is_group)
{
	if (walk->at >= walk->end)
		return false;
	const char *behind = text_name_unit(walk->start, walk->at, walk->end, ret_is_group);
	*ret = (struct span){ walk->at, (size_t)(behind - walk->at) };
	walk->at = behind;
	return true;
}

/* What is in a bracket. One that is not closed has lost its last byte. */
static struct span inside(struct span group)
{
	return (struct span){ group.text + 1, group.bytes > 2 ? group.bytes - 2 : 0 };
}

/* The bytes up to behind the last "::" outside of brackets among the first @limit bytes; 0: there is none. */
static size_t scope_bytes(struct span name, size_t limit)
{
	struct walk walk = walk_of(name);
	struct span unit;
	size_t scope = 0, at;
	bool is_group;

	while (walk_next(&walk, &unit, &is_group)) {
		at = (size_t)(unit.text - name.text);
		if (*unit.text == '(' || at >= limit)
			break;
		if (is_group || *unit.text != ':' || walk.at >= walk.end || *walk.at != ':')
			continue;
		walk.at++;
		scope = at + 2 <= limit ? at + 2 : scope;
	}
	return scope;
}

/* Of the scope that all names with a scope share; 0: there are none, or but one. */
static size_t common_scope_bytes(const char *const *names, size_t count)
{
	const char *first = NULL;
	size_t common = 0, qualified = 0;

	for (size_t i = 0; i < count; i++) {
		size_t scope = scope_bytes(whole(names[i]), SIZE_MAX);
		if (scope == 0)
			continue;
		if (qualified++ == 0) {
			first = names[i];
			common = scope;
		}
		size_t same = 0;
		while (same < common && names[i][same] == first[same])
			same++;
		common = scope_bytes(whole(first), same);
	}
	return qualified > 1 ? common : 0;
}

enum { NO_DIFFERENCE = -1, OTHER_SHAPE = -2 };

/* The bracket, counted from 0, that is the first one whose contents differ. */
static int first_difference(struct span one, struct span other)
{
	struct walk walk = walk_of(one), other_walk = walk_of(other);
	struct span unit, other_unit;
	int found = NO_DIFFERENCE, group = 0;
	bool is_group, is_other_group;

	while (walk_next(&walk, &unit, &is_group)) {
		if (!walk_next(&other_walk, &other_unit, &is_other_group) ||
		    is_group != is_other_group)
			return OTHER_SHAPE;
		bool is_equal = is_same(unit, other_unit);
		if (!is_equal && (!is_group || *unit.text != *other_unit.text ||
				  (unit.bytes > 2) != (other_unit.bytes > 2)))
			return OTHER_SHAPE;
		if (!is_equal && found == NO_DIFFERENCE)
			found = group;
		group += is_group;
	}
	return other_walk.at < other_walk.end ? OTHER_SHAPE : found;
}

static struct span find_group(struct span name, int index)
{
	struct walk walk = walk_of(name);
	struct span unit;
	bool is_group;

	while (walk_next(&walk, &unit, &is_group)) {
		if (is_group && index-- == 0)
			return inside(unit);
	}
	return (struct span){ name.text, 0 };
}

/* What is between ", "; the last one of too many is all the rest. */
static size_t split(struct span contents, struct span ret[static ARGUMENTS_MOST])
{
	struct walk walk = walk_of(contents);
	const char *start = contents.text;
	struct span unit;
	size_t count = 0;
	bool is_group;

	while (walk_next(&walk, &unit, &is_group)) {
		if (*unit.text != ',' || walk.at >= walk.end || *walk.at != ' ' ||
		    count == ARGUMENTS_MOST - 1)
			continue;
		ret[count++] = (struct span){ start, (size_t)(unit.text - start) };
		start = ++walk.at;
	}
	ret[count++] = (struct span){ start, (size_t)(contents.text + contents.bytes - start) };
	return count;
}

/* The first argument that differs, or the last one. Of the other one only then if there is one. */
static size_t first_argument(const struct span *own, size_t count, struct span other,
			     struct span *ret_others, bool *ret_has_one)
{
	struct span arguments[ARGUMENTS_MOST];
	size_t other_count = split(other, arguments), i = 0;

	while (i + 1 < count && i < other_count && is_same(own[i], arguments[i]))
		i++;
	*ret_has_one = i < other_count;
	if (*ret_has_one)
		*ret_others = arguments[i];
	return i;
}

static void put_argument(FILE *out, struct span own, const struct span *others, size_t count,
			 unsigned depth);

/* Of a bracket's contents the arguments that tell them from @others; "…" for those before, between, behind. */
static void put_contents(FILE *out, struct span own, const struct span *others, size_t count,
			 unsigned depth)
{
	struct span arguments[ARGUMENTS_MOST], theirs[OTHERS_MOST], these[OTHERS_MOST];
	size_t argument_count = split(own, arguments), differs[OTHERS_MOST];
	bool has_one[OTHERS_MOST], is_omitting = false;

	for (size_t i = 0; i < count; i++)
		differs[i] = first_argument(arguments, argument_count, others[i], &theirs[i],
					    &has_one[i]);
	for (size_t k = 0; k < argument_count; k++) {
		size_t these_count = 0;
		bool is_kept = false;
		for (size_t i = 0; i < count; i++) {
			is_kept = is_kept || differs[i] == k;
			if (differs[i] == k && has_one[i])
				these[these_count++] = theirs[i];
		}
		if (k > 0 && (is_kept || !is_omitting))
			fputs(", ", out);
		if (is_kept)
			put_argument(out, arguments[k], these, these_count, depth + 1);
		else if (!is_omitting)
			fputs(ELLIPSIS, out);
		is_omitting = !is_kept;
	}
}

/* Of each bracket only what tells the name from those of @others that have the same shape. */
static void put_name(FILE *out, struct span own, size_t skipped_bytes, const struct span *others,
		     size_t count, unsigned depth)
{
	struct walk walk = walk_of(own);
	struct span unit, these[OTHERS_MOST];
	int group = 0;
	bool is_group;

	for (; walk_next(&walk, &unit, &is_group); group += is_group) {
		size_t these_count = 0;
		if ((size_t)(unit.text - own.text) < skipped_bytes)
			continue;
		if (!is_group) {
			fwrite(unit.text, 1, unit.bytes, out);
			continue;
		}
		for (size_t i = 0; i < count; i++) {
			if (first_difference(own, others[i]) == group)
				these[these_count++] = find_group(others[i], group);
		}
		putc(*unit.text, out);
		if (these_count > 0)
			put_contents(out, inside(unit), these, these_count, depth);
		else if (unit.bytes > 2)
			fputs(ELLIPSIS, out);
		putc(unit.text[unit.bytes - 1], out);
	}
}

/* Where brackets tell it from another one the scope does not, unless they are in it. */
static void put_argument(FILE *out, struct span own, const struct span *others, size_t count,
			 unsigned depth)
{
	size_t skipped_bytes = 0;

	if (depth == DEPTH_MOST)
		count = 0;
	for (size_t i = 0; skipped_bytes == 0 && i < count; i++) {
		if (first_difference(own, others[i]) >= 0)
			skipped_bytes = scope_bytes(own, SIZE_MAX);
	}
	if (memchr(own.text, '<', skipped_bytes) != NULL)
		skipped_bytes = 0;
	put_name(out, own, skipped_bytes, others, count, depth);
}

/* A name, and where it was among all of them. */
struct candidate {
	char *condensed;
	const char *name;
	size_t index;
};

static int compare_candidates(const void *a, const void *b)
{
	const struct candidate *one = a, *other = b;
	int order = strcmp(one->condensed, other->condensed);

	return order != 0 ? order : strcmp(one->name, other->name);
}

static bool is_long(const char *name)
{
	return strnlen(name, BRIEF_BYTES + 1) > BRIEF_BYTES;
}

/* Those around the @at-th that have its condensed form. */
static size_t find_others(const struct candidate *sorted, size_t count, size_t at,
			  struct span ret[static OTHERS_MOST])
{
	size_t from = at > NEIGHBOURS ? at - NEIGHBOURS : 0, found = 0;

	for (size_t i = from; i < count && i <= at + NEIGHBOURS; i++) {
		if (i != at && !is_long(sorted[i].name) &&
		    strcmp(sorted[i].condensed, sorted[at].condensed) == 0)
			ret[found++] = whole(sorted[i].name);
	}
	return found;
}

static struct error *make_brief(const struct candidate *sorted, size_t count, size_t at,
				struct text_brief *brief)
{
	struct span others[OTHERS_MOST], own = whole(sorted[at].name);
	size_t bytes;

	if (is_long(sorted[at].name)) {
		brief->prefix_bytes = 0;
		brief->text = strdup(sorted[at].condensed);
		return brief->text == NULL ? error_no_memory() : NULL;
	}
	FILE *out = open_memstream(&brief->text, &bytes);
	if (out == NULL)
		return error_no_memory();
	size_t other_count = find_others(sorted, count, at, others);
	put_name(out, own, brief->prefix_bytes, others, other_count, 0);
	if (fclose(out) != 0) {
		free(brief->text);
		brief->text = NULL;
		return error_no_memory();
	}
	return NULL;
}

struct error *text_briefs_create(const char *const *names, size_t count, struct text_brief **ret)
{
	struct text_brief *briefs = calloc(count + 1, sizeof(*briefs));
	struct candidate *sorted = calloc(count + 1, sizeof(*sorted));
	size_t scope = common_scope_bytes(names, count);
	struct error *err = briefs == NULL || sorted == NULL ? error_no_memory() : NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		sorted[i] = (struct candidate){ text_condense_name(names[i]), names[i], i };
		if (sorted[i].condensed == NULL)
			err = error_no_memory();
		briefs[i].prefix_bytes = scope_bytes(whole(names[i]), SIZE_MAX) > 0 ? scope : 0;
	}
	if (err == NULL)
		qsort(sorted, count, sizeof(*sorted), compare_candidates);
	for (size_t i = 0; err == NULL && i < count; i++)
		err = make_brief(sorted, count, i, &briefs[sorted[i].index]);
	for (size_t i = 0; sorted != NULL && i < count; i++)
		free(sorted[i].condensed);
	free(sorted);
	if (err != NULL)
		text_briefs_free(briefs, count);
	else
		*ret = briefs;
	return err;
}

void text_briefs_free(struct text_brief *briefs, size_t count)
{
	for (size_t i = 0; briefs != NULL && i < count; i++)
		free(briefs[i].text);
	free(briefs);
}

char *text_shorten_brief(const char *name, const struct text_brief *brief, double width_em)
{
	if (brief == NULL || brief->text == NULL)
		return text_shorten_name(name, width_em);
	if (text_width_em(name) <= width_em)
		return strdup(name);
	if (text_width_em(name + brief->prefix_bytes) <= width_em)
		return strdup(name + brief->prefix_bytes);
	return text_shorten(brief->text, width_em);
}
