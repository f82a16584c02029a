/* The parts of functions' names, and a shorter form of them; see text.h and text_name.h. Plot layer. */
#include "plot/text/text_name.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"

static const char ELLIPSIS[] = "\xe2\x80\xa6";
static const char OPERATOR[] = "operator";

/* The bytes of an operator's own signs at @at: those of "<<", "()" or "->" in "operator<<". */
static size_t operator_signs(const char *name, const char *at, const char *end)
{
	size_t word = sizeof(OPERATOR) - 1, signs = 0;

	if ((size_t)(at - name) < word || memcmp(at - word, OPERATOR, word) != 0)
		return 0;
	if (end - at >= 2 && memcmp(at, "()", 2) == 0)
		return 2;
	while (at + signs < end && strchr("<>=-", at[signs]) != NULL)
		signs++;
	return signs;
}

/* Behind the bracket that closes the one at @at; the end when none does. */
static const char *behind_group(const char *at, const char *end)
{
	char open = *at, close = open == '<' ? '>' : ')';
	int depth = 0;

	for (; at < end; at++) {
		if (*at == open)
			depth++;
		else if (*at == close && !(close == '>' && at[-1] == '-') && --depth == 0)
			return at + 1;
	}
	return at;
}

const char *text_name_unit(const char *name, const char *at, const char *end, bool *ret_is_group)
{
	size_t signs = operator_signs(name, at, end);

	*ret_is_group = signs == 0 && (*at == '<' || *at == '(') && at > name && at + 1 < end;
	return signs > 0 ? at + signs : *ret_is_group ? behind_group(at, end) : at + 1;
}

/* Never longer than @name is, but for one-byte insides. */
char *text_condense_name(const char *name)
{
	const char *end = name + strlen(name);
	char *condensed = malloc(3 * strlen(name) + 1), *out = condensed;
	bool is_group;

	if (condensed == NULL)
		return NULL;
	for (const char *at = name, *behind; at < end; at = behind) {
		behind = text_name_unit(name, at, end, &is_group);
		if (!is_group) {
			out = mempcpy(out, at, (size_t)(behind - at));
			continue;
		}
		*out++ = *at;
		if (behind - at > 2)
			out = mempcpy(out, ELLIPSIS, sizeof(ELLIPSIS) - 1);
		*out++ = behind[-1];
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

/* Whether the first word is a path, perhaps quoted; else all of it is a name, which may hold spaces. */
static bool is_command_line(const char *command)
{
	return command[0] == '\'' || command[0] == '"' || command[0] == '/' ||
	       strncmp(command, "./", 2) == 0 || strncmp(command, "../", 3) == 0;
}

char *text_program_of_line(const char *line)
{
	char quote = line[0] == '\'' || line[0] == '"' ? line[0] : ' ';
	const char *start = quote == ' ' ? line : line + 1;
	const char *end = strchr(start, quote);
	size_t bytes = end != NULL ? (size_t)(end - start) : strlen(start);
	const char *slash = memrchr(start, '/', bytes);

	if (slash != NULL && slash + 1 < start + bytes) {
		bytes -= (size_t)(slash + 1 - start);
		start = slash + 1;
	}
	return strndup(start, bytes);
}

char *text_program_name(const char *command)
{
	return is_command_line(command) ? text_program_of_line(command) : strdup(command);
}
