/* The profiles of a directory; see rank_files.h. Cli layer. */
#include "tracer/cli/profiles/rank_files.h"

#include <dirent.h>
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "plot/records/profile_reader.h"
#include "tracer/base/log.h"
#include "tracer/base/utf8.h"
#include "tracer/cli/profiles/profile_files.h"
#include "tracer/cli/terminal/progress_bar.h"

/* Kept of all ranks together, and of one; 16 bytes each. */
enum { SAMPLES_OF_ALL = 1 << 24, SAMPLES_MOST = 1 << 15, SAMPLES_LEAST = 128 };

/* Large arrays that are mapped anew for each of thousands of files would cost more than reading them; mallopt(3) takes no more. */
enum { MAPPED_BYTES = 32 << 20 };

/* What the files have come to. */
struct tally {
	size_t left_out;	       /* no profile, not to be read, without a sample */
	char *first;		       /* why the first of them was. Owned */
	size_t unaligned;	       /* without the call to be aligned by */
	size_t unmatched;	       /* without a function that was asked for */
	size_t damaged, damaged_lines; /* files; lines of theirs */
};

bool rank_files_is_directory(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* Hidden files are none of ours; what else is no file, or one that is being removed, is nothing to tell of. */
static struct error *list_files(const char *directory, struct profile_files *ret)
{
	const struct dirent *entry;
	struct error *err = NULL;
	DIR *stream = opendir(directory);

	if (stream == NULL)
		return error_os(errno, "cannot read the directory %s", directory);
	const size_t bytes = strlen(directory);
	const char *slash = bytes > 0 && directory[bytes - 1] == '/' ? "" : "/";
	while (err == NULL && (entry = readdir(stream)) != NULL) {
		struct stat status;
		char *path;
		if (entry->d_name[0] == '.')
			continue;
		if (asprintf(&path, "%s%s%s", directory, slash, entry->d_name) < 0) {
			err = error_no_memory();
			break;
		}
		/* What a link leads to counts; a pipe would be waited for. */
		if (stat(path, &status) != 0 || S_ISREG(status.st_mode))
			err = profile_files_append(ret, path);
		free(path);
	}
	closedir(stream);
	profile_files_sort(ret);
	return err;
}

/* Takes @why. */
static struct error *leave_out(struct tally *tally, struct error *why)
{
	if (error_code(why) == ERR_MEMORY)
		return why;
	if (tally->left_out++ == 0)
		tally->first = text_printable(error_message(why), false);
	error_free(why);
	return NULL;
}

static struct error *add(const struct rank_files *files, struct profile *profile, size_t samples,
			 struct tally *tally, struct rank_jobs *jobs)
{
	struct rank_wish wish = { .samples = samples, .wants_calls = files->wants_calls };

	tally->damaged += profile->damaged_lines > 0;
	tally->damaged_lines += profile->damaged_lines;
	if (files->job != NULL &&
	    (profile->rank.job == NULL || strcmp(profile->rank.job, files->job) != 0))
		return NULL;
	if (files->align->functions != NULL) {
		wish.shift_ns = align_option_first_ns(files->align, profile);
		if (wish.shift_ns == INT64_MAX) {
			tally->unaligned++;
			return NULL;
		}
	}
	struct error *err = profile_selection_apply(files->selection, profile);
	if (err != NULL && error_code(err) == ERR_FAILED) {
		tally->unmatched++; /* the rank itself is one all the same */
		error_free(err);
		err = NULL;
	}
	return err != NULL ? err : rank_jobs_add(jobs, profile, &wish);
}

static struct error *read_files(const struct rank_files *files, const struct profile_files *list,
				struct tally *tally, struct rank_jobs *jobs)
{
	size_t samples = SAMPLES_OF_ALL / (list->count + 1);
	struct progress_bar bar;
	struct error *err = NULL;

	samples = samples > SAMPLES_MOST    ? SAMPLES_MOST
		  : samples < SAMPLES_LEAST ? SAMPLES_LEAST
					    : samples;
	const struct series_range range = { INT64_MIN, INT64_MAX, samples };
	const struct profile_reading reading = {
		.range = &range,
		.skips_calls = !files->wants_calls && files->align->functions == NULL,
	};
	progress_bar_init(&bar, files->directory);
	for (size_t i = 0; err == NULL && i < list->count; i++) {
		struct profile profile;
		progress_bar_step(&bar, i, list->count);
		err = profile_read_with(&profile, list->paths[i], &reading);
		if (err != NULL) {
			err = leave_out(tally, err);
			continue;
		}
		err = add(files, &profile, samples, tally, jobs);
		profile_deinit(&profile);
		if (err != NULL && error_code(err) == ERR_FORMAT)
			err = leave_out(tally, err);
	}
	progress_bar_end(&bar);
	return err;
}

/* One line for each way in which files were of no use. */
static void say(const struct rank_files *files, const struct tally *tally)
{
	const char *directory = files->directory;

	if (tally->left_out == 1)
		log_warning("left out: %s", tally->first != NULL ? tally->first : "?");
	else if (tally->left_out > 1)
		log_warning("%s: %zu files are left out; the first: %s", directory, tally->left_out,
			    tally->first != NULL ? tally->first : "?");
	if (tally->unaligned > 0)
		log_warning("%s: left out %zu profile%s without a call of %s", directory,
			    tally->unaligned, tally->unaligned == 1 ? "" : "s", files->align->text);
	if (tally->damaged > 0)
		log_warning("%s: %zu damaged line%s in %zu file%s; the rest is used", directory,
			    tally->damaged_lines, tally->damaged_lines == 1 ? "" : "s",
			    tally->damaged, tally->damaged == 1 ? "" : "s");
}

/* Why there is no rank. */
static struct error *nothing_left(const struct rank_files *files, const struct tally *tally,
				  size_t count)
{
	const char *directory = files->directory;

	if (tally->unaligned > 0)
		return error_new(ERR_FAILED, "no profile in %s has a call of %s", directory,
				 files->align->text);
	if (files->job != NULL && tally->left_out < count)
		return error_new(ERR_FAILED, "no profile in %s is of the job %s", directory,
				 files->job);
	if (count == 0)
		return error_new(ERR_FAILED,
				 "%s has no profile: record into it with 'run -o %s/run.%%r.dat'",
				 directory, directory);
	return error_new(ERR_FAILED, "%s has no profile that can be used; %zu other file%s: %s",
			 directory, count, count == 1 ? "" : "s",
			 tally->first != NULL ? tally->first : "?");
}

struct error *rank_files_read(const struct rank_files *files, struct rank_jobs *ret)
{
	struct profile_files list = { 0 };
	struct tally tally = { 0 };

	*ret = (struct rank_jobs){ 0 };
	mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES);
	mallopt(M_TRIM_THRESHOLD, MAPPED_BYTES);
	struct error *err = list_files(files->directory, &list);
	if (err == NULL)
		err = read_files(files, &list, &tally, ret);
	if (err == NULL && ret->count == 0)
		err = nothing_left(files, &tally, list.count);
	else if (err == NULL)
		say(files, &tally);
	if (err == NULL && tally.unmatched > 0) {
		size_t matched = 0;
		for (size_t i = 0; i < ret->count; i++)
			matched += ret->jobs[i].call_count;
		if (matched == 0)
			err = error_new(ERR_FAILED, "no function in %s matches --func",
					files->directory);
	}
	if (err == NULL)
		err = rank_jobs_finish(ret);
	free(tally.first);
	profile_files_deinit(&list);
	if (err != NULL)
		rank_jobs_deinit(ret);
	return err;
}
