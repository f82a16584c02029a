/* Calls that are made again; see retry.h. Base layer. */
#include "tracer/base/retry.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

enum {
	TRIES_MAX = 12,
	TRIES_AT_ONCE = 3,
	RESERVED = 4, /* a file whose code is read, a folder of /proc, a file in it, and one more */
};

/* Descriptors of nothing; 0: none, which is never one of ours. */
static int reserve[RESERVED];

bool retry_is_due(int errnum, unsigned *tries)
{
	static const struct timespec pause = { 0, 1000000 };

	switch (errnum) {
	case EINTR:
	case EAGAIN:
	case ENOMEM:
	case EMFILE:
	case ENFILE:
	case EIO:
		break;
	default:
		return false;
	}
	if (++*tries > TRIES_MAX)
		return false;
	if (*tries > TRIES_AT_ONCE)
		nanosleep(&pause, NULL);
	return true;
}

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
