/* The records of a FILE.dat; see profile_records.h and tracer/base/profile_format.h. Plot layer. */
#include "plot/records/profile_records.h"

#include "plot/records/call_records.h"
#include "plot/records/line_records.h"
#include "plot/records/part_records.h"
#include "plot/records/process_records.h"
#include "plot/records/stack_records.h"
#include "tracer/base/array.h"

/* The last sample of a process, once it is not taken back any more. */
static struct error *visit_last(struct record_reader *reader, int32_t process)
{
	const struct sample_visitor *visitor = reader->visitor;
	const struct series *series = &reader->profile->processes[process].series;
	size_t count = series->count;

	if (visitor == NULL || visitor->visit == NULL || count == 0 || series->is_last_known)
		return NULL;
	return visitor->visit(visitor->data, process, series->time_ns[count - 1],
			      series->mib[count - 1]);
}

/*
 * Samples come in order of time. One that goes back is left out; but when its predecessor had
 * leapt by more than a day, that one was the damaged line, or it would hide all that follow.
 */
static struct error *add_sample(struct record_reader *reader, int32_t process, int64_t time_ns,
				double mib)
{
	static const int64_t leap_ns = 86400 * (int64_t)1000000000;
	struct series *series = &reader->profile->processes[process].series;
	size_t count = series->count;

	if (mib < 0)
		return record_damaged(reader, "negative memory");
	if (count > 0 && time_ns < series->time_ns[count - 1]) {
		if (count < 2 || time_ns < series->time_ns[count - 2] ||
		    series->time_ns[count - 1] - series->time_ns[count - 2] < leap_ns)
			return record_damaged(reader, "time goes back");
		series_remove_last(series);
		reader->is_sum_wrong = true;
		reader->damage = "time goes back";
	}
	record_count_memory(reader, process, time_ns, mib);
	struct error *err = visit_last(reader, process);
	return err != NULL ? err : series_add(series, reader->range, time_ns, mib);
}

static struct error *read_mem(struct record_reader *reader, const struct field_values *values)
{
	return add_sample(reader, 0, values->of[1].ns, values->of[0].mib);
}

static struct error *read_chld(struct record_reader *reader, const struct field_values *values)
{
	int32_t process;
	struct error *err = profile_need_process(reader->profile, values->of[0].number, &process);

	if (err != NULL)
		return err;
	return add_sample(reader, process, values->of[2].ns, values->of[1].mib);
}

static struct error *read_cmdline(struct record_reader *reader, const struct field_values *values)
{
	return record_read_text(reader, &values->of[0], &reader->profile->command_line);
}

static struct error *read_metric(struct record_reader *reader, const struct field_values *values)
{
	if (values->count > 1)
		reader->profile->is_tree = values->of[1].is_set;
	return record_read_text(reader, &values->of[0], &reader->profile->metric);
}

static struct error *read_interval(struct record_reader *reader, const struct field_values *values)
{
	/* Readers multiply it: a damaged one must not overflow. */
	static const int64_t most_ns = 366 * 86400 * (int64_t)1000000000;
	int64_t interval_ns = values->of[0].ns;

	if (interval_ns < 0 || interval_ns > most_ns)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	reader->profile->interval_ns = interval_ns;
	return NULL;
}

/* Only the first counts: another one is of files that were joined. */
static struct error *read_rank(struct record_reader *reader, const struct field_values *values)
{
	struct profile_rank *rank = &reader->profile->rank;
	uint64_t size = values->of[1].count;

	if (rank->is_known)
		return NULL;
	if (size > 0 && values->of[0].count >= size)
		return record_damaged(reader, "a rank beyond the size of its job");
	rank->is_known = true;
	rank->rank = values->of[0].count;
	rank->size = size;
	const union field_value *job = &values->of[2], *node = &values->of[3];
	struct error *err = NULL;
	if (job->text.bytes != 1 || job->text.at[0] != '-')
		err = record_read_text(reader, job, &rank->job);
	if (err == NULL && node->text.bytes > 0)
		err = record_read_text(reader, node, &rank->node);
	return err;
}

static struct error *read_miss(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	struct error *err = array_reserve(&profile->missed, &profile->missed_capacity,
					  profile->missed_count + 1, sizeof(*profile->missed));

	if (err != NULL)
		return err;
	struct missed_pattern *miss = &profile->missed[profile->missed_count++];
	*miss = (struct missed_pattern){ NULL, NULL };
	err = record_read_text(reader, &values->of[0], &miss->pattern);
	return err != NULL ? err : record_read_text(reader, &values->of[1], &miss->reason);
}

