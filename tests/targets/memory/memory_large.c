/*
 * A quarter of a gigabyte in small pages, and a function that is called while it is there. With FIFO it is
 * there until that has been closed by all who write to it. usage: memory_large [FIFO]
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "expect.h"

static const size_t BYTES = (size_t)256 * 1024 * 1024;
static volatile long sum;

static void leaf(void)
{
	sum++;
}

static char *fills(void)
{
	char *memory = mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (memory == MAP_FAILED)
		return NULL;
	madvise(memory, BYTES, MADV_NOHUGEPAGE);
	memset(memory, 1, BYTES);
	return memory;
}

int main(int argc, char **argv)
{
	const struct timespec moment = { 0, 100000 };

	expect("calls leaf 1000");
	expect("calls fills 1");
	expect("gain fills 255 264");
	if (fills() == NULL) {
		say("no memory");
		return 77;
	}
	for (int i = 0; i < 1000; i++) {
		leaf();
		nanosleep(&moment, NULL);
	}
	char byte;
	int fifo = argc > 1 ? open(argv[1], O_RDONLY | O_NONBLOCK) : -1; /* also when it is closed already */
	fcntl(fifo, F_SETFL, 0);
	while (fifo >= 0 && read(fifo, &byte, 1) > 0)
		continue;
	say("sum %ld", sum);
	return 0;
}
