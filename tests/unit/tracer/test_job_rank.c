/*
 * Unit tests of tracer/job/job_rank: which rank the variables of a launcher say, whichever others stand beside them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "tracer/job/job_rank.h"

enum { VARIABLES_MOST = 8 };

static const struct rank_case {
	const char *variables[VARIABLES_MOST + 1]; /* NAME=VALUE */
	const char *launcher;			   /* NULL: none */
	uint64_t rank, size;
	const char *job, *node; /* NULL: none; this host */
} cases[] = {
	{ { NULL }, NULL, 0, 0, NULL, NULL },
	{ { "OMPI_COMM_WORLD_RANK=3", "OMPI_COMM_WORLD_SIZE=8", "PMIX_RANK=3",
	    "PMIX_NAMESPACE=77@1" },
	  "Open MPI",
	  3,
	  8,
	  "77@1",
	  NULL },
	{ { "PMI_RANK=7", "PMI_SIZE=8", "MPI_LOCALRANKID=7" }, "PMI", 7, 8, NULL, NULL },
	{ { "MV2_COMM_WORLD_RANK=1", "MV2_COMM_WORLD_SIZE=2" }, "MVAPICH2", 1, 2, NULL, NULL },
	{ { "PMIX_RANK=5", "PMIX_NAMESPACE=ns" }, "PMIx", 5, 0, "ns", NULL },
	{ { "FLUX_TASK_RANK=1", "FLUX_JOB_SIZE=4", "FLUX_JOB_ID=f23kq" },
	  "Flux",
	  1,
	  4,
	  "f23kq",
	  NULL },
	{ { "JSM_NAMESPACE_RANK=2", "JSM_NAMESPACE_SIZE=6", "LSB_JOBID=12", "LSB_JOBINDEX=0" },
	  "jsrun",
	  2,
	  6,
	  "12",
	  NULL },
	{ { "PALS_RANKID=2", "PALS_SIZE=6", "PBS_JOBID=991[4].head", "PALS_APID=x" },
	  "PALS",
	  2,
	  6,
	  "991[4].head",
	  NULL },
	{ { "LSB_JOBID=12", "LSB_JOBINDEX=3" }, NULL, 0, 0, "12_3", NULL },
	/* srun, with what sbatch has left. */
	{ { "ENVIRONMENT=BATCH", "SLURM_PROCID=6", "SLURM_STEP_ID=0", "SLURM_STEP_NUM_TASKS=8",
	    "SLURM_NTASKS=16", "SLURM_JOB_ID=1201", "SLURMD_NODENAME=node017" },
	  "Slurm",
	  6,
	  8,
	  "1201",
	  "node017" },
	{ { "SLURM_PROCID=6", "SLURM_NTASKS=8", "SLURM_JOB_ID=1207", "SLURM_ARRAY_JOB_ID=1200",
	    "SLURM_ARRAY_TASK_ID=0" },
	  "Slurm",
	  6,
	  8,
	  "1200_0",
	  NULL },
	{ { "SLURM_PROCID=6" }, "Slurm", 6, 0, NULL, NULL },
	/* The script of sbatch itself is none of the ranks; what mpirun starts in it is, by mpirun's word. */
	{ { "ENVIRONMENT=BATCH", "SLURM_PROCID=0", "SLURM_NTASKS=8", "SLURM_JOB_ID=1201" },
	  NULL,
	  0,
	  0,
	  "1201",
	  NULL },
	{ { "ENVIRONMENT=BATCH", "SLURM_PROCID=0", "SLURM_NTASKS=8", "SLURM_JOB_ID=1201",
	    "OMPI_COMM_WORLD_RANK=5", "OMPI_COMM_WORLD_SIZE=8", "PMIX_NAMESPACE=77" },
	  "Open MPI",
	  5,
	  8,
	  "1201",
	  NULL },
	/* PBS: its script, and what pbsdsh starts on the same node and on another. */
	{ { "PBS_JOBID=9.head", "PBS_VNODENUM=0", "PBS_TASKNUM=1", "PBS_NP=4" },
	  NULL,
	  0,
	  0,
	  "9.head",
	  NULL },
	{ { "PBS_JOBID=9.head", "PBS_VNODENUM=0", "PBS_TASKNUM=2", "PBS_NP=4" },
	  "pbsdsh",
	  0,
	  4,
	  "9.head",
	  NULL },
	{ { "PBS_JOBID=9.head", "PBS_VNODENUM=3", "PBS_TASKNUM=1", "PBS_NP=4" },
	  "pbsdsh",
	  3,
	  4,
	  "9.head",
	  NULL },
	{ { "PBS_JOBID=9.head", "PBS_VNODENUM=0", "PBS_TASKNUM=1", "PMI_RANK=2", "PMI_SIZE=3" },
	  "PMI",
	  2,
	  3,
	  "9.head",
	  NULL },
	/* What is no number, or cannot be, is not there. */
	{ { "OMPI_COMM_WORLD_RANK=one", "PMI_RANK=", "SLURM_PROCID=-1" }, NULL, 0, 0, NULL, NULL },
	{ { "PMI_RANK=8", "PMI_SIZE=8" }, "PMI", 8, 0, NULL, NULL },
	{ { "PMI_RANK=8", "PMI_SIZE=x" }, "PMI", 8, 0, NULL, NULL },
};

