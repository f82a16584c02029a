/* Where a FILE.dat is written to; see recorder_private.h. Record layer. */
#include "tracer/record/recorder_private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "tracer/record/output_name.h"

/* The default name; @seconds later than now when that one is taken. */
static char *default_path(time_t now)
{
	char name[64];
	struct tm local;

	localtime_r(&now, &local);
	strftime(name, sizeof(name), "mprofile_%Y%m%d%H%M%S.dat", &local);
	return strdup(name);
}

static struct error *recorder_open_default(struct recorder *recorder)
{
	enum { NAME_TRIES = 1000 };
	time_t now = time(NULL);

	for (int i = 0; i < NAME_TRIES; i++) {
		free(recorder->path);
		recorder->path = default_path(now + i);
		if (recorder->path == NULL)
			return error_no_memory();
		recorder->out.fd = open(recorder->path,
					O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
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

/* A file that is there is replaced by the first bytes: a program that cannot be run leaves it alone. */
static struct error *recorder_open_file(struct recorder *recorder,
					const struct recorder_options *options)
{
	struct stat status;

	if (options->path == NULL)
		return recorder_open_default(recorder);
	struct error *err = output_name_expand(options->path, options->pid, &recorder->path);
	if (err != NULL)
		return err;
	recorder->out.fd =
		open(recorder->path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0666);
	recorder->is_new = recorder->out.fd >= 0;
	if (!recorder->is_new && errno == EEXIST)
		recorder->out.fd = open_existing(recorder->path);
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
