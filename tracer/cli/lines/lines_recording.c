/* A program is recorded for its lines; see lines_recording.h. Cli layer. */
#include "tracer/cli/lines/lines_recording.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/cli/profiles/unnamed_file.h"
#include "tracer/loop/engine.h"

/* In the engine; what @data points to is the front end's, too. */
static void note_file(void *data, const char *path)
{
	snprintf(data, PATH_MAX, "%s", path);
}

/* Where -o leads is known once the program runs: %p is its pid. */
static struct error *record_named(struct lines_recording *recording,
				  struct session_options *session, int *ret_status)
{
	char *path =
		mmap(NULL, PATH_MAX, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	const struct session_observer observer = { .note_file = note_file, .data = path };

	if (path == MAP_FAILED)
		return error_os(errno, "mmap");
	session->observer = &observer;
	struct error *err = engine_run(session, ret_status);
	session->observer = NULL;
	memcpy(recording->path, path, PATH_MAX);
	munmap(path, PATH_MAX);
	return err;
}

static struct error *record_unnamed(struct lines_recording *recording,
				    struct session_options *session, int *ret_status)
{
	struct error *err = unnamed_file_open(&recording->fd);
	if (err != NULL)
		return err;
	snprintf(recording->path, sizeof(recording->path), "/proc/self/fd/%d", recording->fd);
	session->output = recording->path;
	err = engine_run(session, ret_status);
	session->output = NULL;
	return err;
}

struct error *lines_recording_make(struct lines_recording *ret, struct session_options *session,
				   int *ret_status)
{
	const pid_t front = getpid();
	struct stat status;

	*ret = (struct lines_recording){ .fd = -1 };
	struct error *err = session->output != NULL ? record_named(ret, session, ret_status)
						    : record_unnamed(ret, session, ret_status);
	ret->is_engine = getpid() != front;
	/* The engine has said why nothing could be run. */
	if (stat(ret->path, &status) < 0 || status.st_size == 0)
		ret->path[0] = '\0';
	return err;
}

void lines_recording_deinit(struct lines_recording *recording)
{
	if (recording->fd >= 0)
		close(recording->fd);
}
