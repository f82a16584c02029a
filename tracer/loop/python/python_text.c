/* The text of python_helper.py; see python_text.h. Loop layer. */
#include "tracer/loop/python/python_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The file as it is, with a '\0' behind it. */
__asm__(".section .rodata\n"
	".global python_helper_text\n"
	"python_helper_text:\n"
	".incbin \"tracer/loop/python/python_helper.py\"\n"
	".byte 0\n"
	".previous\n");
extern const char python_helper_text[];

/* Whether it can stand between quotes as it is, as the name of a Python function does. */
static bool word_is_plain(const char *word)
{
	return word != NULL && strpbrk(word, "\"\\\n") == NULL;
}

static bool is_asked(const struct pattern_set *patterns, size_t pattern)
{
	return pattern_set_is_dotted(patterns, pattern) && !pattern_set_excludes(patterns, pattern);
}

struct error *python_text_create(const struct pattern_set *patterns, bool is_attached,
				 bool wants_lines, char **ret)
{
	size_t count = pattern_set_count(patterns), bytes;
	bool is_open = false; /* any function may be wanted */

	for (size_t i = 0; i < count; i++) {
		if (is_asked(patterns, i))
			is_open |= !word_is_plain(pattern_set_dotted_word(patterns, i));
	}
	FILE *out = open_memstream(ret, &bytes);
	if (out == NULL)
		return error_no_memory();
	fputs(is_open ? "WANTED = None" : "WANTED = frozenset((", out);
	for (size_t i = 0; i < count && !is_open; i++) {
		if (is_asked(patterns, i))
			fprintf(out, "\"%s\",", pattern_set_dotted_word(patterns, i));
	}
	/* One line, so that the helper's line numbers stay near their own. */
	fprintf(out, "%s;ATTACHED = %s;LINES = %s\n%s", is_open ? "" : "))",
		is_attached ? "True" : "False", wants_lines ? "True" : "False", python_helper_text);
	bool failed = ferror(out) != 0;
	if (fclose(out) != 0 || failed) {
		free(*ret);
		return error_no_memory();
	}
	return NULL;
}
