/* Shorter forms of functions' names; see text.h and text_name.h. Plot layer. */
#include "plot/text/text_name.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6";
static const char OPERATOR[] = "operator";

/* The bytes of an operator's own signs at @at: those of "<<", "()" or "->" in "operator<<". */
static size_t operator_signs(const char *name, const char *at)
{
	size_t word = sizeof(OPERATOR) - 1;

	if ((size_t)(at - name) < word || memcmp(at - word, OPERATOR, word) != 0)
		return 0;
	if (strncmp(at, "()", 2) == 0)
		return 2;
	return strspn(at, "<>=-");
}

/* Behind the bracket that closes the one at @at; the end when none does. */
static const char *behind_group(const char *at)
{
	char open = *at, close = open == '<' ? '>' : ')';
	int depth = 0;

	for (; *at != '\0'; at++) {
		if (*at == open)
			depth++;
		else if (*at == close && !(close == '>' && at[-1] == '-') && --depth == 0)
			return at + 1;
	}
	return at;
}

/* Never longer than @name is, but for one-byte insides. */
char *text_condense_name(const char *name)
{
	char *condensed = malloc(3 * strlen(name) + 1), *out = condensed;

	if (condensed == NULL)
		return NULL;
	for (const char *at = name; *at != '\0';) {
		size_t signs = operator_signs(name, at);
		if (signs > 0) {
			out = mempcpy(out, at, signs);
			at += signs;
		} else if ((*at == '<' || *at == '(') && at > name && at[1] != '\0') {
			const char *behind = behind_group(at);
			char close = behind[-1];
			*out++ = *at;
			if (behind - at > 2)
				out = mempcpy(out, ELLIPSIS, sizeof(ELLIPSIS) - 1);
			*out++ = close;
			at = behind;
		} else {
			*out++ = *at++;
		}
	}
	*out = '\0';
	return condensed;
}

char *text_shorten_name(const char *name, double width_em)
{
	if (text_width_em(name) <= width_em)
		return strdup(name);
	char *condensed = text_condense_name(name);
	if (condensed == NULL)
		return NULL;
	char *shorter = text_shorten(condensed, width_em);
	free(condensed);
	return shorter;
}

/* Names of more bytes, or with more brackets, are not looked at so closely. */
enum { BRIEF_BYTES = 4096, BRIEF_GROUPS = 16 };

/* The contents of a name's outermost brackets, in their order. */
struct groups {
	const char *start[BRIEF_GROUPS];
	size_t bytes[BRIEF_GROUPS];
	size_t count; /* BRIEF_GROUPS: perhaps there are more */
};

/* Behind what is at @at: an operator's signs, a bracket with what is in it, or a byte. */
static const char *behind_unit(const char *name, const char *at, bool *ret_is_group)
{
	size_t signs = operator_signs(name, at);

	*ret_is_group = signs == 0 && (*at == '<' || *at == '(') && at > name && at[1] != '\0';
	return signs > 0 ? at + signs : *ret_is_group ? behind_group(at) : at + 1;
}

static void find_groups(const char *name, struct groups *groups)
{
	bool is_group;

	groups->count = 0;
	for (const char *at = name, *behind; *at != '\0' && groups->count < BRIEF_GROUPS;
	     at = behind) {
		behind = behind_unit(name, at, &is_group);
		if (!is_group || behind - at < 2)
			continue;
		groups->start[groups->count] = at + 1;
		groups->bytes[groups->count++] = (size_t)(behind - at) - 2;
	}
}

/* The bytes up to behind the last "::" outside of brackets among the first @limit bytes; 0: there is none. */
static size_t scope_bytes(const char *name, size_t limit)
{
	size_t scope = 0;
	bool is_group;

	for (const char *at = name; *at != '\0' && *at != '(' && (size_t)(at - name) < limit;) {
		if (at[0] == ':' && at[1] == ':') {
			at += 2;
			scope = (size_t)(at - name) <= limit ? (size_t)(at - name) : scope;
			continue;
		}
		at = behind_unit(name, at, &is_group);
	}
	return scope;
}

/* Of the scope that all names with a scope share; 0: there are none, or but one. */
static size_t common_scope_bytes(const char *const *names, size_t count)
{
	const char *first = NULL;
	size_t common = 0, qualified = 0;

	for (size_t i = 0; i < count; i++) {
		size_t scope = scope_bytes(names[i], SIZE_MAX);
		if (scope == 0)
			continue;
		if (qualified++ == 0) {
			first = names[i];
			common = scope;
		}
		size_t same = 0;
		while (same < common && names[i][same] == first[same])
			same++;
		common = scope_bytes(first, same);
	}
	return qualified > 1 ? common : 0;
}

static bool is_same_group(const struct groups *one, const struct groups *other, size_t i)
{
	return one->bytes[i] == other->bytes[i] &&
	       memcmp(one->start[i], other->start[i], one->bytes[i]) == 0;
}

/* What of a bracket's contents is kept: all between the arguments that others have, too. */
struct kept {
	bool is_kept;
	size_t from, to; /* bytes of the contents */
};

