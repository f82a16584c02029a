/* The table of lines; see line_table.h. Plot layer. */
#include "plot/lines/line_table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "plot/lines/line_sections.h"
#include "plot/lines/line_source.h"
#include "plot/lines/line_table_private.h"
#include "plot/text/stream_check.h"

static const char HEADER[] = "Line #    Mem usage    Increment  Occurrences   Line Contents\n"
			     "=============================================================\n";

enum { CELL_BYTES = 352 }; /* of the largest double, with LINE_PRECISION_MOST decimals */

struct error *line_source_notes_init(struct line_source_notes *notes,
				     const struct line_table *table)
{
	notes->table = table;
	notes->is_told = calloc(table->profile->lines.sources.count + 1, sizeof(*notes->is_told));
	return notes->is_told != NULL ? NULL : error_no_memory();
}

void line_source_notes_deinit(struct line_source_notes *notes)
{
	free(notes->is_told);
}

struct error *line_source_get(struct line_source_notes *notes, int32_t source,
			      const struct source_text **ret)
{
	const struct line_table *table = notes->table;
	const char *path = table->profile->lines.sources.items[source].text;
	struct error *err = source_store_get(table->sources, path, ret);

	if (err != NULL || notes->is_told[source])
		return err;
	notes->is_told[source] = true;
	const char *what = line_source_complaint(table->profile, source, *ret);
	if (what != NULL && table->note_source != NULL)
		table->note_source(table->data, path, what, (*ret)->why != NULL);
	return NULL;
}

/* A table that is being printed. */
struct printing {
	const struct line_table *table;
	FILE *out;
	struct line_source_notes notes;
	bool names_process;
	struct addr_map
		places; /* source and line of a text's start -> the block's index + 1, or MANY */
};

static const uintptr_t MANY = UINTPTR_MAX;

/* Where the text of a block begins: instances of a template begin alike. */
static uint64_t place_of(const struct line_block *block)
{
	return (uint64_t)(uint32_t)line_block_source(block) << 32 | line_block_first_line(block);
}

/* What must be said so that blocks can be told apart. */
static struct error *find_homonyms(struct printing *printing, const struct line_order *order)
{
	struct error *err = NULL;

	const struct line_book *book = &printing->table->profile->lines;

	for (size_t i = 0; i < order->count && err == NULL; i++) {
		const struct line_block *block = &book->blocks[order->blocks[i]];
		printing->names_process |= block->process != book->blocks[order->blocks[0]].process;
		uint64_t place = place_of(block);
		bool is_new = addr_map_get(&printing->places, place) == NULL;
		err = addr_map_put(&printing->places, place, (void *)(is_new ? i + 1 : MANY));
	}
	return err;
}

static void print_name(const struct printing *printing, const struct line_block *block,
		       const char *title)
{
	const struct profile *profile = printing->table->profile;
	const struct profile_process *process = &profile->processes[block->process];

	fprintf(printing->out, "%s: %s", title, profile->lines.names.items[block->name].text);
	if (printing->names_process) {
		fprintf(printing->out, ", process %" PRId32, process->pid);
		if (process->command != NULL)
			fprintf(printing->out, " (%s)", process->command);
	}
	putc('\n', printing->out);
}

static bool has_held(const struct line_sections *sections, const struct line_section *section)
{
	for (size_t i = 0; i < section->figures_count; i++) {
		if (sections->figures[section->figures_first + i].held_count > 0)
			return true;
	}
	return false;
}

static void print_left_out(const struct printing *printing, const struct line_sections *sections)
{
	size_t count = 0;

	for (size_t i = 0; i < sections->count; i++)
		count += line_section_is_idle(sections, i);
	if (count > 0)
		fprintf(printing->out,
			"Not shown: inlined code of %zu other file%s, which gained nothing.\n",
			count, count == 1 ? "" : "s");
}

/* What memory_profiler does not say. */
static void print_remarks(const struct printing *printing, const struct line_block *block,
			  const struct line_sections *sections, const struct line_section *section)
{
	bool is_ambiguous = addr_map_get(&printing->places, place_of(block)) == (void *)MANY;

	if (!section->is_own)
		print_name(printing, block, "Inlined into");
	else if (is_ambiguous || printing->names_process)
		print_name(printing, block, "Function");
	if (block->function.is_optimised && section == sections->sections)
		fprintf(printing->out, "Optimised: lines may be merged, moved, or run in another "
				       "order than the text has them.\n");
	if (section == sections->sections)
		print_left_out(printing, sections);
	if (has_held(sections, section))
		fprintf(printing->out, "~: not read at each execution; some of its gain may be a "
				       "neighbouring line's.\n");
}

