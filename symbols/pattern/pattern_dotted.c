/* Patterns for what is no function in a symbol table: Python's, static probes; see pattern.h. Symbols layer. */
#include "symbols/pattern/pattern.h"

#include <string.h>

#include "symbols/names/glob.h"
#include "symbols/pattern/pattern_parse.h"
#include "symbols/pattern/source_match.h"

bool pattern_set_match_usdt(const struct pattern_set *set, size_t pattern, const char *name)
{
	const char *usdt = set->patterns[pattern].usdt;
	return usdt != NULL && glob_match(usdt, name, strlen(name));
}

bool pattern_set_is_usdt(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].usdt != NULL;
}

bool pattern_set_is_mark(const struct pattern_set *set, size_t pattern)
{
	return set->patterns[pattern].is_mark;
}

bool pattern_set_usdt_is_glob(const struct pattern_set *set, size_t pattern)
{
	const char *usdt = set->patterns[pattern].usdt;
	return usdt != NULL && strpbrk(usdt, "*?[") != NULL;
}

bool pattern_set_is_dotted(const struct pattern_set *set, size_t pattern)
{
	const struct pattern *p = &set->patterns[pattern];

	return p->module == NULL && p->line == 0 && (p->exact != NULL || p->regex != NULL);
}

const char *pattern_set_dotted_word(const struct pattern_set *set, size_t pattern)
{
	const struct pattern *p = &set->patterns[pattern];

	if (p->exact == NULL || p->glob != NULL)
		return NULL;
	const char *dot = strrchr(p->exact, '.');
	return dot != NULL ? dot + 1 : p->exact;
}

static bool matches_end(const struct pattern *p, const char *end)
{
	return strcmp(p->exact, end) == 0 ||
	       (p->glob != NULL && glob_match(p->glob, end, strlen(end)));
}

bool pattern_set_match_dotted(const struct pattern_set *set, size_t pattern, const char *name,
			      const char *file)
{
	const struct pattern *p = &set->patterns[pattern];
	const char *last = strrchr(name, '.');

	if (!pattern_set_is_dotted(set, pattern) ||
	    (p->source != NULL && !source_match(p->source, file)))
		return false;
	if (p->regex != NULL)
		return name_regex_match(p->regex, name, strlen(name));
	if (p->glob != NULL && strchr(p->glob, '.') == NULL)
		return matches_end(p, last != NULL ? last + 1 : name);
	const char *end = name;
	while (!matches_end(p, end)) {
		const char *dot = strchr(end, '.'); /* perhaps the name's first byte */
		if (dot == NULL)
			return false;
		end = dot + 1;
	}
	return true;
}
