/* The rank of a process; see job_rank.h. Job layer. */
#include "tracer/job/job_rank.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tracer/base/quantity.h"

/* As getenv(3), of another's environment. */
static const char *find_in(const struct job_environment *environment, const char *name)
{
	const char *at = environment->text, *end = at + environment->bytes;
	const size_t bytes = strlen(name);

	while (at < end) {
		size_t length = strnlen(at, (size_t)(end - at));
		if (at + length == end)
			break; /* cut off */
		if (length > bytes && strncmp(at, name, bytes) == 0 && at[bytes] == '=')
			return at + bytes + 1;
		at += length + 1;
	}
	return NULL;
}

/* NULL for an empty one, too. */
static const char *variable(const struct job_environment *environment, const char *name)
{
	const char *value = name == NULL	  ? NULL
			    : environment == NULL ? getenv(name)
						  : find_in(environment, name);

	return value != NULL && *value != '\0' ? value : NULL;
}

static bool variable_is(const struct job_environment *environment, const char *name,
			const char *wanted)
{
	const char *value = variable(environment, name);

	return value != NULL && strcmp(value, wanted) == 0;
}

static bool variable_count(const struct job_environment *environment, const char *name,
			   uint64_t *ret)
{
	const char *value = variable(environment, name);

	return value != NULL && quantity_parse_whole(value, ret);
}

/*
 * sbatch starts its script as if it were rank 0 of all tasks that it asks for (Slurm, env_array_for_batch_job), which only
 * srun starts. In a step of srun's there is a SLURM_STEP_ID as well.
 */
static bool is_slurm_script(const struct job_environment *environment)
{
	return variable_is(environment, "ENVIRONMENT", "BATCH") &&
	       variable(environment, "SLURM_STEP_ID") == NULL &&
	       variable(environment, "SLURM_STEPID") == NULL;
}

/* The script is task 1 of its node, the first; what pbsdsh starts there comes later. */
static bool is_pbs_script(const struct job_environment *environment)
{
	return variable_is(environment, "PBS_VNODENUM", "0") &&
	       variable_is(environment, "PBS_TASKNUM", "1");
}

/*
 * Variables of launchers. A launcher's own are asked first: what runs under mpirun in a batch job has the batch
 * system's, too, and those speak of the script.
 */
static const struct launcher {
	const char *name, *rank, *size; /* @size NULL: it tells none */
	/* The process is what the launcher is called from; NULL: never. */
	bool (*is_script)(const struct job_environment *environment);
} launchers[] = {
	/* Open MPI: mpirun(1), ENVIRONMENT VARIABLES. */
	{ "Open MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", NULL },
	/* MVAPICH2's mpirun_rsh: MVAPICH2 User Guide. */
	{ "MVAPICH2", "MV2_COMM_WORLD_RANK", "MV2_COMM_WORLD_SIZE", NULL },
	/* PMI-1 and PMI-2: Hydra (MPICH, Intel MPI, MVAPICH 3), Cray PALS, srun --mpi=pmi2. */
	{ "PMI", "PMI_RANK", "PMI_SIZE", NULL },
	/* IBM's jsrun: Spectrum LSF, Job Step Manager. */
	{ "jsrun", "JSM_NAMESPACE_RANK", "JSM_NAMESPACE_SIZE", NULL },
	/* flux-environment(7). */
	{ "Flux", "FLUX_TASK_RANK", "FLUX_JOB_SIZE", NULL },
	/* PALS without PMI: mpiexec(1) of HPE Cray. */
	{ "PALS", "PALS_RANKID", "PALS_SIZE", NULL },
	/* srun(1), OUTPUT ENVIRONMENT VARIABLES: of the step, and of what was asked for. */
	{ "Slurm", "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", is_slurm_script },
	{ "Slurm", "SLURM_PROCID", "SLURM_NTASKS", is_slurm_script },
	/* pbsdsh(1) of Torque. */
	{ "pbsdsh", "PBS_VNODENUM", "PBS_NP", is_pbs_script },
	/* PMIx, whichever launcher speaks it: PMIx Standard. */
	{ "PMIx", "PMIX_RANK", NULL, NULL },
};
enum { LAUNCHERS = sizeof(launchers) / sizeof(launchers[0]) };

