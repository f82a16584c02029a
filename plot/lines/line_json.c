/* What functions' lines gained, for programs; see line_table.h. Plot layer. */
#include <stdlib.h>

#include "plot/lines/line_sections.h"
#include "plot/lines/line_source.h"
#include "plot/lines/line_table_private.h"
#include "plot/text/json_write.h"

struct json_printing {
	const struct line_table *table;
	struct line_source_notes notes;
	struct json_writer json;
};

static struct error *put_line(struct json_printing *printing, const struct line_section *section,
			      const struct line_figures *figures)
{
	struct json_writer *json = &printing->json;
	const struct source_text *text;
	char *contents = NULL;

	struct error *err = line_source_get(&printing->notes, section->source, &text);
	if (err != NULL)
		return err;
	if (line_source_has(printing->table->profile, section->source, text, figures->line)) {
		contents = line_source_line(printing->table->profile, section->source, text,
					    figures->line);
		if (contents == NULL)
			return error_no_memory();
	}
	json_open_object(json, NULL);
	json_put_string(json, "file",
			printing->table->profile->lines.sources.items[section->source].text);
	json_put_count(json, "line", figures->line);
	json_put_bool(json, "is_inlined", !section->is_own);
	json_put_count(json, "count", figures->count);
	json_put_number(json, "gained_mib", figures->gained_mib);
	json_put_number(json, "after_mib", figures->mib);
	json_put_count(json, "held_count", figures->held_count);
	json_put_string(json, "text", contents);
	json_close(json);
	free(contents);
	return NULL;
}

void line_function_put_json(struct json_writer *json, const struct line_book *book,
			    const struct line_block *block)
{
	const struct line_function *function = &block->function;

	if (!block->has_function) {
		static const char *const members[] = { "file",	      "first_line", "last_line",
						       "calls",	      "before_mib", "gained_mib",
						       "is_optimised" };
		for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
			json_put_null(json, members[i]);
		return;
	}
	json_put_string(json, "file", book->sources.items[function->source].text);
	json_put_count(json, "first_line", function->first_line);
	json_put_count(json, "last_line", function->last_line);
	json_put_count(json, "calls", function->calls);
	json_put_number(json, "before_mib", function->before_mib);
	json_put_number(json, "gained_mib", function->gained_mib);
	json_put_bool(json, "is_optimised", function->is_optimised);
}

static struct error *put_block(struct json_printing *printing, const struct line_block *block)
{
	const struct profile *profile = printing->table->profile;
	const struct profile_process *process = &profile->processes[block->process];
	struct json_writer *json = &printing->json;
	struct line_sections sections;

	struct error *err = line_sections_build(&sections, block);
	if (err != NULL)
		return err;
	json_open_object(json, NULL);
	json_put_string(json, "name", profile->lines.names.items[block->name].text);
	json_put_integer(json, "pid", process->pid);
	json_put_string(json, "command", process->command);
	line_function_put_json(json, &profile->lines, block);
	json_open_array(json, "lines");
	for (size_t i = 0; i < sections.count && err == NULL; i++) {
		const struct line_section *section = &sections.sections[i];
		for (size_t k = 0; k < section->figures_count && err == NULL; k++)
			err = put_line(printing, section,
				       &sections.figures[section->figures_first + k]);
	}
	json_close(json);
	json_close(json);
	line_sections_deinit(&sections);
	return err;
}

struct error *line_table_write_json(const struct line_table *table, FILE *out, const char *name)
{
	enum { INDENTED_DEPTH = 4 };
	const struct profile *profile = table->profile;
	struct json_printing printing = { .table = table };
	struct line_order order;

	struct error *err = line_order_build(&order, table);
	if (err != NULL)
		return err;
	err = line_source_notes_init(&printing.notes, table);
	if (err != NULL) {
		line_order_deinit(&order);
		return err;
	}
	json_init(&printing.json, out, INDENTED_DEPTH);
	json_open_object(&printing.json, NULL);
	json_put_string(&printing.json, "command", profile->command_line);
	json_put_string(&printing.json, "metric", profile->metric);
	json_open_array(&printing.json, "functions");
	for (size_t i = 0; i < order.count && err == NULL; i++)
		err = put_block(&printing, &profile->lines.blocks[order.blocks[i]]);
	json_close(&printing.json);
	json_close(&printing.json);
	line_source_notes_deinit(&printing.notes);
	line_order_deinit(&order);
	return err != NULL ? err : json_finish(&printing.json, name);
}
