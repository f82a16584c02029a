/* The lines of Python functions; see python_lines.h. Loop layer. */
#include "tracer/loop/python/python_lines.h"

#include <stdlib.h>
#include <string.h>

/* More lines than any function that people write: what is beyond is not told apart. */
static const unsigned LINES_MAX = 100000;

struct python_lines {
	struct line_function function; /* its label is the probe's name, its source ours */
	char *file;
	bool is_used; /* an account may have so many lines already */
};

static struct error *set_range(struct python_lines *lines, unsigned first, unsigned last)
{
	struct line_function *function = &lines->function;
	const size_t count = last - first + 1;

	struct line_place *places = realloc(function->places, count * sizeof(*places));
	if (places == NULL)
		return error_no_memory();
	for (size_t i = 0; i < count; i++)
		places[i] = (struct line_place){ lines->file, first + (unsigned)i };
	function->places = places;
	function->place_count = count;
	function->first_line = first;
	function->last_line = last;
	return NULL;
}

static void python_lines_free(struct python_lines *lines)
{
	free(lines->function.places);
	free(lines->file);
	free(lines);
}

static struct error *python_lines_add(struct session *session, const struct probe *probe,
				      unsigned first, unsigned last, const char *file)
{
	struct python_lines *lines = calloc(1, sizeof(*lines));

	if (lines == NULL)
		return error_no_memory();
	lines->file = strdup(file);
	struct error *err = lines->file == NULL ? error_no_memory() : set_range(lines, first, last);
	lines->function.label = probe->name;
	lines->function.source = lines->file;
	if (err == NULL)
		err = addr_map_put(&session->python_lines, (uintptr_t)probe, lines);
	if (err != NULL)
		python_lines_free(lines);
	return err;
}

struct error *python_lines_note(struct session *session, const struct probe *probe, unsigned first,
				unsigned last, const char *file)
{
	struct python_lines *lines = addr_map_get(&session->python_lines, (uintptr_t)probe);

	first = first == 0 ? 1 : first;
	last = last < first ? first : last;
	last = last - first >= LINES_MAX ? first + LINES_MAX - 1 : last;
	if (lines == NULL)
		return python_lines_add(session, probe, first, last, file);
	const struct line_function *function = &lines->function;
	first = function->first_line < first ? function->first_line : first;
	last = function->last_line > last ? function->last_line : last;
	if (lines->is_used || strcmp(lines->file, file) != 0 || last - first >= LINES_MAX)
		return NULL;
	return set_range(lines, first, last);
}

const struct line_function *python_lines_of(struct session *session, const struct probe *probe)
{
	struct python_lines *lines = addr_map_get(&session->python_lines, (uintptr_t)probe);

	if (lines == NULL)
		return NULL;
	lines->is_used = true;
	return &lines->function;
}

void python_lines_deinit(struct session *session)
{
	size_t cursor = 0;
	struct python_lines *lines;

	while ((lines = addr_map_next(&session->python_lines, &cursor)) != NULL)
		python_lines_free(lines);
	addr_map_deinit(&session->python_lines);
}
