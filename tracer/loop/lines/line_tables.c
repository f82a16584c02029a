/* The accounts of lines in one process; see line_tables.h. Loop layer. */
#include "tracer/loop/lines/line_tables.h"

#include <stdlib.h>

#include "tracer/loop/state/process_state.h"
#include "tracer/record/recorder_lines.h"

/*
 * How long what has changed waits to be written: a twentieth of the recording, and a tick at least. So the records of
 * a long one do not outgrow it, and a kill costs little of it.
 */
enum { WRITINGS_OF_ALL_TIME = 20 };

struct line_table {
	struct line_account account;	      /* first: line_tables_copy */
	const struct line_function *function; /* borrowed */
	const char *name;		      /* likewise */
	bool has_texts;			      /* those of its lines have been written */
};

static struct line_table *find(const struct process *process, const struct line_function *function)
{
	return addr_map_get(&process->state->lines.tables, (uintptr_t)function);
}

struct line_account *line_tables_find(const struct process *process,
				      const struct line_function *function)
{
	struct line_table *table = find(process, function);

	return table == NULL ? NULL : &table->account;
}

struct error *line_tables_get(struct process *process, const struct line_function *function,
			      const char *name, struct line_account **ret)
{
	*ret = line_tables_find(process, function);
	if (*ret != NULL)
		return NULL;
	struct line_table *table = calloc(1, sizeof(*table));
	if (table == NULL)
		return error_no_memory();
	table->function = function;
	table->name = name;
	struct error *err =
		line_account_init(&table->account, function->place_count, function->is_optimised);
	if (err == NULL)
		err = addr_map_put(&process->state->lines.tables, (uintptr_t)function, table);
	if (err != NULL) {
		line_account_deinit(&table->account);
		free(table);
		return err;
	}
	*ret = &table->account;
	return NULL;
}

struct error *line_tables_copy(struct process *process, const struct line_account *of_parent,
			       struct line_account **ret)
{
	/* Its first member. */
	const struct line_table *table = (const struct line_table *)of_parent;

	return line_tables_get(process, table->function, table->name, ret);
}

struct line_stop line_stop_at(const struct line_function *function, uint32_t first, uint32_t end)
{
	return (struct line_stop){
		.address = function->addresses[first],
		.lines = &function->lines[first],
		.count = end - first,
		.is_joined = !taddr_equal(function->addresses[first], function->addresses[end - 1]),
	};
}

static void write_line(struct session *session, const struct process *process,
		       const struct line_table *table, size_t i)
{
	const struct line_place *place = &table->function->places[i];
	const struct line_tally *tally = &table->account.tallies[i];
	const struct recorder_line record = {
		.name = table->name,
		.pid = process->pid,
		.line = place->line,
		.count = tally->count,
		.gained_bytes = tally->increment_bytes,
		.bytes = tally->last_bytes,
		.held_count = tally->held_count < tally->count ? tally->held_count : tally->count,
		.source = place->source,
	};

	if (tally->count > 0 || tally->increment_bytes != 0)
		recorder_line(session->recorder, &record);
}

static void write_texts(struct session *session, const struct line_function *function)
{
	for (size_t i = 0; i < function->text_count; i++) {
		const struct line_text *line = &function->texts[i];
		recorder_line_text(session->recorder, function->text + line->source, line->line,
				   function->text + line->text);
	}
}

static void write_table(struct session *session, const struct process *process,
			struct line_table *table)
{
	const struct line_function *function = table->function;
	struct line_account *account = &table->account;
	const struct recorder_line_function record = {
		.name = table->name,
		.pid = process->pid,
		.first_line = function->first_line,
		.last_line = function->last_line,
		.calls = account->calls,
		.before_bytes = account->first_bytes,
		.gained_bytes = account->gained_bytes,
		.is_optimised = function->is_optimised,
		.source = function->source,
	};

	if (!account->is_changed)
		return;
	account->is_changed = false;
	if (!table->has_texts)
		write_texts(session, function);
	table->has_texts = true;
	for (size_t i = 0; i < account->line_count; i++)
		write_line(session, process, table, i);
	recorder_line_function(session->recorder, &record);
}

static void write_tables(struct session *session, const struct process *process)
{
	size_t cursor = 0;
	struct line_table *table;

	while ((table = addr_map_next(&process->state->lines.tables, &cursor)) != NULL)
		write_table(session, process, table);
}

void line_tables_write_if_due(struct session *session, int64_t now_ns)
{
	struct lines_state *state = &session->lines;
	const struct process *process;
	size_t cursor = 0;

	if (!session->options->wants_lines)
		return;
	if (state->since_ns == 0)
		state->since_ns = now_ns;
	if (now_ns < state->next_ns)
		return;
	state->next_ns = now_ns + (now_ns - state->since_ns) / WRITINGS_OF_ALL_TIME;
	while ((process = addr_map_next(&session->target.processes, &cursor)) != NULL)
		write_tables(session, process);
}

void line_tables_end(struct session *session, struct process *process)
{
	struct addr_map *tables = &process->state->lines.tables;
	size_t cursor = 0;
	struct line_table *table;

	write_tables(session, process);
	while ((table = addr_map_next(tables, &cursor)) != NULL) {
		line_account_deinit(&table->account);
		free(table);
	}
	addr_map_deinit(tables);
}
