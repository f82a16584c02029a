/* ranks: 31 blocks of numbers are shared out, and summed up by all ranks. */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

enum { BLOCKS = 31, NUMBERS = 1 << 18 };

static double *load(long count)
{
	double *numbers = malloc(count * sizeof(*numbers));
	for (long i = 0; i < count; i++)
		numbers[i] = 1;
	return numbers;
}

static double add(const double *numbers, long count)
{
	double sum = 0;
	for (int turn = 0; turn < 20; turn++)
		for (long i = 0; i < count; i++)
			sum += numbers[i];
	return sum;
}

int main(int argc, char **argv)
{
	int rank, ranks;
	MPI_Init(&argc, &argv);
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &ranks);
	int blocks = BLOCKS / ranks;
	if (rank == ranks - 1)
		blocks += BLOCKS % ranks;
	long count = (long)blocks * NUMBERS;
	double *numbers = load(count), mine = add(numbers, count), all;
	MPI_Allreduce(&mine, &all, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
	if (rank == 0)
		printf("%.0f\n", all);
	free(numbers);
	MPI_Finalize();
	return 0;
}
