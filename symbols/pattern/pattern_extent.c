/* Where the parts of a pattern lie; see pattern_extent.h. Symbols layer. */
#include "symbols/pattern/pattern_extent.h"

#include <string.h>

#include "symbols/names/name_scan.h"

/* @at points behind the opening slash. */
static struct error *extent_find_regex(struct pattern_extent *extent, const char *at)
{
	extent->regex = at;
	while (*at != '\0' && *at != '/')
		at += *at == '\\' && at[1] != '\0' ? 2 : 1;
	if (*at == '\0')
		return error_new(ERR_USAGE, "a regular expression has no closing '/'");
	extent->regex_bytes = (size_t)(at++ - extent->regex);
	if (extent->regex_bytes == 0)
		return error_new(ERR_USAGE, "a regular expression is empty");
	extent->ignore_case = *at == 'i';
	at += extent->ignore_case;
	at += strspn(at, " ");
	if (*at != '\0' && *at != ',')
		return error_new(
			ERR_USAGE,
			"after the closing '/' of a regular expression there may be an 'i' or a "
			"comma, not '%s' (write '\\/' for a slash in it)",
			at);
	extent->end = at;
	return NULL;
}

/*
 * A glob may end inside brackets, std::vector<*; not where a comma might have been meant to split.
 */
static struct error *check_brackets(const struct name_scan *scan, bool comma_inside)
{
	if (scan->too_deep)
		return error_new(ERR_USAGE, "brackets are nested too deeply");
	if (scan->depth > 0 && (comma_inside || scan->end[-1] != '*'))
		return error_new(ERR_USAGE, "'%c' is never closed", scan->open[scan->depth - 1]);
	return NULL;
}

/* A colon that is none of `::`: no name of any language has one, so that a file stands before it.
 */
static bool is_single_colon(const char *at, const char *start)
{
	return at[0] == ':' && at[1] != ':' && (at == start || at[-1] != ':');
}

/* Takes what stands between @extent->name and the mark at @at as a part. True: a regex follows. */
static bool extent_cut(struct pattern_extent *extent, const char **part, size_t *part_bytes,
		       const char *at)
{
	*part = extent->name;
	*part_bytes = (size_t)(at - extent->name);
	extent->name = at + 1;
	return at[1] == '/';
}

/* Everything but a regex at the very start. */
static struct error *extent_find_parts(struct pattern_extent *extent)
{
	struct name_scan scan;
	struct name_token token;
	bool comma_inside = false, is_regex = false;

	name_scan_init(&scan, extent->name, strlen(extent->name));
	extent->end = scan.end;
	while (!is_regex && name_scan_next(&scan, &token)) {
		if (token.kind == NAME_TOKEN_UNMATCHED || token.kind == NAME_TOKEN_UNCLOSED)
			return error_new(ERR_USAGE, "'%c' has no partner", token.text[0]);
		comma_inside |= token.depth > 0 && token.text[0] == ',';
		if (token.kind != NAME_TOKEN_TEXT || token.depth > 0)
			continue;
		if (token.text[0] == ',') {
			extent->end = token.text;
			break;
		}
		if (token.text[0] == '!' && extent->module == NULL && extent->source == NULL)
			is_regex = extent_cut(extent, &extent->module, &extent->module_bytes,
					      token.text);
		else if (extent->source == NULL && is_single_colon(token.text, scan.start))
			is_regex = extent_cut(extent, &extent->source, &extent->source_bytes,
					      token.text);
	}
	return is_regex ? extent_find_regex(extent, extent->name + 1)
			: check_brackets(&scan, comma_inside);
}

struct error *pattern_extent_find(const char *text, struct pattern_extent *ret)
{
	text += strspn(text, " ");
	*ret = (struct pattern_extent){ .start = text, .name = text, .excludes = text[0] == '!' };
	ret->name += ret->excludes;
	if (*ret->name == '@')
		return error_new(ERR_USAGE, "'!' and '@' cannot be combined: write '!' before the "
					    "patterns in the file");
	if (*ret->name != '/')
		return extent_find_parts(ret);

	/* A regular expression, or else the absolute path of a source file. */
	struct pattern_extent as_path = *ret;
	struct error *err = extent_find_regex(ret, ret->name + 1);
	if (err == NULL)
		return NULL;
	struct error *path_err = extent_find_parts(&as_path);
	if (path_err == NULL && as_path.source != NULL) {
		error_free(err);
		*ret = as_path;
		return NULL;
	}
	error_free(path_err);
	return err;
}

struct error *pattern_extent_check(const struct pattern_extent *extent, const char *end)
{
	if (extent->module != NULL && extent->module_bytes == 0)
		return error_new(ERR_USAGE, "a module name is missing before '!'");
	if (extent->source != NULL && extent->source_bytes == 0)
		return error_new(ERR_USAGE, "a source file is missing before ':'");
	if (end > extent->name)
		return NULL;
	if (extent->source != NULL)
		return error_new(ERR_USAGE, "a function or a line is missing behind '%.*s:'",
				 (int)extent->source_bytes, extent->source);
	return error_new(ERR_USAGE, "a function name is missing%s",
			 extent->name > extent->start ? " behind '!'" : "");
}
