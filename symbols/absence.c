/*
 * Why a pattern matches nothing in a file; see symbol_file.h. Symbols layer.
 *
 * Only what can be said for certain: that a name is misspelt is for near_names to guess.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "symbols/imports.h"
#include "symbols/symbol_file_private.h"

enum { SITES_SHOWN_MAX = 3 };

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
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
	const char *name = base_name(file->name);
	unsigned long value = (unsigned long)address.value;

	if (symbol_file_function_around(file, address) != NULL)
		return NULL;
	if (!symbol_file_is_code(file, address))
		return made_text(asprintf(ret, "%#lx is no address of code in %s", value, name),
				 ret);
	return made_text(asprintf(ret, "no function of %s is known to hold %#lx", name, value),
			 ret);
}

/* "inlined at 5 sites (a.c:12, a.c:40, …)" */
static void put_calls(FILE *out, const struct inlined_call *calls, size_t count)
{
	size_t shown = 0;

	fprintf(out, "inlined at %zu site%s", count, count == 1 ? "" : "s");
	for (size_t i = 0; i < count && shown < SITES_SHOWN_MAX; i++) {
		if (calls[i].source != NULL)
			fprintf(out, "%s%s:%u", shown++ > 0 ? ", " : " (",
				base_name(calls[i].source), calls[i].line);
	}
	if (shown > 0)
		fputs(shown < count ? ", …)" : ")", out);
}

/* @before and @behind stand around it. */
static struct error *explain_inlined(struct line_reader *lines, const struct pattern_set *patterns,
				     size_t pattern, const char *before, const char *behind,
				     char **ret)
{
	struct inlined_call *calls = NULL;
	size_t count, bytes;

	struct error *err = line_reader_find_inlined(lines, patterns, pattern, &calls, &count);
	if (err != NULL || count == 0)
		return err;
	FILE *out = open_memstream(ret, &bytes);
	if (out != NULL) {
		fputs(before, out);
		put_calls(out, calls, count);
		fputs(behind, out);
	}
	free(calls);
	return out != NULL && fclose(out) == 0 ? NULL : error_no_memory();
}

static struct error *explain_line(const struct symbol_file *file, struct line_reader *lines,
				  const char *source, unsigned line, bool is_alone, char **ret)
{
	struct line_code *code;
	size_t count;

	if (!line_reader_has_source(lines, source))
		return is_alone ? made_text(asprintf(ret, "%s was not made from a file %s",
						     base_name(file->name), source),
					    ret)
				: NULL;
	struct error *err = line_reader_find_code(lines, source, line, &code, &count);
	if (err != NULL)
		return err;
	if (count == 0)
		err = made_text(
			asprintf(ret, "%s has no code at line %u or behind it", source, line), ret);
	else if (code[0].is_inlined)
		err = made_text(asprintf(ret,
					 "line %u of %s is in %s, which is inlined at %zu site%s "
					 "and has no code of its own",
					 code[0].line, source, code[0].function, count,
					 count == 1 ? "" : "s"),
				ret);
	free(code);
	return err;
}

/* @is_alone: nobody but this file could have it. */
static struct error *explain_by_dwarf(const struct symbol_file *file,
				      const struct pattern_set *patterns, size_t pattern,
				      bool is_alone, char **ret)
{
	struct line_reader *lines;
	unsigned line;
	const char *source = pattern_set_source(patterns, pattern, &line);

	struct error *err = symbol_file_open_lines(file, &lines);
	if (err != NULL) {
		error_free(err); /* the file is gone: there is nothing to be said */
		return NULL;
	}
	bool has_lines = line_reader_has_source(lines, "*");
	if (source != NULL && !has_lines && is_alone)
		err = made_text(asprintf(ret,
					 "%s does not say from which source lines it was made "
					 "(compile it with -g, or install its debug package)",
					 base_name(file->name)),
				ret);
	else if (source != NULL && has_lines && line > 0)
		err = explain_line(file, lines, source, line, is_alone, ret);
	else if (source != NULL && has_lines && is_alone && !line_reader_has_source(lines, source))
		err = made_text(asprintf(ret, "%s was not made from a file %s",
					 base_name(file->name), source),
				ret);
	else if (has_lines && pattern_set_is_name(patterns, pattern))
		err = explain_inlined(lines, patterns, pattern, "it is ",
				      " and has no code of its own", ret);
	line_reader_close(lines);
	return err;
}

struct error *symbol_file_inlined(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern, char **ret)
{
	struct line_reader *lines;

	*ret = NULL;
	if (!file->has_debug_info || !pattern_set_is_name(patterns, pattern) ||
	    !pattern_set_match_module(patterns, pattern, file->name))
		return NULL;
	struct error *err = symbol_file_open_lines(file, &lines);
	if (err != NULL) {
		error_free(err);
		return NULL;
	}
	err = explain_inlined(lines, patterns, pattern, "", "", ret);
	line_reader_close(lines);
	return err;
}

static size_t function_count(const struct symbol_file *file)
{
	size_t count = 0;

	for (size_t i = 0; i < file->symtab.function_count; i++)
		count += !file->symtab.functions[i].is_label;
	return count;
}

struct error *symbol_file_explain(const struct symbol_file *file,
				  const struct pattern_set *patterns, size_t pattern,
				  bool is_program, char **ret)
{
	taddr_t address;
	const char *name = base_name(file->name);
	bool is_alone = is_program || pattern_set_has_module(patterns, pattern);
	struct error *err = NULL;

	*ret = NULL;
	if (!pattern_set_match_module(patterns, pattern, file->name))
		return NULL;
	bool is_address = pattern_set_address(patterns, pattern, &address);
	if (is_address && is_alone)
		err = explain_address(file, address, ret);
	else if (!is_address && (is_alone || file->has_debug_info))
		err = explain_by_dwarf(file, patterns, pattern, is_alone, ret);
	if (err != NULL || *ret != NULL || !is_alone)
		return err;
	const char *path = symbol_file_path(file);
	if (path != NULL && pattern_set_has_module(patterns, pattern) &&
	    pattern_set_is_name(patterns, pattern) &&
	    file_imports(path, pattern_set_name_text(patterns, pattern)))
		return made_text(asprintf(ret,
					  "%s takes it from a library: ask for it without '!', or "
					  "with that library's name",
					  name),
				 ret);
	if (!file->symtab.has_symtab)
		return made_text(asprintf(ret,
					  "%s is stripped: only the %zu functions that it exports "
					  "are left to probe",
					  name, function_count(file)),
				 ret);
	return NULL;
}
