/*
 * Code in memory that is shared, as compilers at run time have it (one mapping to write, another to
 * execute): calls from there are seen, and nothing is written where others would execute it.
 */
#include <string.h>
#include <sys/mman.h>

#include "expect.h"

static long leaf(long x)
{
	return x + 1;
}

/* sub $8,%rsp; call *%rsi; add $5,%rax; add $8,%rsp; ret */
static const unsigned char caller[] = { 0x48, 0x83, 0xec, 0x08, 0xff, 0xd6, 0x48, 0x83,
					0xc0, 0x05, 0x48, 0x83, 0xc4, 0x08, 0xc3 };

static void call_from(int protection)
{
	enum { AREA_BYTES = 4096, CALLER_AT = 64 };
	long sum = 0;
	int fd = memfd_create("code", 0);

	if (fd < 0 || ftruncate(fd, AREA_BYTES) != 0)
		return;
	unsigned char *write = mmap(NULL, AREA_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	unsigned char *execute = mmap(NULL, AREA_BYTES, protection, MAP_SHARED, fd, 0);
	memcpy(write + CALLER_AT, caller, sizeof(caller));
	long (*call)(long, long (*)(long)) = (long (*)(long, long (*)(long)))(void *)(execute + CALLER_AT);
	for (int i = 0; i < 10; i++)
		sum += call(i, leaf);
	say("sum %ld, code as written: %d", sum,
	    memcmp(write + CALLER_AT, caller, sizeof(caller)) == 0);
	close(fd);
}

int main(void)
{
	expect("calls leaf 20");
	expect("levels leaf 0 0");
	call_from(PROT_READ | PROT_EXEC);
	call_from(PROT_READ | PROT_WRITE | PROT_EXEC);
	return 0;
}
