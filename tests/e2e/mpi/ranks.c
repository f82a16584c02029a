/*
 * A parallel program for tests/lib/mpi_ranks.sh, which compiles it: ranks.c [status|abort|hang].
 *
 * Each rank calls work STEPS times, and leaf within it so often that its sites become jumps; they exchange messages that
 * go through shared memory, and share a window. Rank R gains R + 1 MiB in grow.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STEPS = 10, LEAVES = 1000, MESSAGE_BYTES = 1 << 20 };

#ifdef WRAPS_INIT /* as tools do */
int MPI_Init(int *argc, char ***argv)
{
	return PMPI_Init(argc, argv);
}
#endif

__attribute__((noipa)) static long leaf(long x)
{
	return x * 3 + 1;
}

__attribute__((noipa)) static long work(long from)
{
	long sum = 0;

	for (long i = 0; i < LEAVES; i++)
		sum += leaf(from + i);
	return sum;
}

__attribute__((noipa)) static char *grow(size_t bytes)
{
	char *memory = malloc(bytes);

	if (memory == NULL)
		abort();
	return memset(memory, 1, bytes);
}

/* Around the ring of ranks. */
static int pass_on(int rank, int size)
{
	char *mine = grow(MESSAGE_BYTES), *got = grow(MESSAGE_BYTES);

	memset(mine, rank, MESSAGE_BYTES);
	MPI_Sendrecv(mine, MESSAGE_BYTES, MPI_CHAR, (rank + 1) % size, 0, got, MESSAGE_BYTES,
		     MPI_CHAR, (rank + size - 1) % size, 0, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
	int from = got[MESSAGE_BYTES - 1];
	free(mine);
	free(got);
	return from;
}

static long share(long value)
{
	MPI_Comm node;
	MPI_Win window;
	long *memory;

	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
	MPI_Win_allocate_shared(sizeof(*memory), 1, MPI_INFO_NULL, node, &memory, &window);
	*memory = value;
	MPI_Win_fence(0, window);
	value = *memory;
	MPI_Win_free(&window);
	return value;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	long sum = 0, all = 0;
	int rank, size;

	work(0); /* before MPI_Init: not with --mpi */
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	for (int i = 0; i < STEPS; i++)
		sum += work(i + rank);
	MPI_Allreduce(&sum, &all, 1, MPI_LONG, MPI_SUM, MPI_COMM_WORLD);
	char *kept = grow((size_t)(rank + 1) << 20);
	printf("rank %d of %d: %ld %ld %d %d pid %d\n", rank, size, all, share(rank),
	       pass_on(rank, size), kept[0], strcmp(how, "hang") == 0 ? getpid() : 0);
	fflush(stdout);
	if (strcmp(how, "abort") == 0 && rank == 1)
		MPI_Abort(MPI_COMM_WORLD, 7);
	while (strcmp(how, "hang") == 0 || strcmp(how, "abort") == 0)
		sleep(1);
	MPI_Finalize();
	free(kept);
	return strcmp(how, "status") == 0 ? 3 : 0;
}
