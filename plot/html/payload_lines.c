/* Lines of functions for a page; see payload_lines.h (plot layer). */
#include "plot/html/payload_lines.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "plot/html/payload_text.h"
#include "plot/lines/line_sections.h"
#include "plot/lines/line_source.h"

struct lines_payload {
	struct json_writer *json;
	const struct profile *profile;
	struct source_store *sources;
	size_t rows_left;
	uint32_t last_line; /* of the section, that has a row; 0: none yet */
};

/* Which rows of a function have room. */
struct row_choice {
	bool has_others;  /* lines that did not run */
	double least_mib; /* gained or released, by lines that ran */
	size_t ties_left; /* of those with just so much */
	size_t left_out;
};

struct ranked_block {
	size_t block;
	double gained_mib;
};

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked_block *a = left, *b = right;

	if (a->gained_mib != b->gained_mib)
		return a->gained_mib > b->gained_mib ? -1 : 1;
	return (a->block > b->block) - (a->block < b->block);
}

static int size_compare(const void *left, const void *right)
{
	const double *a = left, *b = right;

	return (*a < *b) - (*a > *b);
}

static bool is_shown(const struct profile *profile, const struct line_block *block)
{
	const char *name = profile->lines.names.items[block->name].text;
	const struct profile_function *function = profile_find_function(profile, name);

	return block->count > 0 && !profile->processes[block->process].is_hidden &&
	       (function == NULL || !function->is_hidden);
}

static double gained_mib(const struct line_block *block)
{
	double sum_mib = 0;

	if (block->has_function)
		return block->function.gained_mib;
	for (size_t i = 0; i < block->count; i++)
		sum_mib += block->lines[i].gained_mib;
	return sum_mib;
}

static struct error *rank_blocks(const struct profile *profile, struct ranked_block **ret,
				 size_t *ret_count)
{
	const struct line_book *book = &profile->lines;
	struct ranked_block *ranked = calloc(book->count + 1, sizeof(*ranked));
	size_t count = 0;

	if (ranked == NULL)
		return error_no_memory();
	for (size_t i = 0; i < book->count; i++) {
		if (is_shown(profile, &book->blocks[i]))
			ranked[count++] = (struct ranked_block){ i, gained_mib(&book->blocks[i]) };
	}
	qsort(ranked, count, sizeof(*ranked), ranked_compare);
	*ret = ranked;
	*ret_count = count;
	return NULL;
}

/* Of lines that ran: how many there are in sections that are shown, and what each gained or released. */
static size_t collect_sizes(const struct line_sections *sections, double *sizes)
{
	size_t count = 0;

	for (size_t i = 0; i < sections->count; i++) {
		const struct line_section *section = &sections->sections[i];
		if (line_section_is_idle(sections, i))
			continue;
		for (size_t k = 0; k < section->figures_count; k++)
			sizes[count++] =
				fabs(sections->figures[section->figures_first + k].gained_mib);
	}
	return count;
}

static uint64_t count_rows(const struct line_sections *sections)
{
	uint64_t count = 0;

	for (size_t i = 0; i < sections->count; i++) {
		const struct line_section *section = &sections->sections[i];
		for (size_t k = 0; !line_section_is_idle(sections, i) && k < section->run_count;
		     k++) {
			const struct line_run *run = &sections->runs[section->runs_first + k];
			count += (uint64_t)run->last - run->first + 1;
		}
	}
	return count;
}

static struct error *choose_rows(const struct line_sections *sections, size_t all, size_t room,
				 struct row_choice *ret)
{
	double *sizes = calloc(all + 1, sizeof(*sizes));

	if (sizes == NULL)
		return error_no_memory();
	*ret = (struct row_choice){ .has_others = count_rows(sections) <= room, .least_mib = -1 };
	size_t count = collect_sizes(sections, sizes);
	if (count > room) {
		qsort(sizes, count, sizeof(*sizes), size_compare);
		ret->left_out = count - room;
		ret->least_mib = room > 0 ? sizes[room - 1] : INFINITY;
		for (ret->ties_left = room;
		     ret->ties_left > 0 && sizes[room - ret->ties_left] > ret->least_mib;)
			ret->ties_left--;
	}
	free(sizes);
	return NULL;
}

static bool has_room(struct row_choice *choice, const struct line_figures *figures)
{
	const double size_mib = fabs(figures->gained_mib);

	if (size_mib != choice->least_mib)
		return size_mib > choice->least_mib;
	if (choice->ties_left == 0)
		return false;
	choice->ties_left--;
	return true;
}

/* Tabs stay, unless the line is as long as a book. */
static struct error *put_contents(struct json_writer *json, const char *contents)
{
	enum { BYTES_MOST = 500 };

	if (contents != NULL && strlen(contents) > BYTES_MOST)
		return payload_put_text(json, NULL, contents);
	json_put_string(json, NULL, contents);
	return NULL;
}