/* The bytes up to behind the last ", " outside of brackets among the first @limit bytes. */
static size_t arguments_bytes(const char *text, size_t limit)
{
	size_t bytes = 0;
	int depth = 0;

	for (size_t i = 0; i + 1 < limit; i++) {
		depth += (text[i] == '<' || text[i] == '(') - (text[i] == '>' || text[i] == ')');
		if (depth == 0 && text[i] == ',' && text[i + 1] == ' ')
			bytes = i + 2;
	}
	return bytes;
}

/* Keeps of the @i-th contents also what is not the same in @other. */
static void keep_difference(struct kept *kept, const struct groups *own, const struct groups *other,
			    size_t i)
{
	const char *text = own->start[i], *theirs = other->start[i];
	size_t bytes = own->bytes[i], their_bytes = other->bytes[i], start = 0, end = 0;
	size_t least = bytes < their_bytes ? bytes : their_bytes;

	while (start < least && text[start] == theirs[start])
		start++;
	while (end < least - start && text[bytes - 1 - end] == theirs[their_bytes - 1 - end])
		end++;
	size_t from = arguments_bytes(text, start), to = bytes;
	/* The first ", " outside of brackets in what is the same at the end. */
	for (size_t at = bytes - end; at + 1 < bytes; at++) {
		if (text[at] == ',' && text[at + 1] == ' ' &&
		    arguments_bytes(text, at + 2) == at + 2) {
			to = at;
			break;
		}
	}
	kept->from = kept->is_kept && kept->from < from ? kept->from : from;
	kept->to = kept->is_kept && kept->to > to ? kept->to : to;
	kept->is_kept = true;
}

static void put_group(FILE *out, const struct groups *own, size_t i, const struct kept *kept)
{
	if (!kept->is_kept) {
		fputs(own->bytes[i] > 0 ? ELLIPSIS : "", out);
		return;
	}
	fprintf(out, "%s%.*s%s", kept->from > 0 ? "\xe2\x80\xa6, " : "",
		(int)(kept->to - kept->from), own->start[i] + kept->from,
		kept->to < own->bytes[i] ? ", \xe2\x80\xa6" : "");
}

/*
 * Names whose condensed form is the same have as many brackets: of the first one that tells @names[@index]
 * from another one, what differs is kept.
 */
static void find_kept(const char *const *names, char *const *condensed, size_t count, size_t index,
		      const struct groups *own, struct kept kept[static BRIEF_GROUPS])
{
	struct groups other;

	for (size_t i = 0; i < count; i++) {
		if (i == index || strcmp(condensed[i], condensed[index]) != 0 ||
		    strlen(names[i]) > BRIEF_BYTES)
			continue;
		find_groups(names[i], &other);
		size_t k = 0;
		while (k < own->count && k < other.count && is_same_group(own, &other, k))
			k++;
		if (k < own->count && k < other.count)
			keep_difference(&kept[k], own, &other, k);
	}
}

static void put_brief(FILE *out, const char *name, const struct groups *own,
		      const struct kept kept[static BRIEF_GROUPS], size_t prefix_bytes)
{
	bool is_group;
	size_t group = 0;

	for (const char *at = name + prefix_bytes, *behind; *at != '\0'; at = behind) {
		behind = behind_unit(name, at, &is_group);
		while (group < own->count && own->start[group] <= at)
			group++; /* within the prefix */
		if (!is_group || group >= own->count || behind - at < 2) {
			fwrite(at, 1, (size_t)(behind - at), out);
			continue;
		}
		fputc(*at, out);
		put_group(out, own, group, &kept[group]);
		fputc(behind[-1], out);
		group++;
	}
}

static struct error *make_brief(const char *const *names, char *const *condensed, size_t count,
				size_t index, struct text_brief *brief)
{
	size_t bytes;
	FILE *out = NULL;
	struct groups own;
	struct kept kept[BRIEF_GROUPS] = { 0 };

	if (strlen(names[index]) > BRIEF_BYTES) {
		brief->prefix_bytes = 0;
		brief->text = strdup(condensed[index]);
	} else {
		out = open_memstream(&brief->text, &bytes);
	}
	if (out != NULL) {
		find_groups(names[index], &own);
		find_kept(names, condensed, count, index, &own, kept);
		put_brief(out, names[index], &own, kept, brief->prefix_bytes);
		if (fclose(out) != 0) {
			free(brief->text);
			brief->text = NULL;
		}
	}
	return brief->text == NULL ? error_no_memory() : NULL;
}

struct error *text_briefs_create(const char *const *names, size_t count, struct text_brief **ret)
{
	struct text_brief *briefs = calloc(count + 1, sizeof(*briefs));
	char **condensed = calloc(count + 1, sizeof(*condensed));
	size_t scope = common_scope_bytes(names, count);
	struct error *err = briefs == NULL || condensed == NULL ? error_no_memory() : NULL;

	for (size_t i = 0; err == NULL && i < count; i++) {
		condensed[i] = text_condense_name(names[i]);
		if (condensed[i] == NULL)
			err = error_no_memory();
		briefs[i].prefix_bytes = scope_bytes(names[i], SIZE_MAX) > 0 ? scope : 0;
	}
	for (size_t i = 0; err == NULL && i < count; i++)
		err = make_brief(names, condensed, count, i, &briefs[i]);
	for (size_t i = 0; condensed != NULL && i < count; i++)
		free(condensed[i]);
	free(condensed);
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
