/* The records of a FILE.dat; see profile_records.h and tracer/base/profile_format.h. Plot layer. */
#include "plot/profile/profile_records.h"

#include <stdlib.h>
#include <string.h>

#include "plot/text/text.h"
#include "tracer/base/array.h"
#include "tracer/base/clock.h"

void record_reader_deinit(struct record_reader *reader)
{
	free(reader->open);
	addr_map_deinit(&reader->open_of_key);
}

struct error *record_damaged(struct record_reader *reader, const char *what)
{
	reader->damage = what;
	return NULL;
}

/* Replaces *@field by a clean copy of the text. */
static struct error *read_text(struct record_reader *reader, const char *text, size_t bytes,
			       char **field)
{
	char *clean = text_clean(text, bytes);
	if (clean == NULL)
		return error_no_memory();
	if (!text_is_utf8(text, bytes))
		reader->damage = RECORD_NOT_UTF8; /* still used, with its bad bytes replaced */
	free(*field);
	*field = clean;
	return NULL;
}

/*
 * Samples come in order of time. One that goes back is left out; but when its predecessor had
 * leapt by more than a day, that one was the damaged line, or it would hide all that follow.
 */
static struct error *add_sample(struct record_reader *reader, struct series *series,
				int64_t time_ns, double mib)
{
	static const int64_t leap_ns = 86400 * (int64_t)1000000000;
	size_t count = series->count;

	if (mib < 0)
		return record_damaged(reader, "negative memory");
	if (count > 0 && time_ns < series->time_ns[count - 1]) {
		if (count < 2 || time_ns < series->time_ns[count - 2] ||
		    series->time_ns[count - 1] - series->time_ns[count - 2] < leap_ns)
			return record_damaged(reader, "time goes back");
		series_remove_last(series);
		reader->damage = "time goes back";
	}
	return series_add(series, reader->range, time_ns, mib);
}

static struct error *read_mem(struct record_reader *reader, struct fields *fields)
{
	double mib;
	int64_t time_ns;

	if (!fields_read_mib(fields, &mib) ||
	    !fields_read_next_time(fields, &reader->second, &time_ns))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	return add_sample(reader, &reader->profile->processes[0].series, time_ns, mib);
}

static struct error *read_chld(struct record_reader *reader, struct fields *fields)
{
	int32_t pid, process;
	double mib;
	int64_t time_ns;

	if (!fields_read_int(fields, &pid) || pid <= 0 || !fields_read_mib(fields, &mib) ||
	    !fields_read_next_time(fields, &reader->second, &time_ns))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = profile_need_process(reader->profile, pid, &process);
	if (err != NULL)
		return err;
	return add_sample(reader, &reader->profile->processes[process].series, time_ns, mib);
}

static struct error *read_proc(struct record_reader *reader, struct fields *fields)
{
	int32_t pid, parent_pid, process;
	int64_t time_ns;
	const char *command;
	size_t bytes;

	if (!fields_read_int(fields, &pid) || pid <= 0 || !fields_read_int(fields, &parent_pid) ||
	    !fields_read_time(fields, &time_ns))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	if (!reader->seen_main) {
		reader->seen_main = true;
		reader->profile->processes[0].pid = pid;
	}
	struct error *err = profile_need_process(reader->profile, pid, &process);
	/* The kernel gives a pid again once its process has ended. */
	if (err == NULL && process > 0 &&
	    reader->profile->processes[process].start_ns != PROFILE_TIME_UNKNOWN)
		err = profile_begin_process(reader->profile, pid, &process);
	if (err != NULL)
		return err;
	struct profile_process *p = &reader->profile->processes[process];
	p->parent_pid = parent_pid;
	p->start_ns = time_ns;
	fields_read_rest(fields, &command, &bytes);
	return bytes == 0 ? NULL : read_text(reader, command, bytes, &p->command);
}

static struct error *read_exec(struct record_reader *reader, struct fields *fields)
{
	int32_t pid, process;
	int64_t time_ns;
	const char *command;
	size_t bytes;

	if (!fields_read_int(fields, &pid) || pid <= 0 || !fields_read_time(fields, &time_ns))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	fields_read_rest(fields, &command, &bytes);
	struct error *err = profile_need_process(reader->profile, pid, &process);
	if (err != NULL || bytes == 0)
		return err;
	return read_text(reader, command, bytes, &reader->profile->processes[process].command);
}

static struct error *read_done(struct record_reader *reader, struct fields *fields)
{
	int32_t pid, status, process;
	int64_t time_ns;

	if (!fields_read_int(fields, &pid) || pid <= 0 || !fields_read_time(fields, &time_ns) ||
	    !fields_read_int(fields, &status))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = profile_need_process(reader->profile, pid, &process);
	if (err != NULL)
		return err;
	reader->profile->processes[process].end_ns = time_ns;
	reader->profile->processes[process].status = status;
	return NULL;
}

static struct error *read_peak(struct record_reader *reader, struct fields *fields)
{
	int32_t pid, process;
	double mib;

	if (!fields_read_int(fields, &pid) || pid <= 0 || !fields_read_mib(fields, &mib) || mib < 0)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = profile_need_process(reader->profile, pid, &process);
	if (err != NULL)
		return err;
	/* One for each program image that the process has run. */
	struct profile_process *p = &reader->profile->processes[process];
	if (mib > p->exact_peak_mib)
		p->exact_peak_mib = mib;
	return NULL;
}

