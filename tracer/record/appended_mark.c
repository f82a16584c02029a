/* A mark in the file of another process's recording; see appended_mark.h. Record layer. */
#include "tracer/record/appended_mark.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tracer/record/record_line.h"

struct error *mark_append(const char *path, const struct appended_mark *mark)
{
	struct line_writer *out = malloc(sizeof(*out));
	struct clock_base clock;

	if (out == NULL)
		return error_no_memory();
	int fd = open(path, O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		free(out);
		return error_os(errno, "cannot write to it");
	}
	clock_base_init(&clock);
	line_writer_init(out, fd);
	record_line_write(out, &clock, PROFILE_MARK,
			  (const union record_value[]){
				  { .text = mark->name },
				  { (int64_t)mark->bytes },
				  { mark->time_ns },
				  { mark->pid },
				  { mark->pid },
				  { mark->is_held },
			  },
			  profile_record_fields(&profile_records[PROFILE_MARK]));
	line_writer_flush(out);
	int errnum = out->errnum;
	if (close(fd) < 0 && errnum == 0)
		errnum = errno;
	free(out);
	return errnum == 0 ? NULL : error_os(errnum, "cannot write to it");
}
