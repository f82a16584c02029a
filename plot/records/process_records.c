/* The records of processes; see process_records.h. Plot layer. */
#include "plot/records/process_records.h"

struct error *record_read_proc(struct record_reader *reader, const struct field_values *values)
{
	struct profile *profile = reader->profile;
	int32_t pid = values->of[0].number, process;

	if (!reader->seen_main) {
		reader->seen_main = true;
		profile->processes[0].pid = pid;
	}
	struct error *err = profile_need_process(profile, pid, &process);
	/* The kernel gives a pid again once its process has ended. */
	if (err == NULL && profile->processes[process].start_ns != PROFILE_TIME_UNKNOWN)
		err = profile_begin_process(profile, pid, &process);
	if (err != NULL)
		return err;
	struct profile_process *p = &profile->processes[process];
	p->parent_pid = values->of[1].number;
	p->start_ns = values->of[2].ns;
	if (values->of[3].text.bytes == 0)
		return NULL;
	return record_read_text(reader, &values->of[3], &p->command);
}

/* A mark of the kernel's; negative: the process has another memory now. */
static struct error *show_mark(struct record_reader *reader, int32_t process, int64_t time_ns,
			       double mib)
{
	const struct sample_visitor *visitor = reader->visitor;

	if (visitor == NULL || visitor->visit_mark == NULL)
		return NULL;
	return visitor->visit_mark(visitor->data, process, time_ns, mib);
}

struct error *record_read_exec(struct record_reader *reader, const struct field_values *values)
{
	const union field_value *command = &values->of[2];
	int32_t process;
	struct error *err = profile_need_process(reader->profile, values->of[0].number, &process);

	if (err == NULL)
		err = show_mark(reader, process, values->of[1].ns, -1);
	if (err != NULL || command->text.bytes == 0)
		return err;
	return record_read_text(reader, command, &reader->profile->processes[process].command);
}

struct error *record_read_done(struct record_reader *reader, const struct field_values *values)
{
	int32_t process;
	struct error *err = profile_need_process(reader->profile, values->of[0].number, &process);

	if (err != NULL)
		return err;
	reader->profile->processes[process].end_ns = values->of[1].ns;
	record_count_memory(reader, process, values->of[1].ns, 0);
	/* What wait(2) tells is a byte; a damaged file may say anything. */
	int32_t status = values->of[2].number;
	reader->profile->processes[process].status = status >= 0 && status <= 255 ? status : -1;
	return NULL;
}

struct error *record_read_peak(struct record_reader *reader, const struct field_values *values)
{
	double mib = values->of[1].mib;
	int32_t process;

	if (mib < 0)
		return record_damaged(reader, RECORD_NOT_A_NUMBER);
	struct error *err = profile_need_process(reader->profile, values->of[0].number, &process);
	if (err != NULL)
		return err;
	/* One for each program image that the process has run. */
	struct profile_process *p = &reader->profile->processes[process];
	if (mib > p->exact_peak_mib)
		p->exact_peak_mib = mib;
	return values->count > 2 ? show_mark(reader, process, values->of[2].ns, mib) : NULL;
}
