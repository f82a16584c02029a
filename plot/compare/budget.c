/* Reads a budget; see budget.h. Plot layer. */
#include "plot/compare/budget.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/compare/limit.h"
#include "plot/text/text.h"
#include "tracer/base/array.h"

/* What is larger than limits for all functions of any program is something else. */
enum { BUDGET_BYTES_MOST = 1 << 29, READ_BYTES = 1 << 16 };

struct budget_line {
	const char *at; /* behind what has been read */
	char *word;	/* room for the longest word of the file */
	struct limit_scope scope;
	char *function;			   /* owned: the scope's */
	const struct limit_option *option; /* NULL: no limit so far */
	char *amount;			   /* owned */
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Behind a quoted part, which goes to *@out. NULL: the quote is not closed on its line. */
static const char *read_quoted(const char *at, char **out)
{
	char quote = *at++;

	for (; *at != quote; at++) {
		if (*at == '\0')
			return NULL;
		if (quote == '"' && *at == '\\' && (at[1] == '"' || at[1] == '\\'))
			at++;
		*(*out)++ = *at;
	}
	return at + 1;
}

/* The next word into line->word. *@ret_found is false at the end of the line, and at a comment. */
static struct error *next_word(struct budget_line *line, bool *ret_found)
{
	const char *at = line->at;
	char *out = line->word;

	while (is_blank(*at))
		at++;
	*ret_found = *at != '\0' && *at != '#';
	while (*ret_found && *at != '\0' && !is_blank(*at)) {
		if (*at == '\'' || *at == '"') {
			at = read_quoted(at, &out);
			if (at == NULL)
				return error_new(ERR_USAGE, "a quote is not closed");
			continue;
		}
		if (*at == '\\' && at[1] != '\0')
			at++;
		*out++ = *at++;
	}
	*out = '\0';
	line->at = at;
	return NULL;
}

static struct error *error_unknown(const char *word)
{
	char list[LIMIT_OPTIONS_BYTES];

	limit_options_list(list);
	return error_new(
		ERR_USAGE,
		"'%s' is not known here: a line has one of %s, with --func, --tree or --band", word,
		list);
}

/* The argument of option @word: the next word, or what stands behind its '='. Owned. */
static struct error *read_argument(struct budget_line *line, const char *name, const char *inside,
				   char **ret)
{
	bool is_found = true;
	struct error *err = inside != NULL ? NULL : next_word(line, &is_found);

	if (err != NULL)
		return err;
	if (!is_found)
		return error_new(ERR_USAGE, "there is nothing behind --%s", name);
	free(*ret);
	*ret = strdup(inside != NULL ? inside : line->word);
	return *ret == NULL ? error_no_memory() : NULL;
}

/* @inside: what stands behind its '=', or NULL. */
static struct error *read_option(struct budget_line *line, const char *name, const char *inside)
{
	const struct limit_option *option = limit_option_find(name);
	char *band = NULL;

	if (strcmp(name, "tree") == 0 && inside == NULL) {
		line->scope.is_tree = true;
		return NULL;
	}
	if (strcmp(name, "func") == 0) {
		struct error *err = read_argument(line, name, inside, &line->function);
		line->scope.function = line->function;
		return err;
	}
	if (strcmp(name, "band") == 0) {
		struct error *err = read_argument(line, name, inside, &band);
		if (err == NULL)
			err = limit_parse_band(band, &line->scope.band_percent);
		free(band);
		return err;
	}
	if (option == NULL)
		return error_unknown(line->word);
	if (line->option != NULL)
		return error_new(ERR_USAGE, "there is a second limit: each has a line of its own");
	line->option = option;
	return read_argument(line, name, inside, &line->amount);
}

/* One word of a line, an option. Its name is copied, for the room of the word is used again. */
static struct error *read_word(struct budget_line *line)
{
	if (strncmp(line->word, "--", 2) != 0)
		return error_unknown(line->word);
	char *name = strdup(line->word + 2);
	if (name == NULL)
		return error_no_memory();
	char *inside = strchr(name, '=');
	if (inside != NULL)
		*inside++ = '\0';
	struct error *err = read_option(line, name, inside);
	free(name);
	return err;
}

static struct error *read_line(struct budget_line *line, struct conditions *conditions)
{
	bool is_found, is_empty = true;
	struct error *err;

	while ((err = next_word(line, &is_found)) == NULL && is_found) {
		is_empty = false;
		err = read_word(line);
		if (err != NULL)
			return err;
	}
	if (err != NULL || is_empty)
		return err;
	if (line->option == NULL)
		return error_new(ERR_USAGE, "there is no limit in this line");
	return limit_add(conditions, line->option, line->amount, &line->scope);
}

/* @text is a whole line, ended by '\0'; @word has room for it. */
static struct error *parse_line(struct conditions *conditions, const char *path, size_t number,
				const char *text, char *word, double band_percent)
{
	char *origin;

	if (asprintf(&origin, "%s:%zu", path, number) < 0)
		return error_no_memory();
	struct budget_line line = {
		.at = text,
		.word = word,
		.scope = { .band_percent = band_percent, .origin = origin },
	};
	struct error *err = read_line(&line, conditions);
	err = error_context(err, "%s", origin);
	free(line.function);
	free(line.amount);
	free(origin);
	return err;
}

struct error *budget_parse(struct conditions *conditions, const char *path, const char *text,
			   size_t bytes, double band_percent)
{
	if (memchr(text, '\0', bytes) != NULL || !text_is_utf8(text, bytes))
		return error_new(ERR_USAGE, "%s is no budget: it is no text in UTF-8", path);
	char *lines = strndup(text, bytes), *word = malloc(bytes + 1);
	struct error *err = lines == NULL || word == NULL ? error_no_memory() : NULL;
	size_t number = 0;

	for (char *at = lines, *next; err == NULL && at != NULL; at = next) {
		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		err = parse_line(conditions, path, ++number, at, word, band_percent);
	}
	free(lines);
	free(word);
	return err;
}

/* All of it, up to the first byte that no text has. *@ret is owned by the caller, also after an error. */
static struct error *read_text(FILE *file, const char *path, char **ret, size_t *ret_bytes)
{
	size_t capacity = 0, bytes = 0, got = 0;
	struct error *err = NULL;

	*ret = NULL;
	do {
		bytes += got;
		if (bytes > BUDGET_BYTES_MOST)
			return error_new(ERR_USAGE, "%s is no budget: it is too large", path);
		err = array_reserve(ret, &capacity, bytes + READ_BYTES, 1);
		got = err != NULL ? 0 : fread(*ret + bytes, 1, READ_BYTES, file);
	} while (got > 0 && memchr(*ret + bytes, '\0', got) == NULL);
	*ret_bytes = bytes + got;
	return err == NULL && ferror(file) ? error_os(errno, "cannot read %s", path) : err;
}

struct error *budget_read(struct conditions *conditions, const char *path, double band_percent)
{
	FILE *file = fopen(path, "re");
	char *text;
	size_t bytes = 0;

	if (file == NULL)
		return error_os(errno, "cannot open %s", path);
	struct error *err = read_text(file, path, &text, &bytes);
	fclose(file);
	if (err == NULL)
		err = budget_parse(conditions, path, text, bytes, band_percent);
	free(text);
	return err;
}
