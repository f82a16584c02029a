/* A short run whose peak of 200 MiB comes and goes between two ticks. */
#include <sys/mman.h>

#include "expect.h"

static const size_t BYTES = (size_t)200 * 1024 * 1024;

static void peaks(void)
{
	char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	munmap(memory, BYTES);
}

int main(void)
{
	expect("calls peaks 1");
	expect("gain peaks -1 1");
	expect("peak 200 202");
	peaks();
	return 0;
}
