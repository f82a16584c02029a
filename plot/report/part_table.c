/* What memory was made of, as a table; see part_table.h. Plot layer. */
#include "plot/report/part_table.h"

#include <stdlib.h>

#include "plot/parts/part_list.h"
#include "plot/parts/part_view.h"

static const struct table_column part_columns[] = {
	{ "pid", "pid", TABLE_INTEGER, 0 },
	{ "kind", "kind", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "at the peak", "at_peak_mib", TABLE_MEMORY, 0 },
	{ "highest", "highest_mib", TABLE_MEMORY, 1 },
	{ "at", "highest_at_s", TABLE_MOMENT, 3 },
	{ "last", "last_mib", TABLE_MEMORY, 2 },
	{ "path", "path", TABLE_TEXT, TABLE_DATA_ONLY },
	{ "part", "part", TABLE_TEXT, 0 },
};

/* In the order of part_columns. */
static void fill_part(void *data, size_t row, struct table_cell *cells)
{
	const struct part_table *parts = data;
	const struct profile *profile = parts->subject.profile;
	const struct part_row *own = &parts->rows[row];
	const struct profile_track *part = &profile->parts.tracks[own->part];
	const struct series *series = &part->series;
	const int32_t pid = profile->processes[part->process].pid;
	struct table_cell *cell = report_first_cells(&parts->subject, cells);

	*cell++ = cell_if(pid != 0, cell_integer(pid));
	*cell++ = cell_text(part_traits(part->kind)->word);
	*cell++ = cell_if(own->at_peak_mib >= 0, cell_number(own->at_peak_mib));
	*cell++ = cell_number(series->highest_mib);
	*cell++ = cell_moment(profile, series->highest_ns);
	*cell++ = cell_number(series->count > 0 ? series->mib[series->count - 1] : 0);
	*cell++ = cell_text(part->name[0] != '\0' ? part->name : NULL);
	*cell++ = cell_text(part_title(part));
}

/* Of those of one process, counters before mappings; then by size. */
static int compare(const void *a, const void *b, void *data)
{
	const struct profile *profile = data;
	const struct part_row *one = a, *other = b;
	const struct profile_track *part = &profile->parts.tracks[one->part];
	const struct profile_track *second = &profile->parts.tracks[other->part];
	const bool is_counter = part->kind < PART_COUNTERS;

	if (part->process != second->process)
		return part->process < second->process ? -1 : 1;
	if (is_counter != (second->kind < PART_COUNTERS))
		return is_counter ? -1 : 1;
	if (one->at_peak_mib != other->at_peak_mib)
		return one->at_peak_mib > other->at_peak_mib ? -1 : 1;
	if (part->series.highest_mib != second->series.highest_mib)
		return part->series.highest_mib > second->series.highest_mib ? -1 : 1;
	return one->part < other->part ? -1 : one->part > other->part;
}

/* A process that had ended by then had nothing any more. */
static double at_peak_mib(const struct profile *profile, const struct profile_totals *totals,
			  const struct profile_track *part)
{
	const struct profile_process *process = &profile->processes[part->process];
	const int64_t peak_ns = totals->processes[profile->is_tree ? 0 : part->process].seen_ns;

	if (peak_ns == PROFILE_TIME_UNKNOWN)
		return -1;
	if (process->end_ns != PROFILE_TIME_UNKNOWN && process->end_ns < peak_ns)
		return 0;
	const int64_t look_ns =
		profile->is_tree ? peak_ns : part_list_look_ns(profile, part->process, peak_ns);
	return profile_track_value(part, part->kind < PART_COUNTERS ? peak_ns : look_ns);
}

struct error *part_table_init(struct part_table *parts, const struct report_subject *subject,
			      const struct profile_totals *totals)
{
	const struct profile *profile = subject->profile;
	size_t count = 0;

	*parts = (struct part_table){
		.subject = *subject,
		.rows = calloc(profile->parts.count + 1, sizeof(*parts->rows)),
	};
	if (parts->rows == NULL)
		return error_no_memory();
	for (size_t i = 0; i < profile->parts.count; i++) {
		const struct profile_track *part = &profile->parts.tracks[i];
		if (part->kind == PART_MAPS || profile->processes[part->process].is_hidden)
			continue;
		parts->rows[count++] = (struct part_row){
			.part = i,
			.at_peak_mib = at_peak_mib(profile, totals, part),
		};
	}
	qsort_r(parts->rows, count, sizeof(*parts->rows), compare, (void *)(uintptr_t)profile);
	parts->table = (struct table){
		.columns = parts->columns,
		.column_count = report_columns_init(parts->columns, subject, part_columns,
						    sizeof(part_columns) / sizeof(part_columns[0])),
		.row_count = count,
		.fill = fill_part,
		.data = parts,
	};
	return NULL;
}

void part_table_deinit(struct part_table *parts)
{
	free(parts->rows);
	*parts = (struct part_table){ 0 };
}
