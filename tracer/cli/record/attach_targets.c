/* The running processes of a command line; see attach_targets.h. Cli layer. */
#include "tracer/cli/record/attach_targets.h"

#include <inttypes.h>
#include <stdlib.h>

#include "tracer/base/array.h"
#include "tracer/cli/record/process_names.h"
#include "tracer/job/output_name.h"
#include "tracer/proc/proc_file.h"

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
	job_rank_deinit(&targets->rank);
	free(targets->pids);
	process_names_free_command(targets->command);
}

static struct error *find_rank(pid_t pid, struct job_rank *ret)
{
	enum { BYTES_MAX = 8 << 20 }; /* more than execve(2) takes */
	struct job_environment environment;
	char *text;

	struct error *err =
		proc_read_whole(&text, &environment.bytes, BYTES_MAX, "/proc/%d/environ", pid);
	error_free(err); /* of another user, or has ended: nothing is known of its job */
	environment.text = text != NULL ? text : "";
	err = job_rank_find(&environment, ret);
	free(text);
	return err;
}

/* @other differs from what those before it have. */
static struct error *take_no_rank(struct attach_targets *targets, pid_t pid,
				  const struct job_rank *other, const char *output)
{
	struct job_rank *rank = &targets->rank;

	if (output != NULL && output_name_has_rank(output) && rank->launcher != NULL &&
	    other->launcher != NULL)
		return error_new(ERR_USAGE,
				 "-o: %%r: process %d is rank %" PRIu64 ", and %d is rank %" PRIu64
				 ": attach to one of them",
				 targets->pids[0], rank->rank, pid, other->rank);
	rank->launcher = NULL;
	return NULL;
}

static struct error *find_ranks(struct attach_targets *targets, const char *output)
{
	struct error *err = find_rank(targets->pids[0], &targets->rank);

	for (size_t i = 1; err == NULL && i < targets->count; i++) {
		struct job_rank other;
		err = find_rank(targets->pids[i], &other);
		if (err != NULL)
			break;
		if (!job_rank_is_same(&targets->rank, &other))
			err = take_no_rank(targets, targets->pids[i], &other, output);
		job_rank_deinit(&other);
	}
	return err;
}

struct error *attach_targets_prepare(struct attach_targets *targets,
				     struct session_options *session)
{
	struct error *err = process_names_command(targets->pids[0], &targets->command);
	if (err == NULL)
		err = find_ranks(targets, session->output);
	if (err != NULL)
		return err;
	session->rank = &targets->rank;
	session->command = targets->command;
	session->attached = targets->pids;
	session->attached_count = targets->count;
	return NULL;
}