/*
 * Variables of jobs: @id, with "_" and @element behind it where there is an array of jobs. A batch system's first: that
 * is what its users know the job by.
 */
static const struct job_variables {
	const char *id, *element; /* @element NULL: it has none, or @id says it */
} job_variables[] = {
	{ "SLURM_ARRAY_JOB_ID", "SLURM_ARRAY_TASK_ID" }, /* sbatch(1) */
	{ "SLURM_JOB_ID", NULL },
	{ "PBS_JOBID", NULL }, /* qsub(1B): 1234[7].server in an array */
	{ "LSB_JOBID",
	  "LSB_JOBINDEX" },	 /* LSF, Environment variables; the index is 0 without an array */
	{ "FLUX_JOB_ID", NULL }, /* flux-environment(7) */
	{ "PALS_APID", NULL },	 /* mpiexec(1) of HPE Cray */
	{ "PMIX_NAMESPACE", NULL }, /* of one mpirun, in Open MPI */
};

static void find_rank(const struct job_environment *environment, struct job_rank *ret)
{
	for (int i = 0; i < LAUNCHERS && ret->launcher == NULL; i++) {
		const struct launcher *launcher = &launchers[i];
		if (!variable_count(environment, launcher->rank, &ret->rank))
			continue;
		if (launcher->is_script != NULL && launcher->is_script(environment))
			continue;
		bool has_size = variable_count(environment, launcher->size, &ret->size);
		bool is_last =
			i + 1 == LAUNCHERS || strcmp(launchers[i + 1].rank, launcher->rank) != 0;
		if (!has_size && !is_last)
			continue;
		if (!has_size || ret->size <= ret->rank)
			ret->size = 0;
		ret->launcher = launcher->name;
	}
}

static struct error *find_job(const struct job_environment *environment, char **ret)
{
	static const size_t count = sizeof(job_variables) / sizeof(job_variables[0]);
	uint64_t number;

	for (size_t i = 0; i < count; i++) {
		const struct job_variables *job = &job_variables[i];
		const char *id = variable(environment, job->id);
		const char *element = variable(environment, job->element);
		if (id == NULL)
			continue;
		bool has_element = element != NULL && quantity_parse_whole(element, &number) &&
				   (number > 0 || i == 0);
		if (asprintf(ret, "%s%s%s", id, has_element ? "_" : "",
			     has_element ? element : "") >= 0)
			return NULL;
		*ret = NULL;
		return error_no_memory();
	}
	return NULL;
}

static struct error *find_node(const struct job_environment *environment, char **ret)
{
	char host[256] = "";
	const char *node = variable(environment, "SLURMD_NODENAME"); /* srun(1) */

	if (node == NULL && gethostname(host, sizeof(host) - 1) < 0)
		return error_os(errno, "the name of this host");
	*ret = strdup(node != NULL ? node : host);
	return *ret == NULL ? error_no_memory() : NULL;
}

struct error *job_rank_find(const struct job_environment *environment, struct job_rank *ret)
{
	*ret = (struct job_rank){ 0 };
	find_rank(environment, ret);
	struct error *err = find_job(environment, &ret->job);
	if (err == NULL)
		err = find_node(environment, &ret->node);
	if (err != NULL)
		job_rank_deinit(ret);
	return err;
}

void job_rank_deinit(struct job_rank *rank)
{
	free(rank->job);
	free(rank->node);
	rank->job = NULL;
	rank->node = NULL;
}

bool job_rank_is_same(const struct job_rank *a, const struct job_rank *b)
{
	return (a->launcher == NULL) == (b->launcher == NULL) &&
	       (a->launcher == NULL || a->rank == b->rank) &&
	       (a->job == NULL) == (b->job == NULL) &&
	       (a->job == NULL || strcmp(a->job, b->job) == 0);
}

bool job_rank_has_others(const struct job_rank *rank)
{
	return rank->launcher != NULL && rank->size != 1;
}
