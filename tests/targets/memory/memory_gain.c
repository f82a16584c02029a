/* 64 MiB are touched in one probed function and given back in another. */
#include <stdlib.h>
#include <string.h>

#include "expect.h"

static const size_t MIB = 1024 * 1024;

static char *grows(size_t mib)
{
	char *memory = malloc(mib * MIB);
	memset(memory, 1, mib * MIB);
	return memory;
}

static void shrinks(char *memory)
{
	free(memory);
}

int main(void)
{
	expect("calls grows 3");
	expect("calls shrinks 3");
	expect("gain grows 63 66");
	expect("gain shrinks -66 -63");
	expect("held grows 0.5 12");
	expect("held shrinks 64 76");
	expect("peak 65 76");
	long sum = 0;
	for (int i = 0; i < 3; i++) {
		char *memory = grows(64);
		sum += memory[i * 1000];
		shrinks(memory);
	}
	say("sum %ld", sum);
	return 0;
}
