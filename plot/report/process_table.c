/* Processes as a table; see process_table.h. Plot layer. */
#include "plot/report/process_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct table_column process_columns[] = {
	{ "pid", "pid", TABLE_INTEGER, 0 },
	{ "parent", "parent_pid", TABLE_INTEGER, 10 },
	{ "start", "start_s", TABLE_MOMENT, 5 },
	{ "lifetime", "lifetime_s", TABLE_DURATION, 2 },
	{ "has ended", "has_ended", TABLE_FLAG, TABLE_DATA_ONLY },
	{ "peak", "peak_mib", TABLE_MEMORY, 0 },
	{ "exact", "peak_is_exact", TABLE_FLAG, TABLE_DATA_ONLY },
	{ "sampled", "sampled_peak_mib", TABLE_MEMORY, 7 },
	{ "at", "sampled_peak_at_s", TABLE_MOMENT, 6 },
	{ "end", "end_mib", TABLE_MEMORY, 1 },
	{ "slope", "slope_mib_per_s", TABLE_RATE, 4 },
	{ "samples", "samples", TABLE_COUNT, 11 },
	{ "status", "status", TABLE_INTEGER, TABLE_DATA_ONLY },
	{ "ended", "ended", TABLE_TEXT, 3 },
	{ "command", "command", TABLE_TEXT, 0 },
};

static const char *process_name(const struct process_totals *totals)
{
	return totals->is_sum ? "(all processes together)" : totals->command;
}

/* In the order of process_columns. */
static void fill_process(void *data, size_t row, struct table_cell *cells)
{
	const struct process_table *processes = data;
	const struct profile *profile = processes->subject.profile;
	const struct process_row *process = &processes->rows[row];
	const struct process_totals *totals = &processes->totals[process->process];
	struct table_cell *cell = report_first_cells(&processes->subject, cells);
	bool has_life =
		totals->start_ns != PROFILE_TIME_UNKNOWN && totals->end_ns != PROFILE_TIME_UNKNOWN;

	*cell++ = cell_if(totals->pid != 0, cell_integer(totals->pid));
	*cell++ = cell_if(totals->parent_pid != 0, cell_integer(totals->parent_pid));
	*cell++ = cell_moment(profile, totals->start_ns);
	*cell++ = cell_if(has_life,
			  cell_marked(!totals->has_ended, REPORT_MARK_AT_LEAST,
				      cell_ns(has_life ? totals->end_ns - totals->start_ns : 0)));
	*cell++ = cell_flag(totals->has_ended);
	*cell++ = cell_if(process_totals_has_memory(totals), cell_number(totals->peak_mib));
	*cell++ = cell_flag(totals->is_peak_exact);
	*cell++ = cell_if(totals->seen_mib >= 0, cell_number(totals->seen_mib));
	*cell++ = cell_moment(profile, totals->seen_ns);
	*cell++ = cell_if(totals->last_mib >= 0, cell_number(totals->last_mib));
	*cell++ = cell_if(totals->has_slope, cell_number(totals->slope_mib_per_s));
	*cell++ = cell_count(totals->samples);
	*cell++ = cell_if(totals->status >= 0, cell_integer(totals->status));
	*cell++ = cell_text(process->ended[0] != '\0' ? process->ended : NULL);
	*cell++ = cell_text(process_name(totals));
}

void process_format_ended(int status, char ret[static PROCESS_ENDED_BYTES])
{
	const char *name = status > 128 ? sigabbrev_np(status - 128) : NULL;

	if (status < 0)
		ret[0] = '\0';
	else if (name != NULL)
		snprintf(ret, PROCESS_ENDED_BYTES, "SIG%s", name);
	else
		snprintf(ret, PROCESS_ENDED_BYTES, "%d", status);
}

static bool is_known(const struct process_totals *totals)
{
	return process_totals_has_memory(totals) || totals->has_ended ||
	       (totals->pid != 0 && totals->start_ns != PROFILE_TIME_UNKNOWN);
}

struct error *process_table_init(struct process_table *processes,
				 const struct report_subject *subject,
				 const struct profile_totals *totals)
{
	const struct profile *profile = subject->profile;
	size_t count = 0;

	*processes = (struct process_table){
		.subject = *subject,
		.totals = totals->processes,
		.rows = calloc(profile->process_count, sizeof(struct process_row)),
	};
	if (processes->rows == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->process_count; i++) {
		const struct process_totals *own = &totals->processes[i];
		if (profile->processes[i].is_hidden || !is_known(own))
			continue;
		processes->rows[count].process = i;
		process_format_ended(own->status, processes->rows[count++].ended);
		processes->has_at_least = processes->has_at_least || !own->has_ended;
	}
	processes->table = (struct table){
		.columns = processes->columns,
		.column_count =
			report_columns_init(processes->columns, subject, process_columns,
					    sizeof(process_columns) / sizeof(process_columns[0])),
		.row_count = count,
		.fill = fill_process,
		.data = processes,
	};
	return NULL;
}

void process_table_deinit(struct process_table *processes)
{
	free(processes->rows);
	*processes = (struct process_table){ 0 };
}