/* A later version adds records and fields; older readers ignore both. */
static struct error *read_format(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;

	profile->has_format = true;
	if (values->of[0].number > profile->format)
		profile->format = values->of[0].number;
	return NULL;
}

/* It is the last that a recording writes. */
static struct error *read_ticks(struct record_reader *reader, const struct field_values *values)
{
	(void)values;
	reader->profile->has_end = true;
	return NULL;
}

/* Records without a row are ignored. */
static const struct record_handler {
	struct error *(*read)(struct record_reader *reader, const struct field_values *values);
	size_t wanted; /* fields that are looked at; what is behind them may be anything */
} record_handlers[PROFILE_RECORD_KINDS] = {
	[PROFILE_MEM] = { read_mem, 2 },
	[PROFILE_CHLD] = { read_chld, 3 },
	[PROFILE_FUNC] = { record_read_func, 10 },
	[PROFILE_OPEN] = { record_read_open, 7 },
	[PROFILE_CHFUNC] = { record_read_chfunc, 10 },
	[PROFILE_MANY] = { record_read_many, 11 },
	[PROFILE_MARK] = { record_read_mark, 6 },
	[PROFILE_PART] = { record_read_part, 5 },
	[PROFILE_WITH] = { record_read_with, 4 },
	[PROFILE_LINE] = { record_read_line, 8 },
	[PROFILE_LINES] = { record_read_lines, 9 },
	[PROFILE_TEXT] = { record_read_line_text, 3 },
	[PROFILE_FRAME] = { record_read_frame, 5 },
	[PROFILE_STACK] = { record_read_stack, 8 },
	[PROFILE_GROW] = { record_read_grow, 6 },
	[PROFILE_PROC] = { record_read_proc, 4 },
	[PROFILE_EXEC] = { record_read_exec, 3 },
	[PROFILE_THRD] = { record_read_thrd, 3 },
	[PROFILE_DONE] = { record_read_done, 3 },
	[PROFILE_PEAK] = { record_read_peak, 3 },
	[PROFILE_CMDLINE] = { read_cmdline, 1 },
	[PROFILE_FORMAT] = { read_format, 1 },
	[PROFILE_METRIC] = { read_metric, 2 },
	[PROFILE_INTERVAL] = { read_interval, 1 },
	[PROFILE_RANK] = { read_rank, 4 },
	[PROFILE_LEFT] = { record_read_left, 3 },
	[PROFILE_MISS] = { read_miss, 2 },
	[PROFILE_TICKS] = { read_ticks, 1 },
};

/* A record of a later version, to be ignored; what cannot be a first word is damage. */
static bool is_record_word(const char *word, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++) {
		char c = word[i];
		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') && c != '_' &&
		    !(i > 0 && c >= '0' && c <= '9'))
			return false;
	}
	return bytes > 0;
}

/* Of a record whose fields could not be read. */
static const char *what_is_wrong(const struct profile_record *record, size_t wanted)
{
	for (size_t i = 0; i < wanted; i++) {
		enum profile_field_type type = record->fields[i].type;
		if (type != FIELD_NAME && type != FIELD_TEXT && type != FIELD_REST &&
		    type != FIELD_FLAG)
			return RECORD_NOT_A_NUMBER;
	}
	return "a field is missing";
}

/* Without calls: this is asked of each line, of which there may be millions. */
static bool is_word(const char *word, const char *text, size_t bytes)
{
	size_t i = 0;

	while (i < bytes && word[i] == text[i] && word[i] != '\0')
		i++;
	return i == bytes && word[i] == '\0';
}

struct error *record_read(struct record_reader *reader, const char *line, size_t bytes)
{
	if (bytes > 0 && line[bytes - 1] == '\r')
		bytes--;
	reader->damage = NULL;
	size_t word_bytes = 0;
	while (word_bytes < bytes && line[word_bytes] != ' ')
		word_bytes++;

	for (size_t i = 0; i < PROFILE_RECORD_KINDS; i++) {
		const struct profile_record *record = &profile_records[i];
		const struct record_handler *handler = &record_handlers[i];
		if (!is_word(record->word, line, word_bytes) || handler->read == NULL)
			continue;
		struct fields fields = { line + word_bytes, line + bytes };
		struct field_values values;
		reader->records++;
		if (fields_read_record(&fields, record, handler->wanted, &reader->second, &values))
			return handler->read(reader, &values);
		return record_damaged(reader, what_is_wrong(record, handler->wanted));
	}
	if (word_bytes == bytes || !is_record_word(line, word_bytes))
		reader->damage = bytes == 0 ? "blank" : "not a record";
	return NULL;
}

