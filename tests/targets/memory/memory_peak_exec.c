/* The peak is in the image before an exec; the image after it stays small. */
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

static const size_t BYTES = (size_t)120 * 1024 * 1024;

static void peaks(void)
{
	char *memory =
		mmap(NULL, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	memset(memory, 1, BYTES);
	munmap(memory, BYTES);
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		say("small");
		return 0;
	}
	expect("calls peaks 1");
	expect("peak 120 124");
	expect("execs 1");
	peaks();
	execl("/proc/self/exe", "memory_peak_exec", "small", (char *)NULL);
	return 1;
}
