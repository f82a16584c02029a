/* What a pattern matches: modules, names, sources; see pattern.h. Symbols layer. */
#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/names/glob.h"
#include "symbols/names/linkage_name.h"
#include "symbols/names/name_forms.h"
#include "symbols/names/name_literal.h"
#include "symbols/names/name_scan.h"
#include "symbols/names/std_names.h"
#include "symbols/pattern/pattern.h"
#include "symbols/pattern/pattern_parse.h"
#include "symbols/pattern/source_match.h"

bool pattern_set_match_module(const struct pattern_set *set, size_t pattern, const char *file_name)
{
	const char *module = set->patterns[pattern].module;
	const char *base = basename(file_name);

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

static bool text_is(const char *exact, const char *glob, const char *text, size_t bytes)
{
	if (strncmp(exact, text, bytes) == 0 && exact[bytes] == '\0')
		return true;
	return glob != NULL && glob_match(glob, text, bytes);
}

static bool pattern_match_text(const struct pattern *pattern, const char *text, size_t bytes)
{
	return pattern->exact != NULL && text_is(pattern->exact, pattern->glob, text, bytes);
}

/* A form of a name, also with short names of the C++ library; @shorter has room for it. */
static bool pattern_match_form(const struct pattern *pattern, const struct name_forms *forms,
			       char *shorter)
{
	if (pattern_match_text(pattern, forms->form, forms->form_bytes))
		return true;
	if (shorter == NULL || !std_names_occur(forms->form))
		return false;
	size_t bytes = std_names_shorten(forms->form, forms->form_bytes, shorter);
	return text_is(pattern->short_exact, pattern->short_glob, shorter, bytes);
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
	const struct pattern *p = &set->patterns[pattern];

	if (!pattern_set_has_name(set, pattern) || !linkage_name_is_mangled(linkage_name))
		return false;
	if (p->literals == NULL || name_holds_literal(linkage_name, p->literals, p->ignores_case))
		return true;
	/* A regular expression may match inside arguments. */
	return p->regex != NULL && name_is_spelled_in_code(linkage_name);
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
	char *shorter = pattern->short_exact ? malloc(strlen(demangled_name) + 1) : NULL;
	if (pattern->short_exact == NULL &&
	    !pattern_may_match_start(pattern, demangled_name + forms.parts.name))
		forms.next = UINT_MAX;
	while (!found && name_forms_next(&forms))
		found = pattern_match_form(pattern, &forms, shorter);
	free(shorter);
	name_forms_deinit(&forms);
	return found;
}

bool pattern_set_match(const struct pattern_set *set, size_t pattern, const char *linkage_name,
		       const char *demangled_name)
{
	const struct pattern *p = &set->patterns[pattern];

	if (linkage_name_is_cold(linkage_name) || (p->exact == NULL && p->regex == NULL))
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

/*
 * A label is a name, with the source file and a colon in front where the name alone would not do.
 */
static const char *label_name(const char *label)
{
	const char *colon = strchr(label, ':');

	if (colon == NULL || colon[1] == ':' || strcspn(label, "<({[ ") < (size_t)(colon - label))
		return label;
	return colon + 1;
}

static bool pattern_match_label(const struct pattern_set *set, size_t pattern, const char *label)
{
	const struct pattern *p = &set->patterns[pattern];
	const char *name = label_name(label);

	if (p->has_address) /* what no symbol names is recorded by its address */
		return strncmp(label, "0x", 2) == 0 &&
		       strtoull(label, NULL, 16) == p->address.value;
	if (p->name != NULL && strcmp(p->text + p->excludes, label) == 0)
		return true;
	if (p->source != NULL && name != label) {
		char *source = strndup(label, (size_t)(name - 1 - label));
		bool is_other = source == NULL || !source_match(p->source, source);
		free(source);
		if (is_other)
			return false;
	}
	return pattern_set_match(set, pattern, name, name) ||
	       (name != label && pattern_set_match(set, pattern, label, label));
}

/* Of a Python function, of static probes, or of marks. */
static bool pattern_match_other_label(const struct pattern_set *set, size_t i, const char *label)
{
	static const char usdt[] = "usdt:", mark[] = "mark:";

	if (strncmp(label, mark, strlen(mark)) == 0) {
		const struct pattern *p = &set->patterns[i];
		const char *wanted = p->is_mark ? strchr(p->usdt, ':') + 1 : NULL;
		const char *name = label + strlen(mark);
		return wanted != NULL && glob_match(wanted, name, strlen(name));
	}
	if (strncmp(label, usdt, strlen(usdt)) == 0)
		return pattern_set_match_usdt(set, i, label + strlen(usdt));
	return set->patterns[i].source == NULL && pattern_set_match_dotted(set, i, label, "");
}

bool pattern_set_wants_label(const struct pattern_set *set, const char *label)
{
	bool wanted = false;

	for (size_t i = 0; i < set->count; i++) {
		if (!pattern_match_label(set, i, label) &&
		    !pattern_match_other_label(set, i, label))
			continue;
		if (set->patterns[i].excludes)
			return false;
		wanted = true;
	}
	return wanted;
}

struct error *pattern_set_check_labels(const struct pattern_set *set)
{
	for (size_t i = 0; i < set->count; i++) {
		if (set->patterns[i].line > 0)
			return error_new(ERR_USAGE,
					 "'%s': a profile has the names of functions, no lines: "
					 "give the name",
					 set->patterns[i].text);
	}
	return pattern_set_check(set);
}
