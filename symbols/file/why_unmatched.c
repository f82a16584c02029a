/*
 * Why a pattern matches nothing in a file, or not all that is called; see symbol_file.h. Symbols
 * layer.
 *
 * Only what can be said for certain: that a name is misspelt is for near_names to guess. DWARF is read
 * in a child (isolate.h), whose output is the clause.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/elf/imports.h"
#include "symbols/file/symbol_file_private.h"
#include "tracer/base/log.h"

enum { SITES_SHOWN_MAX = 3 };

/* What a child is asked about a pattern. */
struct question {
	const struct symbol_file *file;
	const struct pattern_set *patterns;
	size_t pattern;
	bool is_alone;	    /* no other file could have what it names */
	bool is_matched;    /* the pattern has matched: only inlined calls are of interest */
	bool tried_inlined; /* none of the inlined calls can be probed */
};

/* "inlined at 5 sites (a.c:12, a.c:40, …)" */
static void put_calls(FILE *out, const struct inlined_call *calls, size_t count)
{
	size_t shown = 0;

	fprintf(out, "inlined at %zu site%s", count, count == 1 ? "" : "s");
	for (size_t i = 0; i < count && shown < SITES_SHOWN_MAX; i++) {
		if (calls[i].source != NULL)
			fprintf(out, "%s%s:%u", shown++ > 0 ? ", " : " (",
				basename(calls[i].source), calls[i].line);
	}
	if (shown > 0)
		fputs(shown < count ? ", …)" : ")", out);
}

static struct error *put_inlined(FILE *out, const struct question *question,
				 struct line_reader *lines)
{
	struct inlined_calls found;

	struct error *err =
		line_reader_find_inlined(lines, question->patterns, &question->pattern, 1, &found);
	if (err != NULL || found.count == 0)
		return err;
	fputs(question->is_matched ? "" : "it is ", out);
	put_calls(out, found.calls, found.count);
	if (!question->is_matched)
		fputs(question->tried_inlined
			      ? " and has no code that can be told from that around it"
			      : " and has no code of its own (--inlined records such calls)",
		      out);
	inlined_calls_deinit(&found);
	return NULL;
}

static struct error *put_line(FILE *out, struct line_reader *lines, const char *source,
			      unsigned line)
{
	struct line_code *code;
	size_t count;

	struct error *err = line_reader_find_code(lines, source, line, &code, &count);
	if (err != NULL)
		return err;
	if (count == 0)
		fprintf(out, "%s has no code at line %u or behind it", source, line);
	else if (code[0].is_inlined)
		fprintf(out,
			"line %u of %s is in %s, which is inlined at %zu site%s and has no code of "
			"its own",
			code[0].line, source, code[0].function, count, count == 1 ? "" : "s");
	free(code);
	return NULL;
}

static struct error *put_answer(FILE *out, const struct question *question,
				struct line_reader *lines)
{
	unsigned line;
	const char *name = basename(question->file->name);
	const char *source = pattern_set_source(question->patterns, question->pattern, &line);
	bool has_lines = line_reader_has_source(lines, "*");
	bool has_source = source == NULL || line_reader_has_source(lines, source);

	if (source != NULL && !has_lines && question->is_alone)
		fprintf(out,
			"%s does not say from which source lines it was made (compile it with -g, "
			"or install its debug package)",
			name);
	else if (has_lines && !has_source && question->is_alone)
		fprintf(out, "%s was not made from a file %s", name, source);
	else if (has_lines && has_source && line > 0)
		return put_line(out, lines, source, line);
	else if (has_lines && has_source &&
		 pattern_set_is_name(question->patterns, question->pattern))
		return put_inlined(out, question, lines);
	return NULL;
}

/* In the child: writes the clause. */
static struct error *answer(void *context, FILE *out)
{
	const struct question *question = context;
	struct line_reader *lines;

	struct error *err = symbol_file_open_lines(question->file, &lines);
	if (err != NULL)
		return err;
	err = put_answer(out, question, lines);
	line_reader_close(lines);
	return err;
}

/* A file that is gone or damaged has no answer. */
static struct error *ask(struct question *question, char **ret)
{
	struct isolated answered;

	struct error *err = isolate_run(answer, question, &DWARF_LIMITS, &answered);
	if (err != NULL) {
		log_debug("%s: %s", question->file->name, error_message(err));
		error_free(err);
		return NULL;
	}
	if (answered.bytes > 0) {
		*ret = strndup(answered.data, answered.bytes);
		err = *ret ? NULL : error_no_memory();
	}
	isolated_deinit(&answered);
	return err;
}

/* Takes what asprintf made. */
static struct error *made_text(int length, char **text)
{
	if (length >= 0)
		return NULL;
	*text = NULL;
	return error_no_memory();
}

static struct error *explain_address(const struct symbol_file *file, taddr_t address, char **ret)
{
	const char *name = basename(file->name);
	unsigned long value = (unsigned long)address.value;

	if (symbol_file_function_around(file, address) != NULL)
		return NULL;
	return made_text(
		symbol_file_is_code(file, address)
			? asprintf(ret, "no function of %s is known to hold %#lx", name, value)
			: asprintf(ret, "%#lx is no address of code in %s", value, name),
		ret);
}

/* Whether the file takes what the pattern names, in this very module, from a library. */
static bool is_imported(const struct symbol_file *file, const struct pattern_set *patterns,
			size_t pattern)
{
	struct elf_place place;

	return pattern_set_has_module(patterns, pattern) &&
	       pattern_set_is_name(patterns, pattern) && symbol_file_place(file, &place) &&
	       file_imports(place.path, pattern_set_name_text(patterns, pattern));
}

struct error *symbol_file_explain(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern,
				  bool is_program, bool tried_inlined, char **ret)
{
	struct question question = {
		.file = file,
		.patterns = patterns,
		.pattern = pattern,
		.is_alone = is_program || pattern_set_has_module(patterns, pattern),
		.tried_inlined = tried_inlined,
	};
	struct error *err = NULL;
	taddr_t address;

	*ret = NULL;
	if (!pattern_set_match_module(patterns, pattern, file->name))
		return NULL;
	if (pattern_set_address(patterns, pattern, &address))
		return question.is_alone ? explain_address(file, address, ret) : NULL;
	if (question.is_alone || file->has_debug_info)
		err = ask(&question, ret);
	if (err == NULL && *ret == NULL && is_imported(file, patterns, pattern))
		err = made_text(asprintf(ret,
					 "%s takes it from a library: ask for it without '!', or "
					 "with that library's name",
					 basename(file->name)),
				ret);
	return err;
}

struct error *symbol_file_inlined(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern, char **ret)
{
	struct question question = {
		.file = file,
		.patterns = patterns,
		.pattern = pattern,
		.is_matched = true,
	};

	*ret = NULL;
	if (!file->has_debug_info || !pattern_set_is_name(patterns, pattern) ||
	    !pattern_set_match_module(patterns, pattern, file->name))
		return NULL;
	return ask(&question, ret);
}
