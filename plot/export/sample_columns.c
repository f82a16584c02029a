/* Samples, reduced to the extremes of columns; see sample_columns.h. Plot layer. */
#include "plot/export/sample_columns.h"

#include <stdbool.h>
#include <stdlib.h>

struct sample {
	int64_t time_ns;
	double mib;
};

/* What has not been passed on yet of a process. */
struct column_state {
	bool has_begun, is_open; /* it has a first sample; there is a column with samples */
	int64_t column;
	struct sample low, high, last;
};

struct error *sample_columns_init(struct sample_columns *columns, int64_t zero_ns, int64_t width_ns,
				  size_t process_count, const struct sample_visitor *follower)
{
	*columns = (struct sample_columns){
		.zero_ns = zero_ns,
		.width_ns = width_ns,
		.follower = *follower,
		.processes = calloc(process_count + 1, sizeof(*columns->processes)),
		.process_count = process_count,
	};
	return columns->processes == NULL ? error_no_memory() : NULL;
}

void sample_columns_deinit(struct sample_columns *columns)
{
	free(columns->processes);
	*columns = (struct sample_columns){ 0 };
}

static struct error *pass_on(const struct sample_columns *columns, int32_t process,
			     const struct sample *sample)
{
	return columns->follower.visit(columns->follower.data, process, sample->time_ns,
				       sample->mib);
}

/* The extremes of the column, in order of time; the last sample of a process too if @is_end. */
static struct error *end_column(const struct sample_columns *columns, int32_t process, bool is_end)
{
	struct column_state *state = &columns->processes[process];
	bool is_low_first = state->low.time_ns <= state->high.time_ns;
	const struct sample *first = is_low_first ? &state->low : &state->high;
	const struct sample *second = is_low_first ? &state->high : &state->low;
	bool is_one = first->time_ns == second->time_ns && first->mib == second->mib;

	if (!state->is_open)
		return NULL;
	state->is_open = false;
	struct error *err = pass_on(columns, process, first);
	if (err == NULL && !is_one)
		err = pass_on(columns, process, second);
	bool has_last = second->time_ns == state->last.time_ns && second->mib == state->last.mib;
	if (err == NULL && is_end && !has_last)
		err = pass_on(columns, process, &state->last);
	return err;
}

struct error *sample_columns_visit(void *data, int32_t process, int64_t time_ns, double mib)
{
	struct sample_columns *columns = data;
	struct column_state *state = &columns->processes[process];
	const struct sample sample = { time_ns, mib };
	int64_t column = (time_ns - columns->zero_ns) / columns->width_ns;

	if (!state->has_begun) {
		state->has_begun = true;
		return pass_on(columns, process, &sample);
	}
	struct error *err = NULL;
	if (state->is_open && column != state->column)
		err = end_column(columns, process, false);
	state->last = sample;
	if (!state->is_open) {
		state->is_open = true;
		state->column = column;
		state->low = state->high = sample;
	} else if (mib < state->low.mib) {
		state->low = sample;
	} else if (mib > state->high.mib) {
		state->high = sample;
	}
	return err;
}

struct error *sample_columns_finish(struct sample_columns *columns)
{
	struct error *err = NULL;

	for (size_t i = 0; err == NULL && i < columns->process_count; i++)
		err = end_column(columns, (int32_t)i, true);
	return err;
}

size_t sample_columns_most(size_t count, int64_t first_ns, int64_t last_ns, int64_t width_ns)
{
	static const size_t ends = 2;
	uint64_t columns = ((uint64_t)last_ns - (uint64_t)first_ns) / (uint64_t)width_ns + 2;

	return columns >= count / 2 ? count : ends + 2 * (size_t)columns;
}