/* @figures NULL: it did not run. */
static struct error *put_row(struct lines_payload *payload, int32_t source,
			     const struct source_text *text, uint32_t line,
			     const struct line_figures *figures)
{
	struct json_writer *json = payload->json;
	char *contents = NULL;

	if (line_source_has(payload->profile, source, text, line)) {
		contents = line_source_line(payload->profile, source, text, line);
		if (contents == NULL)
			return error_no_memory();
	}
	if (payload->last_line > 0 && line > payload->last_line + 1)
		json_put_null(json, NULL);
	payload->last_line = line;
	json_open_array(json, NULL);
	json_put_count(json, NULL, line);
	struct error *err = put_contents(json, contents);
	if (figures != NULL) {
		json_put_count(json, NULL, figures->count);
		json_put_number(json, NULL, figures->gained_mib);
		json_put_number(json, NULL, figures->mib);
		json_put_count(json, NULL, figures->held_count);
	}
	json_close(json);
	free(contents);
	if (payload->rows_left > 0)
		payload->rows_left--;
	return err;
}

static struct error *put_run(struct lines_payload *payload, const struct line_sections *sections,
			     const struct line_section *section, const struct line_run *run,
			     const struct source_text *text, struct row_choice *choice)
{
	const struct line_figures *figures =
		&sections->figures[section->figures_first + run->figures_first];
	const struct line_figures *const end = figures + run->figures_count;
	uint32_t line = run->first;
	struct error *err = NULL;

	while (err == NULL && line <= run->last && (choice->has_others || figures < end)) {
		if (!choice->has_others)
			line = figures->line;
		const bool is_met = figures < end && figures->line == line;
		if (is_met ? has_room(choice, figures)
			   : line_source_has(payload->profile, section->source, text, line))
			err = put_row(payload, section->source, text, line,
				      is_met ? figures : NULL);
		figures += is_met;
		line++;
	}
	return err;
}

static struct error *put_section(struct lines_payload *payload,
				 const struct line_sections *sections,
				 const struct line_section *section, struct row_choice *choice)
{
	const struct line_book *book = &payload->profile->lines;
	struct json_writer *json = payload->json;
	const char *path = book->sources.items[section->source].text;
	const struct source_text *text;

	struct error *err = source_store_get(payload->sources, path, &text);
	if (err != NULL)
		return err;
	json_open_object(json, NULL);
	err = payload_put_text(json, "file", path);
	json_put_bool(json, "isInlined", !section->is_own);
	json_put_string(json, "complaint",
			line_source_complaint(payload->profile, section->source, text));
	json_open_array(json, "rows");
	payload->last_line = 0;
	for (size_t i = 0; err == NULL && i < section->run_count; i++)
		err = put_run(payload, sections, section, &sections->runs[section->runs_first + i],
			      text, choice);
	json_close(json);
	json_close(json);
	return err;
}

static struct error *put_sections(struct lines_payload *payload, const struct line_block *block)
{
	const size_t room = payload->rows_left < PAYLOAD_LINE_ROWS_OF_FUNCTION
				    ? payload->rows_left
				    : PAYLOAD_LINE_ROWS_OF_FUNCTION;
	struct line_sections sections;
	struct row_choice choice;

	struct error *err = line_sections_build(&sections, block);
	if (err != NULL)
		return err;
	err = choose_rows(&sections, block->count, room, &choice);
	json_open_array(payload->json, "sections");
	for (size_t i = 0; err == NULL && i < sections.count; i++) {
		if (!line_section_is_idle(&sections, i))
			err = put_section(payload, &sections, &sections.sections[i], &choice);
	}
	json_close(payload->json);
	if (err == NULL)
		json_put_count(payload->json, "left", choice.left_out);
	line_sections_deinit(&sections);
	return err;
}

static struct error *put_function(struct lines_payload *payload, const struct ranked_block *ranked)
{
	const struct profile *profile = payload->profile;
	const struct line_block *block = &profile->lines.blocks[ranked->block];
	struct json_writer *json = payload->json;

	json_open_object(json, NULL);
	struct error *err =
		payload_put_text(json, "name", profile->lines.names.items[block->name].text);
	json_put_integer(json, "process", block->process);
	json_put_number(json, "gained", ranked->gained_mib);
	json_put_bool(json, "isOptimised", block->function.is_optimised);
	if (block->has_function) {
		json_put_count(json, "calls", block->function.calls);
		json_put_number(json, "before", block->function.before_mib);
	}
	if (err == NULL)
		err = put_sections(payload, block);
	json_close(json);
	return err;
}

static struct error *put_functions(struct lines_payload *payload, const struct ranked_block *ranked,
				   size_t count)
{
	struct json_writer *json = payload->json;
	struct error *err = NULL;
	size_t shown = 0;

	json_open_object(json, "lines");
	json_open_array(json, "functions");
	while (err == NULL && shown < count && shown < PAYLOAD_LINE_FUNCTIONS_MOST &&
	       payload->rows_left > 0)
		err = put_function(payload, &ranked[shown++]);
	json_close(json);
	json_put_count(json, "left", count - shown);
	json_close(json);
	return err;
}

struct error *payload_put_lines(struct json_writer *json, const struct profile *profile)
{
	struct lines_payload payload = {
		.json = json,
		.profile = profile,
		.rows_left = PAYLOAD_LINE_ROWS_MOST,
	};
	struct ranked_block *ranked = NULL;
	size_t count = 0;

	struct error *err = rank_blocks(profile, &ranked, &count);
	if (err == NULL && count > 0)
		err = source_store_create(NULL, 0, &payload.sources);
	if (err == NULL && count > 0) {
		err = put_functions(&payload, ranked, count);
		source_store_destroy(payload.sources);
	}
	free(ranked);
	return err;
}
