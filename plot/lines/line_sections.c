/* Lines that are shown together; see line_sections.h. Plot layer. */
#include "plot/lines/line_sections.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More lines than any function's text, and no more than a page between two runs. */
enum { OWN_LINES_MOST = 100000, GAP_LINES_MOST = 5 };

void line_sections_deinit(struct line_sections *sections)
{
	free(sections->figures);
	free(sections->sections);
	free(sections->runs);
	*sections = (struct line_sections){ 0 };
}

/* Which section a line is of: 0 the own one; else 1 + the number of its source. */
struct ranked {
	uint32_t section;
	struct line_figures figures;
};

static bool is_own_line(const struct line_block *block, const struct line_figures *figures)
{
	const struct line_function *function = &block->function;

	if (!block->has_function)
		return figures->source == block->lines[0].source;
	return figures->source == function->source && figures->line >= function->first_line &&
	       figures->line <= function->last_line;
}

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->section != b->section)
		return a->section < b->section ? -1 : 1;
	return (a->figures.line > b->figures.line) - (a->figures.line < b->figures.line);
}

static void build_runs(struct line_sections *all, struct line_section *section, size_t *run_count,
		       const struct line_block *block)
{
	const struct line_figures *figures = all->figures + section->figures_first;
	const struct line_function *function = &block->function;
	const bool is_whole = section->is_own && block->has_function &&
			      function->last_line - function->first_line < OWN_LINES_MOST;
	struct line_run *run = NULL;

	section->runs_first = *run_count;
	for (size_t i = 0; i < section->figures_count; i++) {
		const uint32_t line = figures[i].line;
		bool is_near = run != NULL && (is_whole || line - run->last <= GAP_LINES_MOST + 1);
		if (!is_near) {
			run = &all->runs[(*run_count)++];
			*run = (struct line_run){ .first = line, .figures_first = i };
		}
		run->last = line;
		run->figures_count++;
	}
	section->run_count = *run_count - section->runs_first;
	if (is_whole && run != NULL) {
		run->first = function->first_line;
		run->last = function->last_line;
	}
}

struct error *line_sections_build(struct line_sections *ret, const struct line_block *block)
{
	struct ranked *ranked = calloc(block->count + 1, sizeof(*ranked));
	size_t run_count = 0;

	*ret = (struct line_sections){
		.figures = calloc(block->count + 1, sizeof(*ret->figures)),
		.sections = calloc(block->count + 1, sizeof(*ret->sections)),
		.runs = calloc(block->count + 1, sizeof(*ret->runs)),
	};
	if (ranked == NULL || ret->figures == NULL || ret->sections == NULL || ret->runs == NULL) {
		free(ranked);
		line_sections_deinit(ret);
		return error_no_memory();
	}
	for (size_t i = 0; i < block->count; i++) {
		const struct line_figures *figures = &block->lines[i];
		bool is_own = is_own_line(block, figures);
		ranked[i] = (struct ranked){ is_own ? 0 : 1 + (uint32_t)figures->source, *figures };
	}
	qsort(ranked, block->count, sizeof(*ranked), ranked_compare);
	for (size_t i = 0; i < block->count; i++) {
		if (i == 0 || ranked[i].section != ranked[i - 1].section)
			ret->sections[ret->count++] = (struct line_section){
				.source = ranked[i].figures.source,
				.is_own = ranked[i].section == 0,
				.figures_first = i,
			};
		ret->sections[ret->count - 1].figures_count++;
		ret->figures[i] = ranked[i].figures;
	}
	free(ranked);
	for (size_t i = 0; i < ret->count; i++)
		build_runs(ret, &ret->sections[i], &run_count, block);
	return NULL;
}

/* A profile has six decimals. */
static bool is_nothing(double mib)
{
	return fabs(mib) < 5e-7;
}

bool line_section_is_idle(const struct line_sections *sections, size_t index)
{
	const struct line_section *section = &sections->sections[index];

	for (size_t i = 0; i < section->figures_count; i++) {
		if (!is_nothing(sections->figures[section->figures_first + i].gained_mib))
			return false;
	}
	return !section->is_own && index > 0;
}
