/* Shorter forms of functions' names; see text.h. Plot layer. */
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

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
	static const char ellipsis[] = "\xe2\x80\xa6";
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
				out = mempcpy(out, ellipsis, sizeof(ellipsis) - 1);
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
