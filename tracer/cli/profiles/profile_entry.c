/* What a list says of one profile; see profile_entry.h. Cli layer. */
#include "tracer/cli/profiles/profile_entry.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/profile/profile_peak.h"
#include "plot/records/profile_reader.h"

/* Of a list of hundreds of large files each has its turn within a few hundredths of a second. */
static const uint64_t END_BYTES = 4 << 20;

/* "2026-02-03 14:05:01" of mprofile_20260203140501.dat; nothing of another name. */
static void put_date_of_name(const char *path, char ret[static TEXT_DATE_BYTES])
{
	static const char digits[] = "0123456789";
	const char *t = strrchr(path, '_');

	if (t == NULL || strspn(++t, digits) != 14)
		return;
	snprintf(ret, TEXT_DATE_BYTES, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s", t, t + 4, t + 6, t + 8,
		 t + 10, t + 12);
}

static struct error *fill(struct profile_entry *entry, const struct profile *profile)
{
	bool is_exact;

	if (profile->command_line != NULL) {
		entry->command = text_clean(profile->command_line, strlen(profile->command_line));
		if (entry->command == NULL)
			return error_no_memory();
	}
	text_format_date(entry->started, profile->first_ns);
	if (entry->started[0] != '\0')
		entry->start_ns = profile->first_ns;
	entry->duration_ns = profile->last_ns - profile->first_ns;
	entry->peak_mib =
		profile_peak_mib(profile, 0, profile->processes[0].series.highest_mib, &is_exact);
	entry->process_count = profile->process_count;
	metric_label(profile, entry->metric);
	entry->is_partial = profile->is_partial;
	if (profile->has_end)
		entry->state = "whole";
	else if (profile->has_format)
		entry->state = profile->is_recent ? "recording" : "broken off";
	return NULL;
}

/* Takes @why. */
static struct error *fill_fault(struct profile_entry *entry, const char *path, struct error *why)
{
	if (error_code(why) == ERR_MEMORY)
		return why;
	const char *message = error_message(why);
	/* The path stands beside it. */
	size_t before = strlen(path);
	if (strncmp(message, path, before) == 0 && message[before] == ' ')
		message += before + 1;
	/* What it is; what to do about it would fill the line. */
	size_t bytes = error_code(why) == ERR_FORMAT ? strcspn(message, ":;") : strlen(message);
	entry->fault = text_clean(message, bytes);
	error_free(why);
	return entry->fault == NULL ? error_no_memory() : NULL;
}

static struct error *read_profile(const char *path, struct profile *ret)
{
	enum { LEAST_SAMPLES = 64 }; /* the highest is kept, however few there are */
	static const struct series_range range = { INT64_MIN, INT64_MAX, LEAST_SAMPLES };
	const struct profile_reading reading = {
		.range = &range,
		.skips_calls = true,
		.end_bytes = END_BYTES,
	};
	struct stat status;

	/* A pipe would be waited for. */
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode))
		return error_new(ERR_FORMAT, "%s is no regular file", path);
	return profile_read_with(ret, path, &reading);
}

struct error *profile_entry_read(struct profile_entry *ret, const char *path, long index)
{
	struct profile profile;

	*ret = (struct profile_entry){
		.index = index,
		.start_ns = PROFILE_TIME_UNKNOWN,
		.state = "",
	};
	ret->path = text_clean(path, strlen(path));
	if (ret->path == NULL)
		return error_no_memory();
	struct error *err = read_profile(path, &profile);
	if (err != NULL) {
		err = fill_fault(ret, path, err);
	} else {
		err = fill(ret, &profile);
		profile_deinit(&profile);
	}
	if (err == NULL && ret->started[0] == '\0')
		put_date_of_name(path, ret->started);
	if (err != NULL)
		profile_entry_deinit(ret);
	return err;
}

void profile_entry_deinit(struct profile_entry *entry)
{
	free(entry->path);
	free(entry->command);
	free(entry->fault);
	*entry = (struct profile_entry){ 0 };
}
