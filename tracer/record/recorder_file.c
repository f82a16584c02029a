/* Where a FILE.dat is written to; see recorder_private.h. Record layer. */
#include "tracer/record/recorder_private.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "tracer/job/output_name.h"

enum { NAME_TRIES = 1000 };

static int create_file(const char *path)
{
	return open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
}

/* The default name; each of several ranks has one of its own. @rank: NULL where there are no others. */
static char *default_path(time_t now, const struct job_rank *rank)
{
	char name[64], own[32] = "";
	struct tm local;
	char *path;

	localtime_r(&now, &local);
	strftime(name, sizeof(name), "mprofile_%Y%m%d%H%M%S", &local);
	if (rank != NULL)
		snprintf(own, sizeof(own), ".%" PRIu64, rank->rank);
	return asprintf(&path, "%s%s.dat", name, own) < 0 ? NULL : path;
}

/* Of a second later, when that one is taken. */
static struct error *recorder_open_default(struct recorder *recorder, const struct job_rank *rank)
{
	time_t now = time(NULL);

	for (int i = 0; i < NAME_TRIES; i++) {
		free(recorder->path);
		recorder->path = default_path(now + i, rank);
		if (recorder->path == NULL)
			return error_no_memory();
		recorder->out.fd = create_file(recorder->path);
		recorder->is_new = recorder->out.fd >= 0;
		if (recorder->is_new)
			return NULL;
		if (errno != EEXIST)
			break;
	}
	return error_context(error_os(errno, "%s", recorder->path),
			     "cannot create the profile (-o names another place)");
}

/* Opening a named pipe waits for its reader: signals, blocked otherwise, must be able to end that. */
static int open_existing(const char *path)
{
	struct stat status;
	sigset_t none, blocked;
	bool is_pipe = stat(path, &status) == 0 && S_ISFIFO(status.st_mode);

	sigemptyset(&none);
	sigprocmask(is_pipe ? SIG_SETMASK : SIG_UNBLOCK, &none, &blocked);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	int errnum = errno;
	sigprocmask(SIG_SETMASK, &blocked, NULL);
	errno = errnum;
	return fd;
}

/* The folders that @path is in, those that are missing. Other ranks may make them, too. */
static void make_folders(struct recorder *recorder)
{
	char *path = recorder->path;

	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		bool is_made = mkdir(path, 0777) == 0;
		*slash = '/';
		if (is_made && recorder->made_folders == 0)
			recorder->made_folders = (size_t)(slash - path);
	}
}

/* Not a device or a pipe, nor what names a descriptor that the caller has open. */
static bool is_file(const char *path)
{
	static const char *const descriptors[] = { "/proc/", "/dev/fd/", "/dev/std" };
	struct stat status;

	for (size_t i = 0; i < sizeof(descriptors) / sizeof(descriptors[0]); i++) {
		if (strncmp(path, descriptors[i], strlen(descriptors[i])) == 0)
			return false;
	}
	return stat(path, &status) < 0 || S_ISREG(status.st_mode);
}

/* A file of another rank, or of an earlier run, is never replaced: "run.3-2.dat" then. */
static struct error *open_beside(struct recorder *recorder)
{
	char *taken = recorder->path;
	char number[16];

	for (int i = 2; recorder->out.fd < 0 && errno == EEXIST && i < NAME_TRIES; i++) {
		snprintf(number, sizeof(number), "-%d", i);
		char *path = output_name_insert(taken, number);
		if (path == NULL) {
			errno = ENOMEM;
			break;
		}
		if (recorder->path != taken)
			free(recorder->path);
		recorder->path = path;
		recorder->out.fd = create_file(path);
	}
	if (recorder->path != taken)
		free(taken);
	recorder->is_new = recorder->out.fd >= 0;
	return recorder->is_new ? NULL
				: error_os(errno, "cannot create the profile %s", recorder->path);
}

/* What stands in no rank's name, as a device does, is opened as it is. */
static struct error *recorder_find_path(struct recorder *recorder,
					const struct recorder_options *options)
{
	const struct output_writer writer = {
		.pid = options->pid,
		.rank = options->rank,
		.is_alone = options->is_rank_alone,
	};

	if (output_name_has_fields(options->path) || is_file(options->path))
		return output_name_expand(options->path, &writer, &recorder->path);
	recorder->path = strdup(options->path);
	return recorder->path == NULL ? error_no_memory() : NULL;
}

/* A file that is there is replaced by the first bytes: a program that cannot be run leaves it alone. */
static struct error *recorder_open_file(struct recorder *recorder,
					const struct recorder_options *options)
{
	bool has_others = options->rank != NULL && !options->is_rank_alone &&
			  job_rank_has_others(options->rank);
	struct stat status;

	if (options->path == NULL)
		return recorder_open_default(recorder, has_others ? options->rank : NULL);
	struct error *err = recorder_find_path(recorder, options);
	if (err != NULL)
		return err;
	if (has_others || output_name_has_fields(options->path))
		make_folders(recorder);
	recorder->out.fd = create_file(recorder->path);
	recorder->is_new = recorder->out.fd >= 0;
	if (!recorder->is_new && errno == EEXIST && has_others && is_file(recorder->path)) {
		err = open_beside(recorder);
		if (err != NULL)
			return err;
	} else if (!recorder->is_new && errno == EEXIST) {
		recorder->out.fd = open_existing(recorder->path);
	}
	if (recorder->out.fd < 0 || fstat(recorder->out.fd, &status) < 0)
		return error_os(errno, "cannot write the profile %s", recorder->path);
	recorder->out.replaces = S_ISREG(status.st_mode);
	recorder->out.is_pipe = S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode);
	return NULL;
}

struct error *recorder_create(const struct recorder_options *options, char *const command[],
			      struct recorder **ret)
{
	struct recorder *recorder;

	struct error *err = recorder_new(options, &recorder);
	if (err != NULL)
		return err;
	err = recorder_open_file(recorder, options);
	if (err != NULL) {
		recorder_discard(recorder);
		return err;
	}
	recorder_write_head(recorder, options, command);
	*ret = recorder;
	return NULL;
}