static void format_mib(const struct printing *printing, double mib, char ret[static CELL_BYTES])
{
	const int precision = (int)printing->table->precision;

	snprintf(ret, CELL_BYTES, "%*.*f MiB", precision + 4, precision, mib);
}

/* As "~7.7 MiB". */
static void mark_held(char cell[static CELL_BYTES])
{
	size_t spaces = strspn(cell, " ");

	if (spaces > 0)
		cell[spaces - 1] = '~';
	else if (strlen(cell) + 1 < CELL_BYTES) {
		memmove(cell + 1, cell, strlen(cell) + 1);
		cell[0] = '~';
	}
}

/* @before_mib: what the process had before, which memory_profiler shows with a function's first line. */
static struct error *print_line(const struct printing *printing, int32_t source,
				const struct source_text *text, uint32_t line,
				const struct line_figures *figures, double before_mib)
{
	const bool has_text = line_source_has(printing->table->profile, source, text, line);
	char usage[CELL_BYTES] = "", increment[CELL_BYTES] = "", count[24] = "";
	char *contents = has_text ? line_source_line(printing->table->profile, source, text, line)
				  : strdup(text->why != NULL ? "(no source)" : "");

	if (contents == NULL)
		return error_no_memory();
	if (figures != NULL) {
		format_mib(printing, figures->mib, usage);
		format_mib(printing, figures->gained_mib + before_mib, increment);
		if (figures->held_count > 0)
			mark_held(increment);
		snprintf(count, sizeof(count), "%" PRIu64, figures->count);
	}
	fprintf(printing->out, "%6" PRIu32 " %12s %12s  %10s   %s\n", line, usage, increment, count,
		contents);
	free(contents);
	return NULL;
}

/* Lines without figures are shown as far as there is a text of them. */
static struct error *print_run(const struct printing *printing, int32_t source,
			       const struct source_text *text, const struct line_run *run,
			       const struct line_figures *figures, double before_mib)
{
	const struct line_figures *const end = figures + run->figures_count;
	struct error *err = NULL;

	for (uint32_t line = run->first; err == NULL && line <= run->last; line++) {
		bool is_met = figures < end && figures->line == line;
		if (!is_met && !line_source_has(printing->table->profile, source, text, line))
			continue;
		err = print_line(printing, source, text, line, is_met ? figures : NULL,
				 is_met ? before_mib : 0);
		if (is_met) {
			figures++;
			before_mib = 0;
		}
	}
	return err;
}

static struct error *print_section(struct printing *printing, const struct line_block *block,
				   const struct line_sections *sections,
				   const struct line_section *section)
{
	const struct line_book *book = &printing->table->profile->lines;
	const struct source_text *text;
	double before_mib = section->is_own && block->has_function ? block->function.before_mib : 0;

	struct error *err = line_source_get(&printing->notes, section->source, &text);
	if (err != NULL)
		return err;
	fprintf(printing->out, "Filename: %s\n", book->sources.items[section->source].text);
	print_remarks(printing, block, sections, section);
	fprintf(printing->out, "\n%s", HEADER);
	for (size_t i = 0; i < section->run_count && err == NULL; i++) {
		const struct line_run *run = &sections->runs[section->runs_first + i];
		if (i > 0)
			fprintf(printing->out, "%6s\n", "...");
		err = print_run(printing, section->source, text, run,
				sections->figures + section->figures_first + run->figures_first,
				i == 0 ? before_mib : 0);
	}
	fprintf(printing->out, "\n\n");
	return err;
}

static struct error *print_block(struct printing *printing, const struct line_block *block)
{
	struct line_sections sections;
	struct error *err = line_sections_build(&sections, block);

	if (err != NULL)
		return err;
	for (size_t i = 0; i < sections.count && err == NULL; i++) {
		if (!line_section_is_idle(&sections, i))
			err = print_section(printing, block, &sections, &sections.sections[i]);
	}
	line_sections_deinit(&sections);
	return err;
}

struct error *line_table_print(const struct line_table *table, FILE *out, const char *name)
{
	struct printing printing = { .table = table, .out = out };
	struct line_order order;

	struct error *err = line_order_build(&order, table);
	if (err != NULL)
		return err;
	err = line_source_notes_init(&printing.notes, table);
	if (err == NULL)
		err = find_homonyms(&printing, &order);
	for (size_t i = 0; i < order.count && err == NULL; i++)
		err = print_block(&printing, &table->profile->lines.blocks[order.blocks[i]]);
	addr_map_deinit(&printing.places);
	line_source_notes_deinit(&printing.notes);
	line_order_deinit(&order);
	return err != NULL ? err : stream_check(out, name);
}