/* When it was first so high: whatever order samples and calls are noted in. */
static void process_note_memory(struct profile_process *process, int64_t time_ns, double mib)
{
	if (process->highest_ns == PROFILE_TIME_UNKNOWN || mib > process->highest_mib ||
	    (mib == process->highest_mib && time_ns < process->highest_ns)) {
		process->highest_mib = mib;
		process->highest_ns = time_ns;
	}
}

static void finish_series(struct record_reader *reader, struct profile_process *process)
{
	struct profile *profile = reader->profile;
	struct series *series = &process->series;

	series_finish(series, reader->range);
	if (series->total == 0)
		return;
	if (series->first_ns < profile->first_ns)
		profile->first_ns = series->first_ns;
	if (series->last_ns > profile->last_ns)
		profile->last_ns = series->last_ns;
	process_note_memory(process, series->highest_ns, series->highest_mib);
}

static void tracks_finish(const struct record_reader *reader, struct profile_tracks *tracks)
{
	for (size_t i = 0; i < tracks->count; i++)
		series_finish(&tracks->tracks[i].series, reader->range);
}

static void finish_call(struct profile *profile, struct profile_call *call)
{
	struct profile_process *process = &profile->processes[call->process];

	/* A pid that nothing else is known of, in a file that never names its main process. */
	if (profile->processes[0].pid == 0 && !process->is_child && process->series.count == 0 &&
	    process->start_ns == PROFILE_TIME_UNKNOWN) {
		call->process = 0;
		process = &profile->processes[0];
	}
	if (call->in_ns < profile->first_ns)
		profile->first_ns = call->in_ns;
	if (call->out_ns > profile->last_ns)
		profile->last_ns = call->out_ns;
	/* Where the file has sums only, a child has no curve, and its calls make none. */
	if (profile->is_tree && process->series.total == 0)
		return;
	process_note_memory(process, call->in_ns, call->mib_in);
	if (call->how != CALL_OPEN)
		process_note_memory(process, call->out_ns, call->mib_out);
}

/* A call without a FUNC lasts, as far as we know, as long as its process. */
static struct error *finish_open_call(struct profile *profile, struct open_call *open)
{
	const struct profile_process *process = &profile->processes[open->call.process];
	const struct series *series = &process->series;
	int64_t end_ns =
		process->end_ns != PROFILE_TIME_UNKNOWN ? process->end_ns : profile->last_ns;

	open->call.out_ns = end_ns > open->call.in_ns ? end_ns : open->call.in_ns;
	/* The last sample of a sum is no figure of one process. */
	bool has_own = series->count > 0 && !(profile->is_tree && open->call.process == 0);
	open->call.mib_out = has_own ? series->mib[series->count - 1] : open->call.mib_in;
	finish_call(profile, &open->call);
	return profile_add_call(profile, open->function, &open->call);
}

struct error *records_finish(struct record_reader *reader)
{
	struct profile *profile = reader->profile;
	struct error *err = NULL;

	record_end_moment(reader);
	if (reader->is_sum_wrong)
		profile->together_ns = PROFILE_TIME_UNKNOWN;
	for (size_t i = 0; err == NULL && i < profile->process_count; i++) {
		err = visit_last(reader, (int32_t)i);
		finish_series(reader, &profile->processes[i]);
	}
	tracks_finish(reader, &profile->parts);
	tracks_finish(reader, &profile->companions);
	for (size_t i = 0; i < profile->function_count; i++) {
		struct profile_function *function = &profile->functions[i];
		for (; function->noted_count < function->call_count; function->noted_count++)
			finish_call(profile, &function->calls[function->noted_count]);
	}
	for (size_t i = 0; err == NULL && i < reader->open_count; i++) {
		if (!reader->open[i].is_superseded)
			err = finish_open_call(profile, &reader->open[i]);
	}
	profile->zero_ns = profile->first_ns;
	return err;
}

struct error *records_resume(struct record_reader *reader)
{
	/* Those that were open are the last of their functions' calls. */
	for (size_t i = 0; i < reader->open_count; i++) {
		const struct open_call *open = &reader->open[i];
		if (!open->is_superseded)
			reader->profile->functions[open->function].call_count--;
	}
	return call_records_forget_ended(reader);
}
