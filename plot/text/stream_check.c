/* Errors of a stream; see stream_check.h. Plot layer. */
#include "plot/text/stream_check.h"

#include <errno.h>

struct error *stream_check(FILE *out, const char *name)
{
	errno = 0;
	if (fflush(out) != 0)
		return error_os(errno, "cannot write %s", name);
	if (ferror(out) != 0)
		return error_new(ERR_FAILED, "cannot write all of %s", name);
	return NULL;
}