/* @environment: NULL is our own. */
static void check_rank(const struct rank_case *wanted, const struct job_environment *environment)
{
	struct job_rank rank;
	char host[256] = "";

	assert_int_equal(gethostname(host, sizeof(host) - 1), 0);
	assert_null(job_rank_find(environment, &rank));
	if (wanted->launcher == NULL) {
		assert_null(rank.launcher);
	} else {
		assert_string_equal(rank.launcher, wanted->launcher);
		assert_int_equal(rank.rank, wanted->rank);
		assert_int_equal(rank.size, wanted->size);
	}
	if (wanted->job == NULL)
		assert_null(rank.job);
	else
		assert_string_equal(rank.job, wanted->job);
	assert_string_equal(rank.node, wanted->node != NULL ? wanted->node : host);
	job_rank_deinit(&rank);
}

static void check_case(const struct rank_case *wanted)
{
	char text[1024] = "MPROF=x";
	struct job_environment environment = { text, strlen(text) + 1 };

	clearenv();
	for (int i = 0; wanted->variables[i] != NULL; i++)
		assert_int_equal(putenv((char *)wanted->variables[i]), 0);
	check_rank(wanted, NULL);
	clearenv();
	for (int i = 0; wanted->variables[i] != NULL; i++) {
		strcpy(text + environment.bytes, wanted->variables[i]);
		environment.bytes += strlen(wanted->variables[i]) + 1;
	}
	check_rank(wanted, &environment);
}

static void test_launchers(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(&cases[i]);
}

/* Another's environment may be anything: the program can write there. */
static void test_damaged(void **state)
{
	(void)state;
	static const struct rank_case none = { { NULL }, NULL, 0, 0, NULL, NULL };
	static const char cut[] = "PMI_SIZE=4\0PMI_RANK=1";
	static const char other[] = "\0\0=PMI_RANK=1\0XPMI_RANK=1\0PMI_RANKS=2\0PMI_RANK\0";

	setenv("PMI_RANK", "1", 1); /* ours, which is not asked for */
	check_rank(&none, &(struct job_environment){ cut, sizeof(cut) - 1 });
	check_rank(&none, &(struct job_environment){ other, sizeof(other) });
	check_rank(&none, &(struct job_environment){ "", 0 });
	unsetenv("PMI_RANK");
}

static void test_same(void **state)
{
	(void)state;
	struct job_rank none = { 0 }, zero = { .launcher = "x" },
			one = { .launcher = "x", .rank = 1 };
	struct job_rank other = { .launcher = "x", .job = (char *)"7" };

	assert_true(job_rank_is_same(&none, &none) && job_rank_is_same(&one, &one));
	assert_true(job_rank_is_same(&other, &other));
	assert_false(job_rank_is_same(&none, &zero) || job_rank_is_same(&zero, &one));
	assert_false(job_rank_is_same(&zero, &other));
}

static void test_others(void **state)
{
	(void)state;
	assert_false(job_rank_has_others(&(struct job_rank){ .size = 8 }));
	assert_false(job_rank_has_others(&(struct job_rank){ .launcher = "x", .size = 1 }));
	assert_true(job_rank_has_others(&(struct job_rank){ .launcher = "x", .size = 2 }));
	assert_true(job_rank_has_others(&(struct job_rank){ .launcher = "x", .rank = 3 }));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_launchers),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_same),
		cmocka_unit_test(test_others),
	};

	return cmocka_run_group_tests_name("job_rank", tests, NULL, NULL);
}
