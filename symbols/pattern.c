/* The list of patterns and what they match; see pattern.h. Symbols layer. */
#include "symbols/pattern.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/demangle.h"
#include "symbols/glob.h"
#include "symbols/name_forms.h"
#include "symbols/name_scan.h"
#include "symbols/pattern_parse.h"
#include "tracer/base/array.h"

struct pattern_set {
	struct pattern *patterns;
	size_t count, capacity;
};

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

struct error *pattern_set_add(struct pattern_set *set, const char *text)
{
	size_t count_before = set->count;
	const char *rest = text;
	struct error *err = NULL;

	while (rest != NULL && err == NULL) {
		err = array_reserve(&set->patterns, &set->capacity, set->count + 1,
				    sizeof(*set->patterns));
		if (err == NULL)
			err = pattern_parse(rest, &set->patterns[set->count], &rest);
		if (err == NULL)
			set->count++;
	}
	if (err != NULL)
		pattern_set_truncate(set, count_before);
	return error_context(err, "functions '%s'", text);
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

bool pattern_set_match_module(const struct pattern_set *set, size_t pattern, const char *file_name)
{
	const char *module = set->patterns[pattern].module;
	const char *slash = strrchr(file_name, '/');
	const char *base = slash ? slash + 1 : file_name;

	if (module == NULL || glob_match(module, base, strlen(base)))
		return true;
	/* The same up to a version or suffix: libc and libc.so for libc.so.6, libfoo for
	 * libfoo-1.2.so. */
	for (const char *cut = strpbrk(base, ".-"); cut != NULL; cut = strpbrk(cut + 1, ".-")) {
		if (*cut == '-' && !isdigit((unsigned char)cut[1]))
			continue;
		if (cut > base && glob_match(module, base, (size_t)(cut - base)))
			return true;
	}
	return false;
}

static bool pattern_match_text(const struct pattern *pattern, const char *text, size_t bytes)
{
	if (strncmp(pattern->exact, text, bytes) == 0 && pattern->exact[bytes] == '\0')
		return true;
	return pattern->glob != NULL && glob_match(pattern->glob, text, bytes);
}

bool pattern_set_match_linkage(const struct pattern_set *set, size_t pattern,
			       const char *linkage_name)
{
	const struct pattern *p = &set->patterns[pattern];
	size_t bytes = strlen(linkage_name);

	if (p->regex != NULL)
		return name_regex_match(p->regex, linkage_name,
					linkage_name_base_bytes(linkage_name));
	if (pattern_match_text(p, linkage_name, bytes))
		return true;
	if (memchr(linkage_name, '.', bytes) == NULL)
		return false;
	size_t base_bytes = linkage_name_base_bytes(linkage_name);
	return base_bytes < bytes && pattern_match_text(p, linkage_name, base_bytes);
}

bool pattern_set_needs_demangled(const struct pattern_set *set, size_t pattern,
				 const char *linkage_name)
{
	const char *literal = set->patterns[pattern].literal;

	return linkage_name_is_mangled(linkage_name) &&
	       (literal == NULL || strstr(linkage_name, literal) != NULL);
}

/*
 * Whether the plain beginning of a name agrees with the pattern's: no form of it begins otherwise.
 * Saves most of the work, as making the forms costs ten times this.
 */
static bool pattern_may_match_start(const struct pattern *pattern, const char *name)
{
	size_t name_bytes = 0;
	while (name_byte_is_word(name[name_bytes]) || name[name_bytes] == ':')
		name_bytes++;
	while (name_bytes > 0 && name[name_bytes - 1] == ':')
		name_bytes--;
	if (pattern->glob == NULL)
		return strncmp(pattern->exact, name, name_bytes) == 0;
	size_t plain_bytes = strcspn(pattern->glob, "*?[\\");
	return strncmp(pattern->glob, name, name_bytes < plain_bytes ? name_bytes : plain_bytes) ==
	       0;
}

static bool pattern_match_forms(const struct pattern *pattern, const char *demangled_name)
{
	struct name_forms forms;
	bool found = false;

	if (pattern->word != NULL && strstr(demangled_name, pattern->word) == NULL)
		return false;
	name_forms_init(&forms, demangled_name);
	if (!pattern_may_match_start(pattern, demangled_name + forms.parts.name))
		forms.next = UINT_MAX;
	while (!found && name_forms_next(&forms))
		found = pattern_match_text(pattern, forms.form, forms.form_bytes);
	name_forms_deinit(&forms);
	return found;
}

bool pattern_set_match(const struct pattern_set *set, size_t pattern, const char *linkage_name,
		       const char *demangled_name)
{
	const struct pattern *p = &set->patterns[pattern];

	if (linkage_name_is_cold(linkage_name))
		return false;
	if (pattern_set_match_linkage(set, pattern, linkage_name))
		return true;
	if (p->regex != NULL)
		return name_regex_match(p->regex, demangled_name, strlen(demangled_name));
	/* A plain C name has no other forms. A demangled one passed as both does. */
	if (strpbrk(demangled_name, " (<:[{") == NULL)
		return pattern_match_text(p, demangled_name, strlen(demangled_name));
	return pattern_match_forms(p, demangled_name);
}

const char *pattern_set_dotted_word(const struct pattern_set *set, size_t pattern)
{
	const struct pattern *p = &set->patterns[pattern];

	if (p->exact == NULL || p->glob != NULL)
		return NULL;
	const char *dot = strrchr(p->exact, '.');
	return dot != NULL ? dot + 1 : p->exact;
}

bool pattern_set_match_dotted(const struct pattern_set *set, size_t pattern, const char *name)
{
	const struct pattern *p = &set->patterns[pattern];
	const char *last = strrchr(name, '.');

	if (p->module != NULL)
		return false;
	if (p->regex != NULL)
		return name_regex_match(p->regex, name, strlen(name));
	if (p->exact == NULL)
		return false;
	if (p->glob != NULL && strchr(p->glob, '.') == NULL)
		return pattern_match_text(p, last ? last + 1 : name,
					  strlen(last ? last + 1 : name));
	for (const char *end = name; end != NULL; end = strchr(end, '.')) {
		end += end > name;
		if (pattern_match_text(p, end, strlen(end)))
			return true;
	}
	return false;
}
