/*
 * A program that replaces a probed function's code, which was hot, by a jump: that stays as it is, also in a child
 * that is let go.
 */
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "expect.h"

enum { HOT_CALLS = 1000 };

static long newer(long x)
{
	return x + 100;
}

static long older(long x)
{
	return x + 1;
}

static int patch(void)
{
	enum { PAGE_BYTES = 4096 };
	unsigned char jump[5] = { 0xe9 };
	char *page = (char *)((uintptr_t)older & ~(uintptr_t)(PAGE_BYTES - 1));
	int32_t distance = (int32_t)((intptr_t)newer - (intptr_t)older - (intptr_t)sizeof(jump));

	if (mprotect(page, 2 * PAGE_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
		return 0;
	memcpy(jump + 1, &distance, sizeof(distance));
	memcpy((void *)(uintptr_t)older, jump, sizeof(jump));
	return mprotect(page, 2 * PAGE_BYTES, PROT_READ | PROT_EXEC) == 0;
}

int main(void)
{
	long (*volatile function)(long) = older;
	int status;
	expect("calls older %d", HOT_CALLS);
	expect("processes 2");
	long x = 0;
	for (int i = 0; i < HOT_CALLS; i++)
		x = function(i);
	if (!patch()) {
		say("code may not be made writable here");
		return 77;
	}
	say("then %ld, now %ld", x, function(1));
	if (fork() == 0) {
		say("in the child %ld", function(1));
		_exit(7);
	}
	wait(&status);
	say("status %d", status >> 8);
	return 0;
}
