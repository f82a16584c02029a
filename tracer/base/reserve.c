/* Descriptors kept for short looks; see reserve.h. Base layer. */
#include "tracer/base/reserve.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <unistd.h>

#include "tracer/base/retry.h"

/* A file whose code is read, a folder of /proc, a file in it, and one more. */
enum { RESERVED = 4 };

/* Descriptors of nothing; 0: none, which is never one of ours. */
static int reserve[RESERVED];

static bool reserve_give_one(void)
{
	for (size_t i = 0; i < RESERVED; i++) {
		if (reserve[i] > 0) {
			close(reserve[i]);
			reserve[i] = 0;
			return true;
		}
	}
	return false;
}

bool retry_from_reserve(int errnum, unsigned *tries)
{
	bool is_short = errnum == EMFILE || errnum == ENFILE;

	return (is_short && reserve_give_one()) || retry_is_due(errnum, tries);
}

void reserve_release(void)
{
	while (reserve_give_one())
		;
}

void reserve_fill(void)
{
	for (size_t i = 0; i < RESERVED; i++) {
		if (reserve[i] > 0)
			continue;
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			return;
		reserve[i] = fd;
	}
}
