/* A core file of a process at a break; see break_core.h. Loop layer. */
#include "tracer/loop/break_actions/break_core.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tracer/base/log.h"
#include "tracer/loop/break_actions/break_freeze.h"
#include "tracer/probe/image.h"
#include "tracer/tracee/core_file.h"

static bool leaves_out(void *context, uint64_t start)
{
	const struct image *image = context;

	return image != NULL && injected_at(&image->injected, taddr(start)) != NULL;
}

/* Code that may not be executed just now, and then data: only where there are modules. */
static bool is_touched(void *context, uint64_t start, uint64_t end, bool is_executable)
{
	const struct image *image = context;
	bool is = image != NULL && is_executable;

	for (size_t i = 0; image != NULL && !is && i < image->module_count; i++)
		is = image->modules[i].start < end && start < image->modules[i].end;
	return is;
}

static void own(void *context, taddr_t from, uint8_t *code, size_t bytes)
{
	image_hide_patches(context, from, code, bytes);
}

/* "mprofile_x.core.1234", and with ".2" and so on behind it when there is one already. */
static void name_file(const struct break_event *event, char ret[static PATH_MAX])
{
	static const char SUFFIX[] = ".dat";
	const char *profile = recorder_path(event->session->recorder);
	const pid_t pid = event->process->pid;
	struct stat status;

	if (stat(profile, &status) < 0 || !S_ISREG(status.st_mode)) /* /dev/null, or the like */
		profile = "mprof-trace";
	size_t bytes = strlen(profile);
	if (bytes >= sizeof(SUFFIX) && strcmp(profile + bytes - (sizeof(SUFFIX) - 1), SUFFIX) == 0)
		bytes -= sizeof(SUFFIX) - 1;
	if (bytes > PATH_MAX - 64) /* there is no such file */
		bytes = PATH_MAX - 64;
	snprintf(ret, PATH_MAX, "%.*s.core.%d", (int)bytes, profile, pid);
	for (int i = 2; i < 1000 && access(ret, F_OK) == 0; i++)
		snprintf(ret, PATH_MAX, "%.*s.core.%d.%d", (int)bytes, profile, pid, i);
}

/* Those that are stopped, that of the break first. Owned by the caller. */
static pid_t *list_threads(const struct break_event *event, size_t *ret_count)
{
	const struct process *process = event->process;
	pid_t *tids = calloc(process->thread_count + 1, sizeof(*tids));

	*ret_count = 0;
	for (const struct tracee *it = process->threads; tids != NULL && it != NULL;
	     it = it->next) {
		if (!it->is_stopped)
			continue;
		tids[*ret_count] = it->tid;
		if (it->tid == event->tid) {
			tids[*ret_count] = tids[0];
			tids[0] = it->tid;
		}
		++*ret_count;
	}
	return tids;
}

static struct error *write_file(const struct break_event *event, const char *path)
{
	struct process *process = event->process;
	struct address_space *opened = NULL, *space = process->space;
	struct core_view view = { leaves_out, is_touched, own,
				  space == NULL ? NULL : space->image };
	struct error *err = NULL;
	size_t count;

	pid_t *tids = list_threads(event, &count);
	if (tids == NULL)
		return error_no_memory();
	if (count == 0)
		err = error_new(ERR_FAILED, "no thread of it is traced");
	if (err == NULL && space == NULL) { /* nothing is probed in it */
		err = address_space_open(process->pid, &opened);
		space = opened;
	}
	if (err == NULL)
		err = core_file_write(path, space, process->pid, tids, count, &view);
	if (opened != NULL)
		address_space_close(opened);
	free(tids);
	return err;
}

void break_core_write(struct break_event *event)
{
	const pid_t pid = event->process->pid;
	struct break_freeze freeze;
	char path[PATH_MAX];

	name_file(event, path);
	struct error *err = break_freeze_begin(event, true, &freeze);
	bool is_there = event->process != NULL;
	if (err == NULL && is_there)
		err = write_file(event, path);
	break_freeze_end(&freeze);
	if (err == NULL && is_there)
		log_info("the core file of process %d is %s", pid, path);
	else if (err != NULL)
		log_error("no core file of process %d could be written: %s", pid,
			  error_message(err));
	error_free(err);
}
