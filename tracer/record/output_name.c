/* Names of outputs with fields; see output_name.h. Record layer. */
#include "tracer/record/output_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct error *expand_host(FILE *out)
{
	char host[256] = "";

	if (gethostname(host, sizeof(host) - 1) < 0)
		return error_os(errno, "the name of this host (%%h)");
	fputs(host, out);
	return NULL;
}

/* @text is at "q{NAME}"; *@ret_length is its length. */
static struct error *expand_variable(const char *text, FILE *out, size_t *ret_length)
{
	const char *end = text[1] == '{' ? strchr(text, '}') : NULL;
	if (end == NULL || end == text + 2)
		return error_new(ERR_USAGE, "-o: %%q wants a variable in braces, as in %%q{RANK}");
	*ret_length = (size_t)(end - text) + 1;
	char *name = strndup(text + 2, *ret_length - 3);
	if (name == NULL)
		return error_no_memory();
	const char *value = getenv(name);
	struct error *err = NULL;
	if (value == NULL)
		err = error_new(ERR_USAGE, "-o: the environment has no variable %s for %%q{%s}",
				name, name);
	else
		fputs(value, out);
	free(name);
	return err;
}

/* @text is behind a percent sign; *@ret_length is how much of it is the field. */
static struct error *expand_field(const char *text, pid_t pid, FILE *out, size_t *ret_length)
{
	*ret_length = 1;
	switch (*text) {
	case 'p':
		fprintf(out, "%d", pid);
		return NULL;
	case 'h':
		return expand_host(out);
	case 'q':
		return expand_variable(text, out, ret_length);
	case '%':
		fputc('%', out);
		return NULL;
	default:
		return error_new(ERR_USAGE,
				 "-o: %%%.1s is no field; there are %%p (pid), %%h (host), "
				 "%%q{VARIABLE} and %%%%",
				 text);
	}
}

struct error *output_name_expand(const char *pattern, pid_t pid, char **ret)
{
	char *name = NULL;
	size_t name_bytes, length;
	struct error *err = NULL;

	FILE *out = open_memstream(&name, &name_bytes);
	if (out == NULL)
		return error_no_memory();
	while (err == NULL && *pattern != '\0') {
		if (*pattern != '%') {
			fputc(*pattern++, out);
			continue;
		}
		err = expand_field(pattern + 1, pid, out, &length);
		pattern += 1 + (err == NULL ? length : 0);
	}
	if (fclose(out) != 0 && err == NULL)
		err = error_no_memory();
	if (err != NULL)
		free(name);
	else
		*ret = name;
	return err;
}
