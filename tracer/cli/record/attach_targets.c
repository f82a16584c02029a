/* The running processes of a command line; see attach_targets.h. Cli layer. */
#include "tracer/cli/record/attach_targets.h"

#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/cli/record/process_names.h"

struct error *attach_targets_add(struct attach_targets *targets, const char *text)
{
	pid_t pid;

	struct error *err = process_names_find(text, &pid);
	if (err == NULL)
		err = array_reserve(&targets->pids, &targets->capacity, targets->count + 1,
				    sizeof(*targets->pids));
	if (err != NULL)
		return err;
	for (size_t i = 0; i < targets->count; i++) {
		if (targets->pids[i] == pid)
			return NULL;
	}
	targets->pids[targets->count++] = pid;
	return NULL;
}

void attach_targets_deinit(struct attach_targets *targets)
{
	free(targets->pids);
	process_names_free_command(targets->command);
}

struct error *attach_targets_prepare(struct attach_targets *targets,
				     struct session_options *session)
{
	struct error *err = process_names_command(targets->pids[0], &targets->command);
	if (err != NULL)
		return err;
	session->command = targets->command;
	session->attached = targets->pids;
	session->attached_count = targets->count;
	return NULL;
}