static struct error *read_cmdline(struct record_reader *reader, struct fields *fields)
{
	const char *text;
	size_t bytes;

	fields_read_rest(fields, &text, &bytes);
	return read_text(reader, text, bytes, &reader->profile->command_line);
}

static struct error *read_metric(struct record_reader *reader, struct fields *fields)
{
	static const char tree[] = "tree";
	const char *word;
	size_t bytes;

	if (!fields_read_word(fields, &word, &bytes))
		return record_damaged(reader, "a field is missing");
	struct error *err = read_text(reader, word, bytes, &reader->profile->metric);
	if (err == NULL && fields_read_word(fields, &word, &bytes))
		reader->profile->is_tree =
			bytes == sizeof(tree) - 1 && memcmp(word, tree, bytes) == 0;
	return err;
}

static struct error *read_interval(struct record_reader *reader, struct fields *fields)
{
	if (!fields_read_time(fields, &reader->profile->interval_ns))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	return NULL;
}

static struct error *read_miss(struct record_reader *reader, struct fields *fields)
{
	struct profile *profile = reader->profile;
	const char *pattern, *reason;
	size_t pattern_bytes, reason_bytes;

	if (!fields_read_word(fields, &pattern, &pattern_bytes))
		return record_damaged(reader, "a field is missing");
	fields_read_rest(fields, &reason, &reason_bytes);
	struct error *err = array_reserve(&profile->missed, &profile->missed_capacity,
					  profile->missed_count + 1, sizeof(*profile->missed));
	if (err != NULL)
		return err;
	struct missed_pattern *miss = &profile->missed[profile->missed_count++];
	*miss = (struct missed_pattern){ NULL, NULL };
	err = read_text(reader, pattern, pattern_bytes, &miss->pattern);
	return err != NULL ? err : read_text(reader, reason, reason_bytes, &miss->reason);
}

static struct error *read_format(struct record_reader *reader, struct fields *fields)
{
	int32_t version;

	/* A later version adds records and fields; both are ignored by those who know them not. */
	if (!fields_read_int(fields, &version))
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	return NULL;
}

static const struct record_kind {
	const char *word;
	struct error *(*read)(struct record_reader *reader, struct fields *fields);
} record_kinds[] = {
	{ PROFILE_MEM, read_mem },	    { PROFILE_CHLD, read_chld },
	{ PROFILE_FUNC, record_read_func }, { PROFILE_OPEN, record_read_open },
	{ PROFILE_MANY, record_read_many }, { PROFILE_PROC, read_proc },
	{ PROFILE_EXEC, read_exec },	    { PROFILE_DONE, read_done },
	{ PROFILE_PEAK, read_peak },	    { PROFILE_CMDLINE, read_cmdline },
	{ PROFILE_METRIC, read_metric },    { PROFILE_INTERVAL, read_interval },
	{ PROFILE_MARK, record_read_mark }, { PROFILE_MISS, read_miss },
	{ PROFILE_FORMAT, read_format },
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

struct error *record_read(struct record_reader *reader, const char *line, size_t bytes)
{
	if (bytes > 0 && line[bytes - 1] == '\r')
		bytes--;
	reader->damage = NULL;
	const char *space = memchr(line, ' ', bytes);
	size_t word_bytes = space == NULL ? bytes : (size_t)(space - line);

	for (size_t i = 0; i < sizeof(record_kinds) / sizeof(record_kinds[0]); i++) {
		const struct record_kind *kind = &record_kinds[i];
		if (strlen(kind->word) != word_bytes || memcmp(kind->word, line, word_bytes) != 0)
			continue;
		reader->fields = (struct fields){ line + word_bytes, line + bytes };
		reader->records++;
		return kind->read(reader, &reader->fields);
	}
	if (space == NULL || !is_record_word(line, word_bytes))
		reader->damage = bytes == 0 ? "blank" : "not a record";
	return NULL;
}

static void process_note_memory(struct profile_process *process, int64_t time_ns, double mib)
{
	if (process->highest_ns == PROFILE_TIME_UNKNOWN || mib > process->highest_mib) {
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

static void finish_call(struct profile *profile, struct profile_call *call)
{
	struct profile_process *process = &profile->processes[call->process];

	/* A pid that nothing else is known of: a file that never names its main process. */
	if (process->series.count == 0 && process->start_ns == PROFILE_TIME_UNKNOWN) {
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
	open->call.mib_out = series->count > 0 ? series->mib[series->count - 1] : open->call.mib_in;
	finish_call(profile, &open->call);
	return profile_add_call(profile, open->function, &open->call);
}

struct error *records_finish(struct record_reader *reader)
{
	struct profile *profile = reader->profile;
	struct error *err = NULL;

	for (size_t i = 0; i < profile->process_count; i++)
		finish_series(reader, &profile->processes[i]);
	for (size_t i = 0; i < profile->function_count; i++) {
		struct profile_function *function = &profile->functions[i];
		for (size_t k = 0; k < function->call_count; k++)
			finish_call(profile, &function->calls[k]);
	}
	for (size_t i = 0; err == NULL && i < reader->open_count; i++) {
		if (!reader->open[i].is_superseded)
			err = finish_open_call(profile, &reader->open[i]);
	}
	return err;
}
