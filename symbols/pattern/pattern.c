/* The list of patterns; see pattern.h. Symbols layer. */
#include "symbols/pattern/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/pattern/pattern_parse.h"
#include "tracer/base/array.h"

struct error *pattern_set_create(struct pattern_set **ret)
{
	*ret = calloc(1, sizeof(**ret));
	return *ret ? NULL : error_no_memory();
}

static void pattern_set_truncate(struct pattern_set *set, size_t count)
{
	while (set->count > count)
		pattern_deinit(&set->patterns[--set->count]);
}

void pattern_set_destroy(struct pattern_set *set)
{
	if (set == NULL)
		return;
	pattern_set_truncate(set, 0);
	free(set->patterns);
	free(set);
}

/* Adds the first pattern of @text; @ret_rest as pattern_parse. */
static struct error *add_one(struct pattern_set *set, const char *text, const char **ret_rest)
{
	struct error *err = array_reserve(&set->patterns, &set->capacity, set->count + 1,
					  sizeof(*set->patterns));

	if (err == NULL)
		err = pattern_parse(text, &set->patterns[set->count], ret_rest);
	if (err == NULL)
		set->count++;
	return err;
}

/* A line of an @FILE without its comment: a # at its start or behind a space. */
static void cut_comment(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	for (char *at = line; (at = strchr(at, '#')) != NULL; at++) {
		if (at == line || at[-1] == ' ' || at[-1] == '\t') {
			*at = '\0';
			break;
		}
	}
	for (char *at = line; (at = strchr(at, '\t')) != NULL;)
		*at = ' ';
}

static struct error *add_line(struct pattern_set *set, const char *line)
{
	line += strspn(line, " ");
	if (*line == '@')
		return error_new(ERR_USAGE, "a file of patterns cannot name another one");
	for (const char *rest = line; rest != NULL && *line != '\0';) {
		struct error *err = add_one(set, rest, &rest);
		if (err != NULL)
			return err;
	}
	return NULL;
}

static struct error *add_file(struct pattern_set *set, const char *path)
{
	enum { LINE_BYTES_MAX = 1 << 16 };
	char *line = malloc(LINE_BYTES_MAX);
	FILE *file = *path ? fopen(path, "re") : NULL;
	struct error *err = line == NULL ? error_no_memory() : NULL;

	if (err == NULL && *path == '\0')
		err = error_new(ERR_USAGE, "a file name is missing behind '@'");
	else if (err == NULL && file == NULL)
		err = error_os(errno, "cannot open %s", path);
	for (unsigned number = 1; err == NULL && fgets(line, LINE_BYTES_MAX, file) != NULL;
	     number++) {
		if (strchr(line, '\n') == NULL &&
		    !feof(file)) /* a device that never ends, perhaps */
			err = error_new(ERR_USAGE, "%s:%u: no line of patterns is that long", path,
					number);
		cut_comment(line);
		if (err == NULL)
			err = error_context(add_line(set, line), "%s:%u", path, number);
	}
	if (err == NULL && ferror(file))
		err = error_os(errno, "cannot read %s", path);
	free(line);
	if (file != NULL)
		fclose(file);
	return err;
}

/* `@FILE` up to the next comma; @ret_rest as pattern_parse. */
static struct error *add_file_of(struct pattern_set *set, const char *text, const char **ret_rest)
{
	size_t bytes = strcspn(text, ",");
	char *path = strndup(text + 1, bytes - 1);

	if (path == NULL)
		return error_no_memory();
	*ret_rest = text[bytes] == ',' ? text + bytes + 1 : NULL;
	for (size_t end = strlen(path); end > 0 && path[end - 1] == ' '; end--)
		path[end - 1] = '\0';
	struct error *err = add_file(set, path);
	free(path);
	return err;
}

struct error *pattern_set_add(struct pattern_set *set, const char *text)
{
	size_t count_before = set->count;
	const char *rest = text;
	struct error *err;

	do {
		rest += strspn(rest, " ");
		err = *rest == '@' ? add_file_of(set, rest, &rest) : add_one(set, rest, &rest);
	} while (err == NULL && rest != NULL);
	if (err != NULL)
		pattern_set_truncate(set, count_before);
	return error_context(err, "functions '%s'", text);
}

struct error *pattern_set_check(const struct pattern_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (!set->patterns[i].excludes)
			return NULL;
	}
	return set->count == 0
		       ? NULL
		       : error_new(ERR_USAGE,
				   "functions '%s' only says what is left out: say first what is "
				   "meant, as in '*,%s'",
				   set->patterns[0].text, set->patterns[0].text);
}

size_t pattern_set_count(const struct pattern_set *set)
{
	return set->count;
}

const char *pattern_set_text(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].text;
}

const char *pattern_set_name_text(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].text + set->patterns[pattern].name_offset;
}

bool pattern_set_is_name(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].exact != NULL && set->patterns[pattern].glob == NULL;
}

bool pattern_set_has_module(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].module != NULL;
}

bool pattern_set_excludes(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].excludes;
}

void pattern_set_note_left_out(const struct pattern_set *set, size_t pattern)
{
	set->patterns[pattern].left_out = true;
}

bool pattern_set_left_out(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].left_out;
}

const char *pattern_set_version(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].version;
}

const char *pattern_set_source(const struct pattern_set *set, size_t pattern, unsigned *ret_line)
{
	*ret_line = set->patterns[pattern].line;
	return set->patterns[pattern].source;
}

bool pattern_set_has_name(const struct pattern_set *set, size_t pattern)
{
	const struct pattern *p = &set->patterns[pattern];

	return p->line == 0 && !p->has_address && p->usdt == NULL;
}

bool pattern_set_has_addresses(const struct pattern_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->patterns[i].has_address)
			return true;
	}
	return false;
}

bool pattern_set_address(const struct pattern_set *set, size_t pattern, taddr_t *ret)
{
	*ret = set->patterns[pattern].address;
	return set->patterns[pattern].has_address;
}
