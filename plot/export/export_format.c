/* What the formats share; see export_format.h. Plot layer. */
#include "plot/export/export_format.h"

#include <errno.h>
#include <stdlib.h>

const char *export_process_name(const struct profile *profile, size_t process)
{
	const char *command = profile_process_command(profile, process);

	return command != NULL ? command : "";
}

const char *export_thread_name(const struct profile *profile, const struct call_thread *thread,
			       char buffer[static EXPORT_THREAD_BYTES])
{
	const char *name = profile_thread_name(profile, thread->process, thread->tid);

	if (name != NULL)
		return name;
	if (thread->tid <= 0 || thread->tid == profile->processes[thread->process].pid)
		return "main thread";
	snprintf(buffer, EXPORT_THREAD_BYTES, "thread %d", (int)thread->tid);
	return buffer;
}

void export_quote_json(FILE *out, const char *name)
{
	struct json_writer json;

	json_init(&json, out, 0);
	json_put_string(&json, NULL, name);
}

bool export_has_process(const struct profile *profile, size_t process)
{
	const struct profile_process *p = &profile->processes[process];

	return process == 0 || p->series.total > 0 || p->highest_ns != PROFILE_TIME_UNKNOWN ||
	       p->start_ns != PROFILE_TIME_UNKNOWN || p->end_ns != PROFILE_TIME_UNKNOWN;
}

struct error *export_check_written(FILE *out)
{
	if (!ferror_unlocked(out))
		return NULL;
	return error_os(errno != 0 ? errno : EIO, "write");
}

struct error *export_quote(const struct export_format *format, const char *name, char **ret)
{
	size_t bytes;
	FILE *out = open_memstream(ret, &bytes);

	if (out == NULL)
		return error_no_memory();
	format->quote(out, name);
	bool failed = ferror(out) != 0;
	return fclose(out) != 0 || failed ? error_no_memory() : NULL;
}
