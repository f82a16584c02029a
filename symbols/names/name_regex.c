/* Regular expressions over names; see name_regex.h. Symbols layer. */
#include "symbols/names/name_regex.h"

#include <stdint.h>
#include <stdlib.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

struct name_regex {
	pcre2_code *code;
	pcre2_match_data *match; /* scratch */
	pcre2_match_context *limits;
};

/* Names are short: what needs more steps than this is a runaway, 80,000 times over. */
static const uint32_t MATCH_STEPS_MAX = 100000;

struct error *name_regex_create(const char *text, size_t bytes, bool ignore_case,
				struct name_regex **ret)
{
	int number;
	PCRE2_SIZE offset;
	struct name_regex *regex = calloc(1, sizeof(*regex));

	if (regex == NULL)
		return error_no_memory();
	regex->code = pcre2_compile((PCRE2_SPTR)text, bytes, ignore_case ? PCRE2_CASELESS : 0,
				    &number, &offset, NULL);
	if (regex->code == NULL) {
		PCRE2_UCHAR reason[128];
		pcre2_get_error_message(number, reason, sizeof(reason));
		name_regex_destroy(regex);
		return error_new(ERR_USAGE, "bad regular expression '%.*s': %s at character %zu",
				 (int)bytes, text, (const char *)reason, (size_t)offset + 1);
	}
	regex->match = pcre2_match_data_create(1, NULL);
	regex->limits = pcre2_match_context_create(NULL);
	if (regex->match == NULL || regex->limits == NULL) {
		name_regex_destroy(regex);
		return error_no_memory();
	}
	pcre2_set_match_limit(regex->limits, MATCH_STEPS_MAX);
	/* Where the JIT is not allowed (no executable memory), the interpreter does it. */
	(void)pcre2_jit_compile(regex->code, PCRE2_JIT_COMPLETE);
	*ret = regex;
	return NULL;
}

void name_regex_destroy(struct name_regex *regex)
{
	if (regex == NULL)
		return;
	pcre2_match_context_free(regex->limits);
	pcre2_match_data_free(regex->match);
	pcre2_code_free(regex->code);
	free(regex);
}

bool name_regex_match(const struct name_regex *regex, const char *name, size_t bytes)
{
	/* 0: it matches, though the scratch has no room for its groups. */
	return pcre2_match(regex->code, (PCRE2_SPTR)name, bytes, 0, 0, regex->match,
			   regex->limits) >= 0;
}
